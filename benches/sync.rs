//! What waiting for each other costs: alone, in line, from hand to hand, and for many at once.

use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use untether::rt::local::Local;
use untether::spawn::{SpawnLocal, yield_now};
use untether::sync::{Barrier, CancelFlag, CancelToken, Event, Latch, Semaphore, oneshot, watch};
use untether::testing::CountingWaker;
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

/// Polls a future once and drops it.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn poll_once<F: Future>(future: F, waker: &Waker) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(waker))
}

/// Lasts as long as the program, as those who wait for it do.
fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Waits, is told, and goes on.
#[inline(always)] // as above
fn cycle<F: Future>(future: F, waker: &Waker, tell: impl FnOnce()) -> Poll<F::Output> {
    let (mut future, cx) = (pin!(future), &mut Context::from_waker(waker));
    assert!(future.as_mut().poll(cx).is_pending());
    tell();
    future.poll(cx)
}

/// So many who wait, first come, first in line.
fn line<F: Future + Unpin>(waiters: usize, waker: &Waker, mut wait: impl FnMut() -> F) -> VecDeque<F> {
    let mut line: VecDeque<F> = (0..waiters).map(|_| wait()).collect();
    line.iter_mut().for_each(|waits| assert!(poll_once(Pin::new(waits), waker).is_pending()));
    line
}

/// The first is told and waits again, behind all others.
fn to_the_end<F: Future + Unpin>(line: &mut VecDeque<F>, waker: &Waker, again: F) -> F::Output {
    let mut first = line.pop_front().expect("nobody leaves");
    let Poll::Ready(output) = poll_once(Pin::new(&mut first), waker) else { panic!("it was its turn") };
    line.push_back(again);
    let last = line.back_mut().expect("it has just come");
    assert!(poll_once(Pin::new(last), waker).is_pending());
    output
}

fn semaphore_alone(waker: &Waker) {
    let semaphore = Semaphore::new(4);
    Table::new("semaphore, nobody waiting")
        .case("acquire + drop", || poll_once(semaphore.acquire(), waker).is_ready())
        .case("acquire_many(4) + drop", || poll_once(semaphore.acquire_many(4), waker).is_ready())
        .case("try_acquire + drop", || semaphore.try_acquire().is_ok())
        .print();
}

fn semaphore_in_line(waker: &Waker) {
    let queue_and_cancel = |waiters| {
        let semaphore = leaked(Semaphore::new(0));
        let others = line(waiters, waker, || semaphore.acquire());
        move || (poll_once(semaphore.acquire(), waker).is_pending(), others.len())
    };
    let hand_off = |waiters| {
        let semaphore = leaked(Semaphore::new(1));
        let mut held = semaphore.try_acquire().ok();
        let mut line = line(waiters, waker, || semaphore.acquire());
        move || {
            drop(held.take());
            held = to_the_end(&mut line, waker, semaphore.acquire()).ok();
        }
    };
    Table::new("semaphore, in line")
        .case("queue + cancel, among 10", queue_and_cancel(10))
        .case("queue + cancel, among 1,000", queue_and_cancel(1_000))
        .case("queue + cancel, among 100,000", queue_and_cancel(100_000))
        .case("hand-off along 10", hand_off(10))
        .case("hand-off along 1,000", hand_off(1_000))
        .case("hand-off along 100,000", hand_off(100_000))
        .print();
}

/// Tasks of one `Local` that hold a permit for a yield.
fn contended(tasks: u64, permits: usize, waker: &Waker) -> impl FnMut(u64) {
    let semaphore = leaked(Semaphore::new(permits));
    move |times| {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        for _ in 0..tasks {
            let turns = async move {
                for _ in 0..times.div_ceil(tasks) {
                    let _permit = semaphore.acquire().await.expect("nobody closes it");
                    yield_now().await;
                }
            };
            spawner.spawn_local(turns).expect("it is there");
        }
        let mut run = pin!(local.run());
        while poll_once(run.as_mut(), waker).is_pending() {}
    }
}

fn tokens(waker: &Waker) {
    let (token, flag) = (CancelToken::new(), CancelFlag::new());
    let among = |waiters| {
        let token = leaked(CancelToken::new());
        let others = line(waiters, waker, || token.cancelled());
        move || (poll_once(token.cancelled(), waker).is_pending(), others.len())
    };
    Table::new("token")
        .case("is_cancelled", || token.is_cancelled())
        .case("is_cancelled of a flag", || flag.is_cancelled())
        .case("clone + drop", || token.clone())
        .case("child + drop", || token.child())
        .case("cancelled, queue + cancel", || poll_once(token.cancelled(), waker).is_pending())
        .case("cancelled of a flag, queue + cancel", || poll_once(flag.cancelled(), waker).is_pending())
        .case("cancelled, queue + cancel, among 1,000", among(1_000))
        .case("cancelled, queue + cancel, among 100,000", among(100_000))
        .case("on_cancel + unregister", || token.on_cancel(|_| ()).unregister())
        .case("run, pending once", || poll_once(token.run(std::future::pending::<()>()), waker).is_pending())
        .print();
}

/// Cancels so many in families of at most a hundred thousand, and drops them.
fn families(times: u64, relate: impl Fn(&CancelToken, &[CancelToken]) -> CancelToken) {
    for round in 0..times.div_ceil(100_000) {
        let head = CancelToken::new();
        let mut family = Vec::new();
        for _ in 0..(times - round * 100_000).min(100_000) {
            family.push(relate(&head, &family));
        }
        assert!(head.cancel() && family.iter().all(CancelToken::is_cancelled));
    }
}

fn token_families() {
    Table::new("tokens of a family made, cancelled, dropped, each")
        .batch("children of one", |times| families(times, |head, _| head.child()))
        .batch("a chain", |times| {
            families(times, |head, family| family.last().unwrap_or(head).child());
        })
        .batch("ten children each", |times| {
            families(times, |head, family| match family.len() {
                0..10 => head.child(),
                older => family[older / 10 - 1].child(),
            });
        })
        .print();
}

fn events(waker: &Waker) {
    let (event, queue) = (Event::new(), Event::new());
    let hand_off = |waiters| {
        let event = leaked(Event::new());
        let mut line = line(waiters, waker, || event.wait());
        move || {
            event.notify_one();
            to_the_end(&mut line, waker, event.wait());
        }
    };
    let all = |waiters: u64| {
        let event = leaked(Event::new());
        move |times: u64| {
            for _ in 0..times.div_ceil(waiters) {
                let mut line = line(waiters as usize, waker, || event.wait());
                event.notify_all();
                line.iter_mut().for_each(|waits| assert!(poll_once(Pin::new(waits), waker).is_ready()));
            }
        }
    };
    Table::new("event")
        .case("notify_one, nobody waiting", || event.notify_one())
        .case("notify_all, nobody waiting", || event.notify_all())
        .case("wait, notify_one, go on", || cycle(queue.wait(), waker, || queue.notify_one()).is_ready())
        .case("hand-off along 10", hand_off(10))
        .case("hand-off along 100,000", hand_off(100_000))
        .batch("1,000 wait, notify_all, they go on, each", all(1_000))
        .print();
}

fn latches_and_barriers(waker: &Waker) {
    let (closed, open) = (Latch::new(usize::MAX), Latch::new(0));
    let barrier = Barrier::new(4);
    Table::new("latch and barrier")
        .case("latch: count_down, not the last", || closed.count_down(1))
        .case("latch: wait, open", || poll_once(open.wait(), waker).is_ready())
        .case("latch: wait, the last count_down, go on", || {
            let latch = Latch::new(1);
            cycle(latch.wait(), waker, || latch.count_down(1)).is_ready()
        })
        .case("barrier: arrive and withdraw", || poll_once(barrier.wait(), waker).is_pending())
        .batch("barrier: rounds of four, each party", |times| {
            for _ in 0..times.div_ceil(4) {
                let mut early = line(3, waker, || barrier.wait());
                assert!(poll_once(barrier.wait(), waker).is_ready());
                early.iter_mut().for_each(|party| assert!(poll_once(Pin::new(party), waker).is_ready()));
            }
        })
        .print();
}

fn values(waker: &Waker) {
    let (sender, mut receiver) = watch(0_u64);
    let (unheard, _) = watch(0_u64);
    let mut version = 0;
    Table::new("oneshot and watch")
        .case("oneshot: make, send, receive", || {
            let (sender, receiver) = oneshot();
            sender.send(1).is_ok() && poll_once(receiver, waker).is_ready()
        })
        .case("oneshot: make, wait, send, receive", || {
            let (sender, receiver) = oneshot();
            cycle(receiver, waker, || assert!(sender.send(1).is_ok())).is_ready()
        })
        .case("watch: send_replace, nobody listening", || unheard.send_replace(1_u64))
        .case("watch: get", || unheard.get())
        .case("watch: wait, send, see it", || {
            version += 1;
            cycle(receiver.changed(), waker, || assert!(sender.send(version).is_ok())).is_ready()
        })
        .print();
}

fn main() {
    let waker = CountingWaker::new().waker();
    semaphore_alone(&waker);
    semaphore_in_line(&waker);
    Table::new("semaphore: tasks of a Local, per acquire")
        .batch("64 on 4 permits", contended(64, 4, &waker))
        .batch("1,000 on 4 permits", contended(1_000, 4, &waker))
        .print();
    tokens(&waker);
    token_families();
    events(&waker);
    latches_and_barriers(&waker);
    values(&waker);
}
