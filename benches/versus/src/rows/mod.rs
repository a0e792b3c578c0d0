//! The rows, a file per chapter.

mod breakers;
mod bulkheads;
mod delays;
mod events;
mod floors;
mod gathers;
mod groups;
mod in_task;
mod layers;
mod limit;
mod lines;
mod maps;
mod pinball;
mod pools;
mod queue_wakes;
mod queues;
mod queues_across;
mod queues_of_tasks;
mod retries;
mod semaphores;
mod spawned;
mod stacks;
mod timeouts;
mod tokens;
mod trackers;
mod work;

use crate::row::Row;
use std::hint::black_box;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::{Context, Poll, Waker};
use untether::testing::CountingWaker;

pub fn all() -> Vec<Row> {
    [
        timeouts::rows(),
        in_task::rows(),
        spawned::rows(),
        gathers::rows(),
        groups::rows(),
        semaphores::rows(),
        tokens::rows(),
        trackers::rows(),
        events::rows(),
        queues::rows(),
        queues_of_tasks::rows(),
        queues_across::rows(),
        pinball::rows(),
        queue_wakes::rows(),
        delays::rows(),
        work::rows(),
        pools::rows(),
        retries::rows(),
        bulkheads::rows(),
        stacks::rows(),
        breakers::rows(),
        limit::rows(),
        layers::rows(),
        maps::rows(),
        floors::rows(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Polls until it is ready; what is driven so wakes itself.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn drive<F: Future>(future: F, waker: &Waker) -> F::Output {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(waker)) {
            return output;
        }
    }
}

/// Stands for a type, where those who do the same stand in one list.
struct Of<T>(PhantomData<T>);

impl<T> Of<T> {
    const NEW: Self = Self(PhantomData);
}

/// Lasts as long as the program, as what several cases share does.
fn leaked<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn waker() -> &'static Waker {
    static WAKER: OnceLock<Waker> = OnceLock::new();
    WAKER.get_or_init(|| CountingWaker::new().waker())
}

/// An operation so many times.
fn each<R>(mut operation: impl FnMut() -> R + 'static) -> impl FnMut(u64) + 'static {
    move |times| {
        for _ in 0..times {
            black_box(operation());
        }
    }
}

/// Tells whether nobody was forgotten: the sum of the numbers below `count`.
fn sum_below(count: u64) -> u64 {
    (0..count).sum()
}
