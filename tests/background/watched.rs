//! What the observer is told, by the name of the job.

use super::*;
use untether::retry::schedule::{Jitter, exponential};

#[test]
fn each_failure_is_told_by_the_name_of_its_job() {
    simulated(async |sim: Sim| {
        let told = Told::default();
        let (background, log) = (background(&sim).observed(told.clone()), Log::default());
        let fails = log.fails_while(|run| run < 3, Duration::ZERO, &sim);
        let slower = OnFailure::back_off(exponential(SECOND).jitter(Jitter::NONE));
        background.job("fails", 10 * SECOND, fails).now().on_error(slower).start().unwrap();
        let hangs = background.job("hangs", 10 * SECOND, std::future::pending::<()>).now().timeout(500 * MS);
        hangs.start().unwrap();
        until(&sim, 5_000).await;
        let lines = told.lines();
        let of = |name: &str| lines.iter().filter(|line| line.contains(name)).cloned().collect::<Vec<_>>();
        let fails = [
            "job_failed fails error=broken in_a_row=1 delay=1s",
            "job_failed fails error=broken in_a_row=2 delay=2s",
        ];
        assert_eq!(of("fails"), fails);
        assert_eq!(of("hangs"), ["job_timed_out hangs after=500ms in_a_row=1"]);
        assert_eq!(lines.len(), 3);
    });
}

#[test]
fn each_kind_of_event_stands_in_the_table_with_its_fields() {
    let table = include_str!("../../src/observe/event.rs");
    let fields = [
        ("job_failed", &["error", "in_a_row", "delay"][..]),
        ("job_timed_out", &["after", "in_a_row", "delay"]),
        ("job_panicked", &["message", "in_a_row", "delay"]),
        ("job_skipped", &["beats", "why"]),
        ("job_aborted", &[]),
        ("job_stopped", &["why"]),
    ];
    for (kind, fields) in fields {
        let row = table.lines().find(|line| line.starts_with(&format!("/// | `{kind}` |"))).unwrap();
        assert!(fields.iter().all(|field| row.contains(&format!("`{field}`"))), "{row}");
    }
}

/// A source of chance that nobody is to ask.
struct Untouched;

impl untether::time::Entropy for Untouched {
    fn next_u64(&self) -> u64 {
        panic!("nothing is left to chance")
    }
}

#[test]
fn a_job_that_leaves_nothing_to_chance_asks_for_none() {
    simulated(async |sim: Sim| {
        let background = background(&sim).entropy(Untouched);
        let job = background.start("job", SECOND, || async {}).unwrap();
        job.run_now().await.unwrap();
    });
}

/// Does not listen, and would panic if it were told.
struct Deaf;

impl Observer for Deaf {
    fn on(&self, _: &Event<'_>) {
        panic!("told all the same");
    }

    fn is_listening(&self) -> bool {
        false
    }
}

#[test]
fn who_does_not_listen_is_told_nothing() {
    simulated(async |sim: Sim| {
        let background = background(&sim).observed(Deaf);
        let job = background.start("job", SECOND, || async { Err::<(), _>("broken") }).unwrap();
        assert!(job.run_now().await.is_err());
    });
}
