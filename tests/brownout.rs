//! What the example `brownout` shows stays true: which stacks let a service recover, and how much they add to its load.
#![cfg(all(feature = "std", feature = "testing"))]

#[path = "../examples/brownout/model.rs"]
mod model;
#[path = "../examples/brownout/stacks.rs"]
mod stacks;

use model::{Figures, play};

/// Of several runs, by the name of the stack.
#[track_caller]
fn figures(name: &str) -> Vec<Figures> {
    let (_, stack) = stacks::ALL.iter().find(|(of, _)| *of == name).expect("there is one of that name");
    let figures: Vec<_> = play(3, stack).iter().map(Figures::of).collect();
    for Figures { amplification, before, meanwhile, after, recovered } in &figures {
        println!(
            "{name}: {amplification:.2} calls a request, {before:.2} {meanwhile:.2} {after:.2}, {recovered:?}"
        );
        assert!(*before > 0.99, "all goes well before");
    }
    figures
}

#[test]
fn a_budget_and_a_breaker_keep_a_service_from_being_called_more_than_a_fifth_more_often() {
    for run in figures(stacks::BOTH) {
        assert!(run.amplification <= 1.2 && run.after > 0.95 && run.recovered <= Some(5));
        assert!(run.meanwhile > 0.1, "the breaker lets through what the service can do");
    }
}

#[test]
fn a_budget_alone_keeps_a_service_from_being_called_more_than_a_fifth_more_often() {
    for name in ["... and a budget", "hedge and a budget"] {
        for run in figures(name) {
            assert!(run.amplification <= 1.2 && run.recovered <= Some(10));
        }
    }
}

#[test]
fn retries_without_either_never_let_it_recover() {
    for name in ["retry at once", "retry, full jitter"] {
        for run in figures(name) {
            assert!(run.amplification > 2.5 && run.recovered.is_none());
        }
    }
}
