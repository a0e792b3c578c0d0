//! Models: small scenes of two or three threads, run by loom in every order that the memory model allows.
//!
//! Run by `ci/loom.sh`. A wake-up that is lost shows as a deadlock, which loom reports; what must hold at the end is asserted
//! outside of polls, since a poll's panic may be caught by the code that is modelled.
//!
//! An atomic gets its loom twin at its first use, and loom wants everybody else's use to come after that. So a scene that shares
//! one uses it once before it starts its threads; where that was forgotten loom says "causality violation".

mod atomic;
mod lock;
mod park;
mod wait_list;
mod wait_set;

pub(crate) use loom::future::block_on;
pub(crate) use loom::model;
pub(crate) use loom::thread::{self, JoinHandle};

use super::atomic::AtomicBool;
use alloc::sync::Arc;
use alloc::task::Wake;
use core::future::poll_fn;
use core::sync::atomic::{AtomicUsize, Ordering};
use core::task::{Poll, Waker};

/// How often a waker was woken. Bookkeeping of the scene, so its atomic is core's and adds no step to the model.
#[derive(Default)]
pub(crate) struct Wakes(AtomicUsize);

impl Wakes {
    pub(crate) fn new() -> (Arc<Self>, Waker) {
        let wakes = Arc::new(Self::default());
        (wakes.clone(), wakes.into())
    }

    pub(crate) fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Waits for the threads of a scene.
pub(crate) fn join<T: 'static, const N: usize>(threads: [JoinHandle<T>; N]) -> [T; N] {
    threads.map(|thread| thread.join().expect("loom fails the model when a thread panics"))
}

/// Something to give away, and whoever sees when it is dropped.
pub(crate) fn held() -> (Witness, Held) {
    let dropped = Arc::new(AtomicBool::new(false));
    assert!(!dropped.load(Ordering::Relaxed), "used once before it is shared");
    (Witness(dropped.clone()), Held(dropped))
}

pub(crate) struct Held(Arc<AtomicBool>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

pub(crate) struct Witness(Arc<AtomicBool>);

impl Witness {
    /// Whether it was dropped before, as far as this thread can know: relaxed as well, so the order comes from what is modelled.
    pub(crate) fn saw_it_go(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Becomes ready when its `N` flags are set, each by a thread of its own that then wakes. Setting and asking is relaxed, so only
/// the wake lets the poll after it see the flag.
pub(crate) fn wait_for<const N: usize>() -> impl Future<Output = ()> {
    let flags: [_; N] = core::array::from_fn(|_| Arc::new(AtomicBool::new(false)));
    let mut started = false;
    poll_fn(move |cx| {
        let set = flags.iter().filter(|flag| flag.load(Ordering::Relaxed)).count();
        if !core::mem::replace(&mut started, true) {
            for flag in &flags {
                let (flag, waker) = (flag.clone(), cx.waker().clone());
                thread::spawn(move || {
                    flag.store(true, Ordering::Relaxed);
                    waker.wake();
                });
            }
        }
        if set == N { Poll::Ready(()) } else { Poll::Pending }
    })
}
