//! Who is told what.

use super::*;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use untether::observe::{Event, Observer};
use untether::time::Seed;

#[test]
fn what_the_policies_do_is_told_by_the_name_of_what_is_called() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let bulkhead = Bulkhead::builder(1).queue(0).build();
        let limiter = RateLimiter::new(Quota::per(1, 2 * SECOND).burst(1), sim.clone());
        let env = Env::new(&sim).observed(&told).named("users");

        let calls = stack((every_second(2), Timeout::new(SECOND))).on(env);
        let _ = calls.run(never).await;
        let retried = ["users: attempt 1 failed: operation timed out after 1s; retrying in 1.00s"];
        let expected = [&["timeout users after=1s"][..], &retried, &["timeout users after=1s"]].concat();
        assert_eq!(lines.take(), expected);

        let held = bulkhead.try_acquire();
        let _ = stack((&bulkhead,)).on(env).run(fails(0)).await;
        let rejecting = stack((Reject(&limiter),)).on(env);
        let _ = rejecting.run(fails(0)).await;
        let _ = rejecting.run(fails(0)).await;
        drop(held);
        assert_eq!(
            lines.take(),
            [
                "refused users by=bulkhead why=full",
                "refused users by=rate limiter why=too many retry_after=2s"
            ]
        );
    });
}

/// The table of all events, as its documentation has it: of each kind its fields.
fn table() -> Vec<(&'static str, &'static str)> {
    let rows =
        include_str!("../../src/observe/event.rs").lines().filter_map(|line| line.strip_prefix("/// | `"));
    let rows = rows.filter_map(|row| Some((row.split_once('`')?.0, row.rsplit('|').nth(1)?)));
    rows.collect()
}

/// Holds what it is told to the table.
#[derive(Clone, Copy)]
struct ByTheTable<'a>(&'a RefCell<BTreeSet<&'static str>>);

impl Observer for ByTheTable<'_> {
    fn on(&self, event: &Event<'_>) {
        let row = table().into_iter().find(|row| row.0 == event.kind());
        let (_, fields) = row.unwrap_or_else(|| panic!("no row for {event}"));
        for (key, _) in event.fields() {
            assert!(
                fields.contains(&format!("`{key}`")),
                "`{}` has no field `{key}`: {fields}",
                event.kind()
            );
        }
        assert_eq!(event.name(), Some("users"), "{event}");
        self.0.borrow_mut().insert(event.kind());
    }
}

#[test]
fn each_event_of_a_stack_is_named_and_stands_in_the_table_with_its_fields() {
    on_sim(async |sim| {
        let told = RefCell::new(BTreeSet::new());
        let env = Env::new(&sim).observed(ByTheTable(&told)).entropy(&sim).named("users");
        let breaker = opens_after(2, &sim);
        let slow = Hedge::after(SECOND);
        let calls = stack((Fallback::value(7), every_second(3), &breaker, slow, Timeout::new(3 * SECOND)));
        assert_eq!(calls.on(env).run(never).await.unwrap(), 7);
        let all = ["breaker", "fallback", "hedge", "hedged", "refused", "retry", "timeout"];
        assert_eq!(told.take(), BTreeSet::from(all));
    });
}

/// Of the whole crate: what can be told is told somewhere in its source.
#[test]
fn each_kind_of_event_has_its_row_in_the_one_table() {
    fn below(folder: &Path, kinds: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                below(&path, kinds);
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let code = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let told = code.filter_map(|line| line.split_once("Event::new(\"")?.1.split_once('"'));
            kinds.extend(told.map(|(kind, _)| kind.to_owned()));
        }
    }
    let mut kinds = BTreeSet::new();
    below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut kinds);
    assert!(kinds.len() > 8, "{kinds:?}");
    assert_eq!(kinds, table().into_iter().map(|row| row.0.to_owned()).collect());
}

#[test]
fn what_has_a_name_of_its_own_keeps_it() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let env = Env::new(&sim).observed(&told).named("users");
        let error = stack((Timeout::new(SECOND).named("report"),)).on(env).run(never).await.unwrap_err();
        assert_eq!(error.to_string(), "report: timed out after 1s");
        env.observer().on(&Event::new("found").named("ada"));
        env.observer().on(&Event::new("found"));
        assert_eq!(lines.take(), ["timeout report after=1s", "found ada", "found users"]);
    });
}

#[test]
fn the_surroundings_may_be_said_in_any_order() {
    on_sim(async |sim| {
        let lines = RefCell::new(Vec::new());
        let told = Lines::new(|line: &str| lines.borrow_mut().push(line.to_owned()));
        let env = Env::new(&sim).named("users").observed(&told).entropy(&sim);
        assert_eq!(env.timer().now(), sim.now());
        let other = Env::new(&sim).entropy(&sim).named("users").observed(&told);
        for env in [env, other] {
            assert!(stack((Timeout::new(SECOND),)).on(env).run(never).await.is_err());
            assert_eq!(lines.take(), ["timeout users after=1s"]);
        }
    });
}

/// Where jitter comes from is said once: two who are given the same have the same.
#[test]
fn a_retry_takes_its_jitter_from_the_surroundings() {
    let wait_of = |seed: u64| {
        let (clock, seed, waits) = (ManualClock::new(), Seed::new(seed), Cell::new(Duration::ZERO));
        let retry = Retry::new(constant(SECOND).jitter(Jitter::FULL));
        let retry =
            retry.on_retry(|failed: &retry::Failed<'_, Error<&'static str>>| waits.set(failed.delay()));
        let calls = stack((retry,)).on(Env::new(&clock).entropy(&seed));
        Probe::new(calls.run(fails(9))).assert_pending();
        waits.get()
    };
    let waits: BTreeSet<_> = (0..9).map(wait_of).collect();
    assert!(waits.len() > 8, "{waits:?}");
    assert!(waits.into_iter().eq((0..9).map(wait_of).collect::<BTreeSet<_>>()));
}
