//! A future and its closure on two threads, and a reader and the turns of its iterator.

use super::call::{Call, Passed};
use super::core::Offload;
use crate::spawn::{BoxBlocking, Label, SpawnBlocking, SpawnError};
use crate::sync::Semaphore;
use crate::sys::models::{block_on, held, join, model, thread};
use alloc::sync::Arc;
use core::future::poll_fn;
use core::pin::Pin;
use futures_core::stream::Stream;

/// Each closure has a thread.
#[derive(Clone)]
struct OnThreads;

impl SpawnBlocking for OnThreads {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        drop(thread::spawn(move || work.run()));
        Ok(())
    }
}

fn offload(limit: usize) -> Offload<OnThreads> {
    let offload = Offload::builder(OnThreads).limit(limit).build();
    assert_eq!(offload.stats().running, 0, "used once before it is shared");
    offload
}

#[test]
fn a_closure_whose_future_goes_meanwhile_is_run_or_dropped_and_its_place_comes_back() {
    for runs in [true, false] {
        model(move || {
            let (witness, held) = held();
            let places = Arc::new(Semaphore::new(1));
            let place = Semaphore::try_acquire_owned(places.clone()).expect("it is free");
            let call = Call::new(held, place, Label::here());
            let passed = Passed(call.clone());
            let runtime = thread::spawn(move || if runs { passed.run(|held| held) } else { drop(passed) });
            call.leave();
            join([runtime]);
            assert!(witness.saw_it_go());
            assert_eq!(places.available(), 1);
        });
    }
}

#[test]
fn whoever_awaits_is_woken_and_finds_the_place_free() {
    model(|| {
        let offload = offload(1);
        assert!(block_on(offload.run(|| 7)).is_ok_and(|value| value == 7));
        assert_eq!(offload.stats().running, 0);
    });
}

#[test]
fn a_reader_gets_each_item_once_and_the_end() {
    model(|| {
        let offload = offload(1);
        let mut stream = offload.stream(|| 0..2).ahead(1);
        let mut next = || block_on(poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)));
        for item in 0..2 {
            assert!(next().is_some_and(|next| next.is_ok_and(|next| next == item)));
        }
        assert!(next().is_none());
    });
}

#[test]
fn a_reader_that_goes_at_any_moment_leaves_no_iterator_behind() {
    model(|| {
        let (witness, held) = held();
        let offload = offload(1);
        let mut stream = offload.stream(move || (0..2).inspect(move |_| _ = &held)).ahead(1);
        block_on(poll_fn(|cx| {
            drop(Pin::new(&mut stream).poll_next(cx));
            core::task::Poll::Ready(())
        }));
        drop(stream);
        // Its place may come back before its thread has ended, so this waits for what runs.
        assert!(block_on(offload.run(|| ())).is_ok());
        while !witness.saw_it_go() {
            thread::yield_now();
        }
    });
}
