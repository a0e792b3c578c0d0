//! The whole executor: one future, and a core that sleeps when the future has nothing to do.

use alloc::{sync::Arc, task::Wake};
use core::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
    task::{Context, Poll},
};

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Release); // ORDERING: pairs with the swap in `block_on`.
    }
}

/// Runs `future` to its end.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let woken = Arc::new(Woken(AtomicBool::new(false)));
    let waker = Arc::clone(&woken).into();
    let mut cx = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        // ORDERING: pairs with the store in `wake_by_ref`.
        while !woken.0.swap(false, Ordering::Acquire) {
            // With interrupts masked no wake-up slips in between the look and `wfi`, which a pending interrupt ends all the same.
            critical_section::with(|_| {
                if !woken.0.load(Ordering::Relaxed) {
                    cortex_m::asm::wfi();
                }
            });
        }
    }
}
