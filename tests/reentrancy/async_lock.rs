//! The rows of async-lock, as they are. What `sync` says of the three that it re-exports is what is found here.
//!
//! A cell that hangs cannot be ended, and one that panics while it panics ends its process. So each has a process of its own, all of them
//! at the same time.

use super::*;
use cell::Found;
use columns::Column;
use std::process::{Child, Command, Stdio};

/// Cell by cell: what uses, polls or drops anything of theirs within a waker's clone, wake or drop mostly hangs. What *breaks* panics,
/// ends the process or forgets to wake.
const AS_THEY_ARE: [(&str, &str); 4] = [
    (
        "async-lock, Mutex",
        "hangs hangs hangs hangs ok hangs | hangs hangs hangs hangs | breaks ok ok ok hangs breaks | ok",
    ),
    (
        "async-lock, RwLock::read",
        "hangs ok hangs hangs ok ok | hangs hangs hangs hangs | breaks ok ok ok hangs breaks | ok",
    ),
    (
        "async-lock, RwLock::write",
        "hangs hangs hangs hangs ok hangs | hangs hangs hangs hangs | breaks ok ok ok hangs breaks | ok",
    ),
    (
        "async-lock, OnceCell",
        "hangs ok hangs hangs ok ok | hangs hangs hangs hangs | breaks breaks breaks ok hangs breaks | ok",
    ),
];

/// Set in the process that runs one cell: the row and the number of the column.
const CELL: &str = "UNTETHER_TEST_CELL";

/// After which a cell that should hang is taken to do so.
const SHORT: Duration = Duration::from_millis(700);

fn row<S: Scene>() -> (&'static str, [Column; 17]) {
    (S::NAME, columns::<S>())
}

fn rows() -> [(&'static str, [Column; 17]); 4] {
    [row::<scenes::OfMutex>(), row::<scenes::OfRead>(), row::<scenes::OfWrite>(), row::<scenes::OfOnceCell>()]
}

fn expected(row: &str) -> Vec<&'static str> {
    let (_, words) = AS_THEY_ARE.iter().find(|(name, _)| *name == row).unwrap();
    words.split_whitespace().filter(|word| *word != "|").collect()
}

/// Whether a cell is as it was expected to be. The counts that a panic leaves wrong are looked at in debug builds alone.
fn is_as(expected: &str, found: &Found) -> bool {
    match expected {
        "ok" => *found == Found::Ok,
        "hangs" => *found == Found::Hangs,
        _ => matches!(found, Found::Panics(_) | Found::Aborts) || !cfg!(debug_assertions),
    }
}

#[test]
fn each_cell_of_async_lock_is_as_it_is_known_to_be() {
    if let Ok(name) = std::env::var(CELL) {
        return run_one(&name);
    }
    let processes = rows().map(|(row, columns)| {
        let cells = (0..columns.len()).map(|number| Process::of(&format!("{row}/{number}")));
        (row, cells.collect::<Vec<_>>())
    });
    let mut table = Table::of(columns::<scenes::OfMutex>().map(|column| column.name));
    let mut changed = Vec::new();
    for (row, cells) in processes {
        let cells: Vec<Found> = cells.into_iter().map(Process::found).collect();
        let numbered = (1..).zip(expected(row).into_iter().zip(&cells));
        let others = numbered.filter(|(_, (expected, found))| !is_as(expected, found));
        changed
            .extend(others.map(|(number, (expected, _))| format!("{row}, {number}: {expected} until now")));
        table.add(row, cells.into_iter().map(Some));
    }
    println!("{table}");
    assert!(
        changed.is_empty(),
        "not as it was, so the documentation of `sync` may have to change: {changed:#?}"
    );
}

/// Runs the cell that the process is there for, and ends the process, with a thread that hangs if need be.
fn run_one(name: &str) {
    let (row, number) = name.split_once('/').unwrap();
    let number: usize = number.parse().unwrap();
    let (_, columns) = rows().into_iter().find(|(name, _)| *name == row).unwrap();
    let patience = if expected(row)[number] == "hangs" { SHORT } else { PATIENCE };
    println!("found: {}", cell::run(columns[number].cell.unwrap(), patience).to_line());
    std::process::exit(0);
}

/// A process that runs one cell, or one that could not say what it found.
struct Process(Child);

impl Process {
    fn of(cell: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args([
            "--exact",
            "async_lock::each_cell_of_async_lock_is_as_it_is_known_to_be",
            "--nocapture",
        ]);
        // To look for symbols takes longer than the cells.
        command.env(CELL, cell).env("RUST_BACKTRACE", "0");
        Self(command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn found(self) -> Found {
        let output = self.0.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        match said.split_once("found: ") {
            Some((_, line)) => Found::from_line(line.trim_end()),
            None => {
                assert!(!output.status.success(), "the process ran nothing: {said}");
                Found::Aborts
            }
        }
    }
}
