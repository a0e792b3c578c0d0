//! Futures that are run until a token is cancelled.

use super::*;

/// Ready at once; counts its polls.
fn counted(polls: &Cell<u32>) -> impl Future<Output = u32> {
    poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::Ready(7)
    })
}

#[test]
fn a_future_that_ends_gives_its_output_and_one_that_is_cancelled_the_cause() {
    let token = CancelToken::new();
    assert_eq!(Probe::new(token.run(ready(7))).assert_ready().unwrap(), 7);
    let mut runs = Probe::new(token.run(pending::<()>()));
    runs.assert_pending();
    token.cancel_with(Cause::error("enough"));
    assert_eq!(runs.wakes(), 1);
    let cancelled = runs.assert_ready().unwrap_err();
    assert_eq!(cancelled.source().unwrap().to_string(), "enough");
    assert!(runs.assert_ready().is_err(), "and once more");
}

#[test]
fn a_cancelled_future_is_not_polled_unless_it_comes_first_by_name() {
    let (token, polls) = (CancelToken::new(), Cell::new(0));
    token.cancel();
    assert!(Probe::new(token.run(counted(&polls))).assert_ready().is_err());
    assert_eq!(polls.get(), 0);
    assert_eq!(Probe::new(token.run(counted(&polls)).completion_biased()).assert_ready().unwrap(), 7);
    assert_eq!(polls.get(), 1);
    let stuck = token.run(pending::<()>()).completion_biased();
    assert!(Probe::new(stuck).assert_ready().is_err());
}

#[test]
fn a_future_that_cancels_and_is_ready_in_the_same_poll_has_not_lost_its_output() {
    let token = CancelToken::new();
    let cancels = token.clone();
    assert!(Probe::new(token.run(async move { cancels.cancel() })).assert_ready().unwrap());
    let token = CancelToken::new();
    let cancels = token.clone();
    let mut runs = Probe::new(token.run(async move {
        cancels.cancel();
        pending::<()>().await;
    }));
    assert!(runs.assert_ready().is_err(), "in the poll in which it cancelled itself");
}

#[test]
fn a_run_is_ended_by_its_end_or_the_request_in_every_order_and_wherever_it_is_dropped() {
    Check::random(10_000).cancel("runs").no_leaks().spurious_polls().assert(|sim| async move {
        let parent = CancelToken::new();
        let run = |bias: bool| {
            let (token, sim) = (parent.child(), sim.clone());
            let timer = sim.clone();
            let work = async move {
                timer.sleep(SECOND * (1 + timer.choose(3))).await;
                yield_now().await;
                7
            };
            let run = token.run_owned(work);
            let run = if bias { run.completion_biased() } else { run };
            Task::builder().name("runs").spawn(&sim, run).unwrap()
        };
        let runs = [run(true), run(false)];
        sim.sleep(2 * SECOND).await;
        parent.cancel();
        for run in runs {
            match run.await {
                Ok(Ok(output)) => assert_eq!(output, 7),
                Ok(Err(cancelled)) => assert_eq!(word(Some(cancelled.into_cause())), "(requested)"),
                Err(error) => assert!(error.is_cancelled()),
            }
        }
    });
}
