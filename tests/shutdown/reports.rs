//! What the report says to people, and to whoever started the process.

use super::*;

#[test]
fn the_report_names_all_but_those_who_finished() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let workers = ["worker", "worker", "other"].map(|name| participant(&shutdown, name));
    let [cleans, stays, bad] = ["cleans", "stays", "bad"].map(|name| participant(&shutdown, name));
    let mut drain = draining(&shutdown, &clock);
    bad.fail("disk full");
    clock.advance(25 * SECOND);
    drain.assert_pending();
    drop((workers, cleans));
    clock.advance(5 * SECOND);
    let report = drain.assert_ready();
    let expected = "shut down in 30.00s: 0 completed, 4 cancelled, 0 aborted, 1 left, 1 failed
  cancelled: cleans, other, worker (2)
  left: stays
  failed: bad: disk full";
    assert_eq!(report.to_string(), expected);
    drop(stays);
}

#[test]
fn the_exit_code_is_nothing_one_or_that_of_the_signal() {
    let code = |stays: bool, fails: bool, signal: Option<Signal>| {
        let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
        let [one, two] = ["one", "two"].map(|name| participant(&shutdown, name));
        let signals = futures_util::stream::iter(signal);
        let mut drain = Probe::new(shutdown.run(clock.clone()).signals(signals));
        shutdown.request(Cause::Requested);
        if fails {
            two.fail("down");
        } else {
            drop(two);
        }
        let _ = drain.poll();
        let stays = stays.then_some(one);
        clock.advance(30 * SECOND);
        let report = match drain.poll() {
            std::task::Poll::Ready(report) => report,
            std::task::Poll::Pending => {
                clock.advance(SECOND);
                drain.assert_ready()
            }
        };
        drop(stays);
        report.exit_code()
    };
    assert_eq!(code(false, false, None), 0);
    assert_eq!(code(false, true, None), 1);
    assert_eq!(code(true, false, None), 1);
    assert_eq!(code(true, true, Some(Signal::Interrupt)), 130);
    assert_eq!(code(true, false, Some(Signal::Terminate)), 143);
    assert_eq!(code(false, true, Some(Signal::Terminate)), 1);
}

#[test]
fn what_was_reported_is_not_reported_again() {
    let (shutdown, clock) = (Shutdown::new(), ManualClock::new());
    let stays = participant(&shutdown, "stays");
    drop(participant(&shutdown, "gone"));
    let mut drain = draining(&shutdown, &clock);
    shutdown.abort();
    drain.assert_pending();
    clock.advance(SECOND);
    assert_eq!(counts(&drain.assert_ready()), [0, 0, 0, 1, 0]);
    stays.fail("at last");
    assert_eq!(counts(&Probe::new(shutdown.drain(clock)).assert_ready()), [0, 0, 0, 0, 1]);
}
