//! Timers that break their promises, clocks that step back, items whose drop panics: nothing is lost, and nobody waits for ever.

use super::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use untether::testing::HookWaker;
use untether::time::DriverSleep;

#[test]
fn a_clock_that_steps_back_makes_items_late_and_never_early() {
    let (queue, clock) = queue();
    put(&queue, 1, 10);
    put(&queue, 2, 10);
    let mut first = waiter(&queue);
    clock.advance(5 * SECOND);
    clock.step_back(4 * SECOND);
    put(&queue, 3, 2);
    assert_eq!(first.wakes(), 1, "it is earlier by this clock");
    first.assert_pending();
    clock.advance(2 * SECOND);
    assert_eq!(got(&mut first), 3);
    assert_eq!(queue.try_recv(), Err(TryRecvError::NoneDue));
    clock.advance(7 * SECOND);
    assert_eq!(due(&queue), [1, 2]);
}

#[test]
fn what_was_put_in_after_the_clock_stepped_back_is_not_due_by_what_it_showed_before() {
    let (queue, clock) = queue();
    put(&queue, 1, 1);
    put(&queue, 2, 1);
    clock.advance(3_600 * SECOND);
    assert_eq!(queue.try_recv().map(Expired::into_inner), Ok(1));
    clock.step_back(3_599 * SECOND);
    let key = put(&queue, 3, 2);
    assert_eq!(due(&queue), [2], "which was due once");
    assert!(queue.reset(&key, SECOND));
    assert_eq!(due(&queue), [0; 0]);
    clock.advance(SECOND);
    assert_eq!(due(&queue), [3]);
}

#[test]
fn a_clock_that_steps_back_when_a_sleep_has_ended_takes_nothing_back() {
    let (queue, clock) = queue();
    put(&queue, 1, 10);
    let mut waiter = waiter(&queue);
    clock.advance(10 * SECOND);
    assert_eq!(waiter.wakes(), 1);
    clock.step_back(5 * SECOND);
    // By its clock it is too early: it sleeps on, and is woken in time.
    waiter.assert_pending();
    clock.advance(5 * SECOND);
    assert_eq!((waiter.wakes(), got(&mut waiter)), (2, 1));
}

/// What a timer of [`Broken`] does wrong.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    None,
    EndsAtOnce,
    WakesForNothing,
    PanicsWhenMade,
    PanicsWhenPolled,
    PanicsWhenDropped,
}

struct Broken {
    clock: ManualClock,
    fault: Fault,
    /// So often it goes wrong.
    times: Arc<AtomicUsize>,
    polls: Arc<AtomicUsize>,
}

struct BrokenSleep {
    inner: DriverSleep<ManualClock>,
    fault: Fault,
    times: Arc<AtomicUsize>,
    polls: Arc<AtomicUsize>,
}

/// Whether it is time to go wrong.
fn goes_wrong(times: &AtomicUsize) -> bool {
    times.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(1)).is_ok()
}

impl Broken {
    fn queue(fault: Fault, times: usize) -> (Arc<DelayQueue<u32, Self>>, ManualClock) {
        let clock = ManualClock::new();
        let (times, polls) = (Arc::new(AtomicUsize::new(times)), Arc::default());
        (Arc::new(DelayQueue::new(Self { clock: clock.clone(), fault, times, polls })), clock)
    }
}

impl Clock for Broken {
    fn now(&self) -> Instant {
        self.clock.now()
    }
}

impl Timer for Broken {
    type Sleep = BrokenSleep;

    fn sleep_until(&self, deadline: Instant) -> BrokenSleep {
        assert!(self.fault != Fault::PanicsWhenMade || !goes_wrong(&self.times), "on purpose: no sleep");
        let inner = self.clock.sleep_until(deadline);
        BrokenSleep { inner, fault: self.fault, times: self.times.clone(), polls: self.polls.clone() }
    }
}

impl Future for BrokenSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        match self.fault {
            Fault::EndsAtOnce => return Poll::Ready(()),
            Fault::WakesForNothing => cx.waker().wake_by_ref(),
            Fault::PanicsWhenPolled => assert!(!goes_wrong(&self.times), "on purpose: a poll"),
            Fault::None | Fault::PanicsWhenMade | Fault::PanicsWhenDropped => {}
        }
        Pin::new(&mut self.inner).poll(cx)
    }
}

impl Drop for BrokenSleep {
    fn drop(&mut self) {
        assert!(self.fault != Fault::PanicsWhenDropped || !goes_wrong(&self.times), "on purpose: a drop");
    }
}

type BrokenWaiter = Probe<Recv<Arc<DelayQueue<u32, Broken>>, u32, Broken>>;

fn waits(queue: &Arc<DelayQueue<u32, Broken>>) -> BrokenWaiter {
    Probe::new(DelayQueue::recv_owned(queue.clone()))
}

fn is_panic<R>(body: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

/// A timer that says that it is time is believed, and asked no more: one that says so always would be asked for ever within one poll.
#[test]
fn a_sleep_that_ends_too_soon_is_believed_and_asked_once() {
    let (queue, _clock) = Broken::queue(Fault::EndsAtOnce, 0);
    queue.insert(1, SECOND).unwrap();
    queue.insert(2, 2 * SECOND).unwrap();
    for item in [1, 2] {
        assert_eq!(waits(&queue).assert_ready().map(Expired::into_inner), Some(item));
    }
    assert_eq!(queue.timer().polls.load(Ordering::Relaxed), 2);
}

#[test]
fn a_sleep_that_wakes_for_nothing_is_polled_once_a_poll() {
    let (queue, clock) = Broken::queue(Fault::WakesForNothing, 0);
    queue.insert(1, SECOND).unwrap();
    let mut waiter = waits(&queue);
    for polls in 1..10 {
        waiter.assert_pending();
        assert_eq!(queue.timer().polls.load(Ordering::Relaxed), polls);
    }
    clock.advance(SECOND);
    assert_eq!(waiter.assert_ready().map(Expired::into_inner), Some(1));
}

#[test]
fn a_timer_that_replaces_its_sleeps_when_they_are_reset_is_as_good() {
    let (queue, clock) = Broken::queue(Fault::None, 0);
    queue.insert(1, 9 * SECOND).unwrap();
    let mut waiter = waits(&queue);
    waiter.assert_pending();
    for item in [5, 4, 3] {
        queue.insert(item, item * SECOND).unwrap();
        waiter.assert_pending();
        assert_eq!(clock.sleepers(), 1);
    }
    clock.advance(3 * SECOND);
    assert_eq!(waiter.assert_ready().map(Expired::into_inner), Some(3));
}

#[test]
fn a_timer_that_panics_loses_nothing_and_who_is_dropped_then_passes_the_time_on() {
    for fault in [Fault::PanicsWhenMade, Fault::PanicsWhenPolled] {
        let (queue, clock) = Broken::queue(fault, 2);
        queue.insert(1, SECOND).unwrap();
        let mut first = waits(&queue);
        assert!(is_panic(|| first.poll()));
        let mut second = waits(&queue);
        second.assert_pending();
        assert!(is_panic(|| first.poll()), "it tries again");
        drop(first);
        assert_eq!(second.wakes(), 1);
        second.assert_pending();
        clock.advance(SECOND);
        assert_eq!((second.wakes(), queue.len()), (2, 1));
        assert_eq!(second.assert_ready().map(Expired::into_inner), Some(1));
    }
}

#[test]
fn one_whose_timer_has_panicked_goes_on_when_it_is_polled_again() {
    for fault in [Fault::PanicsWhenMade, Fault::PanicsWhenPolled] {
        let (queue, clock) = Broken::queue(fault, 1);
        queue.insert(1, SECOND).unwrap();
        let mut waiter = waits(&queue);
        assert!(is_panic(|| waiter.poll()));
        waiter.assert_pending();
        clock.advance(SECOND);
        assert_eq!(waiter.assert_ready().map(Expired::into_inner), Some(1));
    }
}

#[test]
fn a_sleep_that_panics_when_it_is_dropped_takes_no_item_along_and_the_next_is_called() {
    let (queue, clock) = Broken::queue(Fault::PanicsWhenDropped, usize::MAX);
    queue.insert(1, SECOND).unwrap();
    queue.insert(2, SECOND).unwrap();
    let (mut first, mut second) = (waits(&queue), waits(&queue));
    first.assert_pending();
    second.assert_pending();
    clock.advance(SECOND);
    assert_eq!(first.assert_ready().map(Expired::into_inner), Some(1));
    assert_eq!(second.wakes(), 1);
    assert_eq!(second.assert_ready().map(Expired::into_inner), Some(2));
    // And one that gives up.
    queue.insert(3, SECOND).unwrap();
    let (mut first, mut second) = (waits(&queue), waits(&queue));
    first.assert_pending();
    second.assert_pending();
    assert!(is_panic(|| drop(first)), "nothing is in hand, so it is heard of");
    assert_eq!(second.wakes(), 1);
    second.assert_pending();
    clock.advance(SECOND);
    assert_eq!(second.assert_ready().map(Expired::into_inner), Some(3));
}

/// A clock that panics so often.
struct Blind(ManualClock, AtomicUsize);

impl Clock for Blind {
    fn now(&self) -> Instant {
        assert!(!goes_wrong(&self.1), "on purpose: a clock");
        self.0.now()
    }
}

impl Timer for Blind {
    type Sleep = DriverSleep<ManualClock>;

    fn sleep_until(&self, deadline: Instant) -> Self::Sleep {
        self.0.sleep_until(deadline)
    }
}

#[test]
fn a_clock_that_panics_loses_nothing() {
    let clock = ManualClock::new();
    let queue = DelayQueue::new(Blind(clock.clone(), AtomicUsize::new(0)));
    let panics = || queue.timer().1.store(1, Ordering::Release);
    queue.insert(1, SECOND).unwrap();
    let mut first = Probe::new(queue.recv());
    panics();
    assert!(is_panic(|| first.poll()));
    first.assert_pending();
    let mut second = Probe::new(queue.recv());
    second.assert_pending();
    clock.advance(SECOND);
    panics();
    assert!(is_panic(|| first.poll()), "when its sleep has ended");
    drop(first);
    assert_eq!(second.assert_ready().map(Expired::into_inner), Some(1));
    queue.insert(2, Duration::ZERO).unwrap();
    panics();
    assert!(is_panic(|| queue.try_recv()));
    assert!(queue.try_recv().is_ok() && queue.is_empty());
}

/// An item that panics when it is dropped, where it is armed.
struct Bomb(bool);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.0 || std::thread::panicking(), "on purpose: an item");
    }
}

#[test]
fn an_item_that_panics_when_it_is_dropped_leaves_the_queue_whole() {
    let clock = ManualClock::new();
    let queue = DelayQueue::new(clock.clone());
    let fill = || (0..20).for_each(|n| _ = queue.insert(Bomb(n == 10), SECOND).unwrap());
    fill();
    assert!(is_panic(|| queue.clear()));
    assert_eq!(queue.len(), 0);
    fill();
    assert!(is_panic(|| drop(queue.drain())));
    let mut waiter = Probe::new(queue.recv());
    waiter.assert_pending();
    let key = queue.insert(Bomb(true), SECOND).unwrap();
    assert!(is_panic(|| drop(queue.remove(&key))));
    queue.insert(Bomb(false), SECOND).unwrap();
    clock.advance(SECOND);
    assert!(waiter.assert_ready().is_some());
    queue.close();
    assert!(is_panic(|| drop(queue.insert(Bomb(true), SECOND))), "refused, and dropped with the error");
    assert!(waiter.assert_ready().is_none());
}

fn bomb() -> Waker {
    HookWaker::new().on_wake(|| panic!("on purpose: a wake")).waker()
}

#[test]
fn an_insert_whose_wake_panics_has_put_the_item_in() {
    let (queue, _clock) = queue();
    let mut waiter = recv(&queue);
    assert!(waiter.poll_with(&bomb()).is_pending());
    assert!(is_panic(|| queue.insert(1, SECOND)));
    assert_eq!(queue.len(), 1);
    assert!(waiter.poll_with(Waker::noop()).is_pending());
}

#[test]
fn a_wake_of_the_next_that_panics_takes_no_item_along() {
    let (queue, _clock) = queue();
    let (mut first, mut second) = (waiter(&queue), recv(&queue));
    assert!(second.poll_with(&bomb()).is_pending());
    put(&queue, 1, 0);
    put(&queue, 2, 0);
    assert_eq!((got(&mut first), got(&mut second)), (1, 2));
}

#[test]
fn a_wake_of_those_who_go_that_panics_takes_no_item_along() {
    for drain in [false, true] {
        let (queue, _clock) = queue();
        let key = put(&queue, 3, 9);
        let (mut bad, mut good) = (recv(&queue), waiter(&queue));
        assert!(bad.poll_with(&bomb()).is_pending());
        queue.close();
        let taken = if drain { queue.drain().next().map(|(_, item)| item) } else { queue.remove(&key) };
        assert_eq!((taken, good.wakes()), (Some(3), 1));
        assert_eq!((bad.assert_ready(), good.assert_ready()), (None, None));
    }
}
