//! Dropped at any time: what runs is dropped with it, and what was not taken is still there.

use super::*;

#[test]
fn who_is_dropped_drops_what_runs_and_takes_nothing_more() {
    for polls in 0..4 {
        let (crowd, mut items) = (Crowd::default(), 0..100);
        let work = |_| {
            let inside = crowd.enter();
            async move {
                let _inside = inside;
                yield_now().await;
                Ok::<(), ()>(())
            }
        };
        let mut tally = Probe::new(map(items.by_ref(), work).limit(5).tally());
        (0..polls).for_each(|_| tally.assert_pending());
        drop(tally);
        assert_eq!((crowd.now(), items.next()), (0, Some(5 * polls)));
    }
}

#[test]
fn what_a_queue_still_has_stays_in_it() {
    let (queue, gates) = (untether::queue::Queue::unbounded(), Gates::default());
    (0..5).for_each(|n| queue.try_send(n).unwrap());
    let mut all = Probe::new(map_stream(queue.stream(), |n| gates.wait(n)).limit(2).collect());
    all.assert_pending();
    drop(all);
    assert_eq!(queue.try_recv(), Ok(2));
}

#[test]
fn between_two_items_of_a_stream_nothing_is_lost() {
    let gates = Gates::default();
    let mut all = Box::pin(map(0..3, |n| gates.wait(n)).limit(2).ordered());
    assert!(next(all.as_mut()).is_pending());
    gates.open(1);
    gates.open(0);
    let mut given = Vec::new();
    for _ in 0..9 {
        // Each asks for one item and is dropped, pending or not.
        let mut one = Probe::new(futures_util::StreamExt::next(&mut all));
        if let Poll::Ready(Some(outcome)) = one.poll() {
            given.push(outcome.ok().unwrap());
        }
        if given.len() == 2 && gates.polls().len() == 3 {
            gates.open(2);
        }
    }
    assert_eq!(given, [0, 1, 2]);
}

#[test]
fn a_token_around_it_drops_what_runs() {
    let (token, crowd, gates) = (untether::sync::CancelToken::new(), Crowd::default(), Gates::default());
    let work = |n| {
        let (inside, gate) = (crowd.enter(), gates.wait(n));
        async move {
            let _inside = inside;
            gate.await
        }
    };
    let mut all = Probe::new(token.run(map(0..9, work).limit(3).collect()));
    all.assert_pending();
    token.cancel();
    assert!(all.assert_ready().is_err());
    drop(all);
    assert_eq!((crowd.now(), crowd.most()), (0, 3));
}

#[test]
fn a_token_around_what_is_done_with_an_item_leaves_an_outcome_for_each() {
    let (token, gates) = (untether::sync::CancelToken::new(), Gates::default());
    let work = async |n| match token.run(gates.wait(n)).await {
        Ok(result) => result.map_err(|_| "failed"),
        Err(_) => Err("given up"),
    };
    let mut all = Probe::new(map(0..9, work).limit(3).collect());
    all.assert_pending();
    gates.open(1);
    all.assert_pending();
    token.cancel();
    let outcomes = all.assert_ready();
    assert_eq!((outcomes.len(), gates.polls().len()), (9, 4), "those that were not begun are not begun");
    assert_eq!(outcomes.oks().left_out, 8);
}
