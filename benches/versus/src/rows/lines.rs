//! Workloads of those who wait in a line: to join it, to leave it, and what goes along it. Each builds its line at its first run, so
//! that rows nobody asked for cost nothing.

use super::waker;
use std::collections::VecDeque;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use untether_support::stopwatch::{Lap, Watch};

/// The lengths of the lines: what a step costs must not grow with them.
pub const LENGTHS: [usize; 3] = [10, 10_000, 100_000];

/// How many join, or leave, before the stopwatch is read again.
const CROWD: u64 = 1_000;

#[inline(always)] // a call would copy the future, and that would be what is measured
pub fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

/// Measures what is built at its first run.
pub fn built<R: FnMut(u64, &mut Lap) + 'static>(build: impl FnOnce() -> R + 'static) -> Watch<'static> {
    let (mut build, mut run) = (Some(build), None);
    Watch::of_parts(1, move |times, lap| {
        let run = run.get_or_insert_with(|| build.take().expect("it is built once")());
        run(times, lap);
    })
}

fn line<F: Future>(waiters: usize, wait: &impl Fn() -> F) -> VecDeque<Pin<Box<F>>> {
    let mut line: VecDeque<_> = (0..waiters).map(|_| Box::pin(wait())).collect();
    line.iter_mut().for_each(|waits| assert!(poll(waits.as_mut(), waker()).is_pending()));
    line
}

/// One more joins the line and leaves it.
pub fn queue_and_cancel<F: Future + 'static>(among: usize, wait: impl Fn() -> F + 'static) -> Watch<'static> {
    built(move || {
        let (others, waker) = (line(among, &wait), waker());
        move |times, lap| {
            let _in_line = &others;
            lap.count(|| (0..times).for_each(|_| assert!(poll(pin!(wait()), waker).is_pending())));
        }
    })
}

fn join<F: Future>(crowd: &mut [Pin<Box<Option<F>>>], wait: &impl Fn() -> F, waker: &Waker) {
    for waits in crowd {
        waits.set(Some(wait()));
        assert!(poll(waits.as_mut().as_pin_mut().expect("it is here"), waker).is_pending());
    }
}

fn leave<F>(crowd: &mut [Pin<Box<Option<F>>>]) {
    crowd.iter_mut().for_each(|waits| waits.set(None));
}

/// Which of the two counts.
#[derive(Clone, Copy)]
pub enum Step {
    Queue,
    Cancel,
}

/// The same, each step by itself.
pub fn step<F: Future + 'static>(
    counts: Step,
    among: usize,
    wait: impl Fn() -> F + 'static,
) -> Watch<'static> {
    built(move || {
        let (others, waker) = (line(among, &wait), waker());
        let mut crowd: Vec<Pin<Box<Option<F>>>> = (0..CROWD).map(|_| Box::pin(None)).collect();
        move |times, lap: &mut Lap| {
            let _in_line = &others;
            let mut left = times;
            while left > 0 {
                let some = left.min(CROWD);
                left -= some;
                let joining = &mut crowd[..some as usize];
                match counts {
                    Step::Queue => {
                        lap.count(|| join(joining, &wait, waker));
                        leave(joining);
                    }
                    Step::Cancel => {
                        join(joining, &wait, waker);
                        lap.count(|| leave(joining));
                    }
                }
            }
        }
    })
}

/// What is told to the first goes along the line; whoever was told waits again at its end.
pub fn hand_off<F: Future + 'static>(
    waiters: usize,
    held: impl FnOnce() -> Option<F::Output> + 'static,
    wait: impl Fn() -> F + 'static,
    tell: impl Fn(Option<F::Output>) + 'static,
) -> Watch<'static> {
    built(move || {
        let (mut held, waker) = (held(), waker());
        let mut line = line(waiters, &wait);
        move |times, lap| {
            lap.count(|| {
                for _ in 0..times {
                    tell(held.take());
                    let mut first = line.pop_front().expect("nobody leaves");
                    let Poll::Ready(output) = poll(first.as_mut(), waker) else { panic!("it was its turn") };
                    held = Some(output);
                    first.set(wait());
                    assert!(poll(first.as_mut(), waker).is_pending());
                    line.push_back(first);
                }
            });
        }
    })
}
