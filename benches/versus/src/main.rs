//! Every workload beside its peers: rows whose cases are measured in turn, round by round. Ratios are to the best peer.

mod chart;
mod peers;
mod place;
mod row;
mod rows;
mod table;

use std::fs;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const USAGE: &str = "versus [WORD]... [--markdown FILE] [--svg FILE]\n\
    Rows whose name contains every word; all of them without one. UNTETHER_ROUNDS: how often each is measured.";

#[derive(Default)]
struct Arguments {
    words: Vec<String>,
    markdown: Option<String>,
    svg: Option<String>,
}

fn arguments() -> Option<Arguments> {
    let mut given = std::env::args().skip(1);
    let mut arguments = Arguments::default();
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--markdown" => arguments.markdown = Some(given.next()?),
            "--svg" => arguments.svg = Some(given.next()?),
            option if option.starts_with('-') => return None,
            word => arguments.words.push(word.to_lowercase()),
        }
    }
    Some(arguments)
}

fn write(path: Option<String>, text: impl FnOnce() -> String) {
    if let Some(path) = path {
        fs::write(&path, text()).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

fn main() -> ExitCode {
    let Some(arguments) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::FAILURE;
    };
    let is_asked = |name: &str| arguments.words.iter().all(|word| name.to_lowercase().contains(word));
    let mut rows = rows::all();
    rows.retain(|row| is_asked(&row.name));
    if rows.is_empty() {
        eprintln!("no row has all of these words in its name");
        return ExitCode::FAILURE;
    }
    for row in &mut rows {
        row.measure();
        table::print(row);
    }
    write(arguments.markdown, || table::markdown(&rows));
    write(arguments.svg, || chart::svg(&rows));
    ExitCode::SUCCESS
}
