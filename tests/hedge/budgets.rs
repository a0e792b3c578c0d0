//! Who pays for extra attempts.

use super::*;

/// Remembers what was asked of it.
#[derive(Default)]
struct Books {
    allows: Cell<u32>,
    deposits: Cell<u32>,
    asked: Cell<u32>,
    refunds: Cell<u32>,
    succeeded: RefCell<Vec<bool>>,
}

fn count(of: &Cell<u32>) {
    of.set(of.get() + 1);
}

impl Budget for Books {
    fn deposit(&self) {
        count(&self.deposits);
    }

    fn try_withdraw(&self) -> Option<Withdrawal> {
        count(&self.asked);
        let left = self.allows.get().checked_sub(1)?;
        self.allows.set(left);
        Some(Withdrawal::new(0))
    }

    fn refund(&self, _: Withdrawal) {
        count(&self.refunds);
    }

    fn succeeded(&self, extra: bool) {
        self.succeeded.borrow_mut().push(extra);
    }
}

fn books(allows: u32) -> Books {
    Books { allows: Cell::new(allows), ..Books::default() }
}

fn hedge(books: &Books) -> Hedge<untether::fault::hedge::After, &Books> {
    Hedge::after(SECOND).extra(3).budget(books)
}

#[test]
fn the_first_is_deposited_each_extra_one_withdrawn_and_the_winner_told() {
    let (service, books) = (Service::default(), books(9));
    let (answer, _) = run(&service.clock, hedge(&books).run(service.takes(&[9, 9, 1]), &service.clock));
    assert_eq!((answer, books.deposits.get(), books.asked.get()), (Ok(3), 1, 2));
    assert_eq!((books.refunds.get(), books.succeeded.into_inner()), (0, vec![true]));
}

#[test]
fn an_answer_in_time_asks_the_budget_for_nothing() {
    for takes in [0, 1] {
        let (service, books) = (Service::default(), books(9));
        let (answer, _) = run(&service.clock, hedge(&books).run(service.takes(&[takes]), &service.clock));
        assert_eq!((answer, books.deposits.get(), books.asked.get()), (Ok(1), 1, 0));
        assert_eq!(books.succeeded.into_inner(), [false]);
    }
}

/// failsafe-go ended those that ran.
#[test]
fn a_budget_that_is_used_up_touches_none_of_those_that_run() {
    let (service, books) = (Service::default(), books(1));
    let (answer, took) = run(&service.clock, hedge(&books).run(service.takes(&[-9, 5]), &service.clock));
    assert_eq!((answer, took, service.calls.get()), (Ok(2), 6, 2));
    assert_eq!(books.asked.get(), 2, "it is not asked again in this run");
}

#[test]
fn a_run_without_any_budget_left_is_one_attempt() {
    let (service, books) = (Service::default(), books(0));
    let (answer, took) = run(&service.clock, hedge(&books).run(service.takes(&[9]), &service.clock));
    assert_eq!((answer, took, service.calls.get(), books.succeeded.into_inner()), (Ok(1), 9, 1, vec![false]));
}

#[test]
fn a_failure_is_no_success_for_the_budget() {
    let (service, books) = (Service::default(), books(9));
    let (answer, _) =
        run(&service.clock, hedge(&books).run(service.takes(&[-3, -3, -3, -3]), &service.clock));
    assert_eq!((answer, books.succeeded.into_inner()), (Err(4), vec![]));
}

#[test]
fn an_attempt_that_is_paid_for_and_not_made_is_given_back() {
    struct Panics;
    impl untether::observe::Observer for Panics {
        fn on(&self, _: &untether::observe::Event<'_>) {
            panic!("the log is full");
        }
    }
    let (service, books) = (Service::default(), books(9));
    let mut hedging = Probe::new(hedge(&books).observed(Panics).run(service.takes(&[9, 9]), &service.clock));
    hedging.assert_pending();
    service.clock.advance(SECOND);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| hedging.poll())).unwrap_err();
    drop(hedging);
    assert_eq!((service.calls.get(), books.asked.get(), books.refunds.get()), (1, 1, 1));
}

/// Loki's review: when everything is slow, everything is hedged.
#[test]
fn in_a_brown_out_no_more_extra_attempts_are_made_than_the_budget_has() {
    let clock = ManualClock::new();
    let budget = RateBudget::new(RateRules::new().ratio(0.1).reserve(0), clock.clone());
    let calls = Cell::new(0);
    let stuck = |_: Attempt| {
        calls.set(calls.get() + 1);
        pending::<Answer>()
    };
    let hedge = Hedge::after(SECOND).extra(3).budget(&budget);
    let mut all: Vec<_> = (0..1_000).map(|_| Probe::new(hedge.run(stuck, &clock))).collect();
    for _ in 0..4 {
        all.iter_mut().for_each(Probe::assert_pending);
        clock.advance(SECOND);
    }
    assert_eq!(calls.get(), 1_000 + 100);
}
