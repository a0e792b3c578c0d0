//! What is always ready lets others run.

use super::*;

/// How many items there were between two polls that were pending, at most.
fn in_a_row<S: Stream>(stream: S, items: usize) -> usize {
    let (mut stream, counting) = (Box::pin(stream), CountingWaker::new());
    let waker = counting.waker();
    let (mut row, mut most, mut given) = (0, 0, 0);
    while given < items {
        let wakes = counting.wakes();
        match stream.as_mut().poll_next(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(_)) => (row, given) = (row + 1, given + 1),
            Poll::Ready(None) => break,
            Poll::Pending => {
                assert!(counting.wakes() > wakes, "and has woken itself");
                most = most.max(row);
                row = 0;
            }
        }
    }
    most.max(row)
}

fn said(n: u32) -> Ready<Result<u32, ()>> {
    ready(Ok(n))
}

#[test]
fn after_128_items_in_a_row_it_is_pending_once() {
    assert_eq!(in_a_row(map(0.., said).as_completed(), 1_000), 128);
    assert_eq!(in_a_row(map(0.., said).limit(1).as_completed(), 1_000), 128);
    // One that was kept for the order can be given beside those.
    let most = in_a_row(map(0.., said).ordered(), 1_000);
    assert!((119..=138).contains(&most), "{most}");
}

#[test]
fn a_future_of_many_that_are_ready_is_pending_now_and_then() {
    for verb in 0..3 {
        let mut polls = 0;
        let mut probe: Probe<Pin<Box<dyn Future<Output = ()>>>> = Probe::new(match verb {
            0 => Box::pin(async { drop(map(0..1_000, said).collect().await) }),
            1 => Box::pin(async { drop(map(0..1_000, said).try_collect().await) }),
            _ => Box::pin(async { _ = map(0..1_000, said).tally().await }),
        });
        while probe.poll().is_pending() {
            polls += 1;
            assert_eq!(probe.wakes(), polls);
        }
        assert_eq!(polls, 7);
    }
}

#[test]
fn those_that_panic_when_they_begin_count_as_well() {
    let panics = |_: u32| -> Ready<Result<u32, ()>> { std::panic::resume_unwind(Box::new(())) };
    assert_eq!(in_a_row(map(0.., panics).as_completed(), 1_000), 128);
}

#[test]
fn what_is_always_ready_when_it_begins_keeps_nobody_from_its_turn() {
    let gates = Gates::default();
    // The first waits, the others are ready.
    let work = |n: usize| {
        let gate = (n == 0).then(|| gates.wait(0));
        async move {
            match gate {
                Some(gate) => gate.await,
                None => Ok(n),
            }
        }
    };
    let mut endless = Box::pin(map(0.., work).limit(3).as_completed());
    assert!(next(endless.as_mut()).is_ready());
    gates.open(0);
    let mut given = (0..1_000).filter_map(|_| match next(endless.as_mut()) {
        Poll::Ready(item) => Some(item.unwrap().0),
        Poll::Pending => None,
    });
    let at = given.position(|index| index == 0).expect("it has its turn");
    assert!(at <= 130, "after {at}");
}
