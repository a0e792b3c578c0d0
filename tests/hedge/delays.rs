//! When another attempt begins.

use super::*;

#[test]
fn each_attempt_has_a_delay_of_its_own() {
    let service = Service::default();
    let hedge = Hedge::by(|attempt: Attempt| attempt.number() * SECOND).extra(3);
    let mut begun = Vec::new();
    let mut hedging = Probe::new(hedge.run(service.takes(&[99, 99, 99, 99]), &service.clock));
    for second in 0..12 {
        hedging.assert_pending();
        if service.calls.get() as usize > begun.len() {
            begun.push(second);
        }
        service.clock.advance(SECOND);
    }
    // Two after the first, three after the second, four after the third.
    assert_eq!(begun, [0, 2, 5, 9]);
}

#[test]
fn no_delay_is_no_further_attempt() {
    let service = Service::default();
    let asked = RefCell::new(Vec::new());
    let hedge = Hedge::by(|attempt: Attempt| {
        asked.borrow_mut().push(attempt.number());
        (attempt.number() < 3).then_some(SECOND)
    });
    let (answer, took) = run(&service.clock, hedge.extra(3).run(service.takes(&[9, 9]), &service.clock));
    assert_eq!((answer, took, service.calls.get()), (Ok(1), 9, 2));
    assert_eq!(*asked.borrow(), [2, 3], "and it is asked once for each");
}

#[test]
fn the_delay_counts_from_the_first_pending_poll_and_not_from_before() {
    let service = Service::default();
    let mut hedging = Probe::new(Hedge::after(2 * SECOND).run(service.takes(&[99, 99]), &service.clock));
    service.clock.advance(60 * SECOND);
    hedging.assert_pending();
    service.clock.advance(SECOND);
    hedging.assert_pending();
    assert_eq!(service.calls.get(), 1);
    service.clock.advance(SECOND);
    hedging.assert_pending();
    assert_eq!(service.calls.get(), 2);
}

/// Its sleeps end at once, and its clock goes backwards.
#[test]
fn a_clock_that_steps_back_neither_panics_nor_wedges() {
    struct Back(Cell<u64>);
    impl Clock for Back {
        fn now(&self) -> Instant {
            self.0.set(self.0.get() / 2);
            Instant::from_nanos(self.0.get())
        }
    }
    impl Timer for Back {
        type Sleep = Ready<()>;

        fn sleep_until(&self, _: Instant) -> Self::Sleep {
            ready(())
        }
    }
    let told = RefCell::new(Vec::new());
    let observer = untether::observe::Lines::new(|line: &str| told.borrow_mut().push(line.to_string()));
    let backup =
        |attempt: Attempt| async move { if attempt.number() < 4 { pending().await } else { Ok::<_, ()>(4) } };
    let hedge = Hedge::after(SECOND).extra(3).observed(observer);
    assert_eq!(Probe::new(hedge.run(backup, Back(Cell::new(u64::MAX / 2)))).assert_ready(), Ok(4));
    assert_eq!(told.borrow().last().unwrap(), "attempt 4 of 4 won after 0.00ns");
}
