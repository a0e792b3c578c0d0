//! When an item is taken, and how many there are at a time.

use super::*;
use untether::queue::Queue;
use untether_support::bytes_held;

/// Items that tell when they are taken, and are in a crowd from then on.
fn counted(count: usize, taken: &Crowd) -> impl Iterator<Item = (usize, InCrowd)> + use<'_> {
    (0..count).map(|n| (n, taken.enter()))
}

#[test]
fn of_a_million_items_there_are_never_more_than_the_limit_at_a_time() {
    let (items, futures) = (Crowd::default(), Crowd::default());
    let work = |(n, item)| {
        let future = futures.enter();
        async move {
            let _both = (item, future);
            if n % 3 == 0 {
                yield_now().await;
            }
            Ok::<_, ()>(n)
        }
    };
    let before = bytes_held();
    let mut tally = Box::pin(map(counted(1_000_000, &items), work).limit(16).tally());
    let mut most = 0;
    let tally = loop {
        match tally.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(tally) => break tally,
            Poll::Pending => most = most.max(bytes_held() - before),
        }
    };
    assert_eq!(tally, Tally { ok: 1_000_000, ..Tally::default() });
    assert_eq!((items.most(), futures.most()), (16, 16));
    assert!(most < 10_000, "{most} bytes");
}

#[test]
fn nothing_is_taken_before_it_is_polled() {
    let items = Crowd::default();
    let collect = map(counted(5, &items), |_| ready(Ok::<(), ()>(()))).collect();
    assert_eq!(items.most(), 0);
    drop(collect);
}

#[test]
fn an_item_is_taken_when_one_before_it_has_ended() {
    let (items, gates) = (Crowd::default(), Gates::default());
    let work = |(n, item)| {
        let gate = gates.wait(n);
        async move {
            let _item = item;
            gate.await
        }
    };
    let mut all = Probe::new(map(counted(9, &items), work).limit(3).collect());
    for ended in 0..6 {
        all.assert_pending();
        assert_eq!((items.now(), gates.polls().len()), (3, ended + 3));
        gates.open(ended);
    }
}

#[test]
fn what_waits_for_its_turn_keeps_its_place() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..100, |n| gates.wait(n)).limit(4).ordered());
    assert!(next(all.as_mut()).is_pending());
    for late in [3, 1, 2] {
        gates.open(late);
        assert!(next(all.as_mut()).is_pending());
        assert_eq!(gates.polls().len(), 4, "no more than four were taken");
    }
    gates.open(0);
    for n in 0..4 {
        assert!(matches!(next(all.as_mut()), Poll::Ready(Some(Outcome::Ok(given))) if given == n));
    }
    assert!(next(all.as_mut()).is_pending());
    assert_eq!(gates.polls().len(), 8);
}

#[test]
fn a_stream_is_held_back_while_all_places_are_taken() {
    let (queue, gates) = (Queue::bounded(2), Gates::default());
    let mut all = Probe::new(map_stream(queue.stream(), |n| gates.wait(n)).limit(2).collect());
    for n in 0..2 {
        queue.try_send(n).unwrap();
    }
    all.assert_pending();
    for n in 2..4 {
        queue.try_send(n).unwrap();
    }
    all.assert_pending();
    assert_eq!(queue.try_send(9).unwrap_err().into_inner(), 9, "what sends waits for the work");
    gates.open(1);
    all.assert_pending();
    assert_eq!((queue.len(), gates.polls().len()), (1, 3));
    queue.close();
    for n in [0, 2] {
        gates.open(n);
        all.assert_pending();
    }
    gates.open(3);
    assert_eq!(all.assert_ready().oks().values, [0, 1, 2, 3]);
}

#[test]
fn a_stream_that_has_nothing_wakes_the_task_when_it_has() {
    let queue = Queue::unbounded();
    let mut all = Box::pin(map_stream(queue.stream(), |n| ready(Ok::<u32, ()>(n))).as_completed());
    let counting = CountingWaker::new();
    let waker = counting.waker();
    let mut cx = Context::from_waker(&waker);
    assert!(all.as_mut().poll_next(&mut cx).is_pending());
    queue.try_send(7).unwrap();
    assert_eq!(counting.wakes(), 1);
    assert!(matches!(all.as_mut().poll_next(&mut cx), Poll::Ready(Some((0, Outcome::Ok(7))))));
    assert!(all.as_mut().poll_next(&mut cx).is_pending() && !all.is_terminated());
    queue.close();
    assert_eq!(counting.wakes(), 2);
    assert!(matches!(all.as_mut().poll_next(&mut cx), Poll::Ready(None)) && all.is_terminated());
}

#[test]
fn a_stream_that_has_ended_is_not_polled_again() {
    let ended = Cell::new(false);
    let items = futures_util::stream::poll_fn(|_| {
        assert!(!ended.replace(true), "it has ended");
        Poll::<Option<u32>>::Ready(None)
    });
    let mut all = Box::pin(map_stream(items, |n| ready(Ok::<u32, ()>(n))).ordered());
    (0..3).for_each(|_| assert!(matches!(next(all.as_mut()), Poll::Ready(None))));
}

#[test]
fn no_batch_waits_for_its_slowest() {
    let clock = ManualClock::new();
    // Two at a time, in batches: 9 + 1 + 1. Here one place is busy for 9, and the other does the rest beside it.
    let naps = map([9, 1, 1, 1, 1], async |seconds| {
        clock.sleep(seconds * SECOND).await;
        Ok::<(), ()>(())
    });
    let (tally, took) = run(&clock, naps.limit(2).tally());
    assert_eq!((tally.ok, took), (5, 9));
}

#[test]
fn one_error_among_thirty_keeps_twenty_nine_results() {
    let work = async |n: u32| if n == 17 { Err("the eighteenth") } else { Ok(n) };
    let outcomes = drive(map(0..30, work).collect());
    assert!(matches!(outcomes[17], Outcome::Err("the eighteenth")));
    let split = outcomes.split();
    assert_eq!((split.values.len(), split.failures.len()), (29, 1));
}
