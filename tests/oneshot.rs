//! What a oneshot promises: the value is received, or comes back, or is dropped with who was to have it; never lost, never twice.
#![cfg(all(feature = "std", feature = "testing"))]

use proptest::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::Duration;
use untether::spawn::{SpawnExt, Task, yield_now};
use untether::sync::oneshot;
use untether::sync::oneshot::{Sender, TryRecvError};
use untether::testing::sim::{Check, Sim};
use untether::testing::{CountingWaker, HookWaker, Probe};
use untether_support::{allocations, cases};

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

#[test]
fn a_value_that_is_sent_is_received_before_or_after() {
    let (sender, receiver) = oneshot();
    sender.send(1).unwrap();
    assert_eq!(Probe::new(receiver).assert_ready(), Ok(1));

    let (sender, receiver) = oneshot();
    let mut receiver = Probe::new(receiver);
    receiver.assert_pending();
    sender.send(2).unwrap();
    assert_eq!(receiver.wakes(), 1);
    assert_eq!(receiver.assert_ready(), Ok(2));
    assert!(receiver.assert_ready().is_err(), "once is all");
}

#[test]
fn a_sender_that_goes_without_sending_ends_the_wait() {
    let (sender, receiver) = oneshot::<u8>();
    let mut receiver = Probe::new(receiver);
    receiver.assert_pending();
    drop(sender);
    assert_eq!(receiver.wakes(), 1);
    assert_eq!(receiver.assert_ready().unwrap_err().to_string(), "receiving a value that will not come");
}

#[test]
fn a_value_that_nobody_wants_comes_back() {
    let (sender, receiver) = oneshot();
    drop(receiver);
    assert!(sender.is_closed());
    let error = sender.send(Rc::new(3)).unwrap_err();
    assert_eq!(format!("{error:?}: {error}"), "SendError { .. }: sending to a receiver that is closed");
    assert_eq!(*error.into_inner(), 3);
}

#[test]
fn a_closed_receiver_refuses_what_comes_and_keeps_what_came() {
    let (sender, mut receiver) = oneshot();
    sender.send(4).unwrap();
    receiver.close();
    assert_eq!(receiver.try_recv(), Ok(4));

    let (sender, mut receiver) = oneshot();
    receiver.close();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Closed));
    assert!(Probe::new(&mut receiver).assert_ready().is_err(), "nobody waits for what cannot come");
    assert_eq!(sender.send(5).unwrap_err().into_inner(), 5);
    assert_eq!(receiver.into_inner(), None);
}

#[test]
fn what_was_sent_is_taken_out_by_one_who_gives_up() {
    let (sender, mut receiver) = oneshot();
    assert_eq!(receiver.try_recv(), Err(TryRecvError::Empty));
    let receiver = receiver.wait_timeout(Duration::from_millis(1)).unwrap_err();
    sender.send(6).unwrap();
    assert_eq!(receiver.into_inner(), Some(6));
    let (mut sender, receiver) = oneshot::<u8>();
    let mut closed = Probe::new(sender.closed());
    closed.assert_pending();
    assert_eq!(receiver.into_inner(), None);
    assert_eq!(closed.wakes(), 1);
}

#[test]
fn a_sender_waits_until_nobody_wants_it_and_ready_stays_ready() {
    let (mut sender, mut receiver) = oneshot::<u8>();
    let mut closed = Probe::new(sender.closed());
    closed.assert_pending();
    receiver.close();
    assert_eq!(closed.wakes(), 1);
    closed.assert_ready();
    closed.assert_ready();
    drop((closed, receiver));
    assert!(sender.is_closed());
    sender.closed().wait();
}

#[test]
fn a_closed_that_was_given_up_wakes_nobody_and_another_may_wait() {
    let (mut sender, receiver) = oneshot::<u8>();
    let waker = CountingWaker::new();
    let mut given_up = Probe::new(sender.closed());
    assert!(given_up.poll_with(&waker.waker()).is_pending());
    drop(given_up);
    let mut closed = Probe::new(sender.closed());
    closed.assert_pending();
    drop(receiver);
    assert_eq!((waker.wakes(), closed.wakes()), (0, 1));
}

#[test]
fn the_waker_of_the_last_poll_is_woken_on_both_sides() {
    let (mut sender, receiver) = oneshot::<u8>();
    let last = CountingWaker::new();
    let mut closed = Probe::new(sender.closed());
    closed.assert_pending();
    assert!(closed.poll_with(&last.waker()).is_pending());
    let mut receiver = Probe::new(receiver);
    receiver.assert_pending();
    assert!(receiver.poll_with(&last.waker()).is_pending());
    drop(receiver);
    assert_eq!((closed.wakes(), last.wakes()), (0, 1));
    drop(closed);
    let (sender, receiver) = oneshot::<u8>();
    let mut receiver = Probe::new(receiver);
    receiver.assert_pending();
    assert!(receiver.poll_with(&last.waker()).is_pending());
    drop(sender);
    assert_eq!((receiver.wakes(), last.wakes()), (0, 2));
}

#[test]
fn no_waker_is_kept_by_a_half_whose_other_half_is_gone() {
    let dropped = Arc::new(AtomicUsize::new(0));
    let waker = || {
        let dropped = dropped.clone();
        HookWaker::new().on_drop(move || _ = dropped.fetch_add(1, Ordering::Relaxed)).waker()
    };
    let (sender, receiver) = oneshot::<u8>();
    let mut receiver = Probe::new(receiver);
    assert!(receiver.poll_with(&waker()).is_pending());
    drop(receiver);
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
    drop(sender);
    let (mut sender, _receiver) = oneshot::<u8>();
    assert!(sender.poll_closed(&mut std::task::Context::from_waker(&waker())).is_pending());
    sender.send(1).unwrap();
    assert_eq!(dropped.load(Ordering::Relaxed), 2);
}

#[test]
fn a_value_is_dropped_with_the_receiver_outside_of_any_lock() {
    struct Asks(Option<Sender<Asks>>, Arc<AtomicUsize>);
    impl Drop for Asks {
        fn drop(&mut self) {
            let closed = self.0.as_ref().is_some_and(|sender| sender.is_closed());
            self.1.fetch_add(usize::from(closed || self.0.is_none()), Ordering::Relaxed);
        }
    }
    let dropped = Arc::new(AtomicUsize::new(0));
    let (sender, receiver) = oneshot();
    let (inner, inner_receiver) = oneshot();
    drop(inner_receiver);
    assert!(sender.send(Asks(Some(inner), dropped.clone())).is_ok());
    drop(receiver);
    assert_eq!(dropped.load(Ordering::Relaxed), 1);
}

#[test]
fn one_allocation_is_all() {
    let before = allocations();
    let (sender, mut receiver) = oneshot();
    let waker = std::task::Waker::noop();
    assert!(receiver.poll_recv(&mut std::task::Context::from_waker(waker)).is_pending());
    sender.send([0_u64; 20]).unwrap();
    assert!(receiver.try_recv().is_ok());
    drop(receiver);
    assert_eq!(allocations(), before + 1);
}

#[test]
fn threads_hand_over() {
    let (sender, receiver) = oneshot();
    let thread = std::thread::spawn(move || receiver.wait());
    sender.send(7).unwrap();
    assert_eq!(thread.join().unwrap(), Ok(7));
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    DropSender,
    Poll,
    Try,
    Close,
    DropReceiver,
    IntoInner,
}

fn step() -> impl Strategy<Value = Step> {
    use Step::{Close, DropReceiver, DropSender, IntoInner, Poll, Send, Try};
    prop::sample::select(vec![Send, DropSender, Poll, Poll, Try, Close, DropReceiver, IntoInner])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]
    #[test]
    fn it_is_an_option_and_two_flags(steps in prop::collection::vec(step(), 0..12)) {
        let (sender, receiver) = oneshot();
        let (mut sender, mut receiver) = (Some(sender), Some(receiver));
        let (mut value, mut open) = (None, true);
        for step in steps {
            let no_more = sender.is_none() || !open;
            match (step, &mut receiver) {
                (Step::Send, _) => {
                    if let Some(sender) = sender.take() {
                        prop_assert_eq!(sender.is_closed(), !open);
                        prop_assert_eq!(sender.send(1).is_ok(), open);
                        value = open.then_some(1);
                    }
                }
                (Step::DropSender, _) => drop(sender.take()),
                (Step::Poll, Some(receiver)) => {
                    let expected = match value.take() {
                        Some(value) => Poll::Ready(Some(value)),
                        None if no_more => Poll::Ready(None),
                        None => Poll::Pending,
                    };
                    prop_assert_eq!(Probe::new(receiver).poll().map(Result::ok), expected);
                }
                (Step::Try, Some(receiver)) => {
                    let else_ = if no_more { TryRecvError::Closed } else { TryRecvError::Empty };
                    prop_assert_eq!(receiver.try_recv(), value.take().ok_or(else_));
                }
                (Step::Close, Some(receiver)) => {
                    receiver.close();
                    open = false;
                }
                (Step::DropReceiver, _) => {
                    drop(receiver.take());
                    (value, open) = (None, false);
                }
                (Step::IntoInner, Some(_)) => {
                    prop_assert_eq!(receiver.take().unwrap().into_inner(), value.take());
                    open = false;
                }
                (_, None) => {}
            }
        }
    }
}

/// Counts itself while it is there.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn hand_over(sim: Sim) {
    let there = Arc::new(AtomicUsize::new(0));
    let (mut sender, receiver) = oneshot();
    let receives = Task::builder().name("receives").spawn(&sim, async move { receiver.await.is_ok() });
    let count = there.clone();
    let sends = async move {
        yield_now().await;
        if sender.is_closed() {
            sender.closed().await;
        }
        sender.send(Counted::new(&count)).is_ok()
    };
    let sends = Task::builder().name("sends").spawn(&sim, sends);
    let (received, sent) = (receives.unwrap().await, sends.unwrap().await);
    if let (Ok(received), Ok(sent)) = (&received, &sent) {
        assert!(received == sent, "received what was not sent, or the other way round");
    }
    assert_eq!(there.load(Ordering::Relaxed), 0, "a value was lost");
}

#[test]
fn whoever_is_cancelled_the_other_half_ends_and_no_value_is_left() {
    for name in ["receives", "sends"] {
        Check::random(10_000).cancel(name).no_leaks().assert(hand_over);
        let passed = Check::exhaustive(1_000_000).cancel(name).no_leaks().run(hand_over).unwrap();
        assert!(passed.complete);
    }
}

#[test]
fn a_sender_that_waits_for_nobody_to_want_it_is_always_told() {
    Check::random(10_000).cancel("receives").spurious_polls().no_leaks().assert(async |sim| {
        let (mut sender, receiver) = oneshot::<u8>();
        let waits = sim.spawn_task(async move { sender.closed().await }).unwrap();
        let gives_up = async move {
            let mut receiver = receiver;
            for _ in 0..2 {
                assert!(receiver.try_recv().is_err());
                yield_now().await;
            }
        };
        let gives_up = Task::builder().name("receives").spawn(&sim, gives_up).unwrap();
        let _ = gives_up.await;
        waits.await.unwrap();
    });
}
