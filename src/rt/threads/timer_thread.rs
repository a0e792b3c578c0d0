//! One thread that fires the wakers that are due and sleeps until the next.

use crate::rt::monotonic;
use crate::sys::atomic::AtomicBool;
use crate::sys::unwind;
use crate::time::{Instant, WakeKey, WakeQueue};
use alloc::string::ToString;
use alloc::sync::Arc;
use core::sync::atomic::Ordering;
use core::task::Waker;
use event_listener::{Event, Listener};
use std::io;
use std::thread;

pub(super) struct TimerThread {
    queue: WakeQueue,
    /// The next deadline came nearer, or it is time to stop.
    changed: Event,
    stopped: AtomicBool,
}

impl TimerThread {
    pub(super) fn start(stack_size: Option<usize>) -> io::Result<Arc<Self>> {
        let timer = Arc::new(Self {
            queue: WakeQueue::new(),
            changed: Event::new(),
            stopped: AtomicBool::new(false),
        });
        let running = timer.clone();
        builder("untether-timer", stack_size).spawn(move || running.run())?;
        Ok(timer)
    }

    pub(super) fn schedule(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        let sooner = unwind::catch(|| self.queue.schedule(at, key, waker));
        // Also when the waker that was replaced panicked on its way out: the others still count on the thread.
        if !matches!(sooner, Ok(false)) {
            self.changed.notify(1);
        }
        if let Err(panic) = sooner {
            unwind::resume(panic);
        }
    }

    pub(super) fn cancel(&self, key: &mut WakeKey) {
        self.queue.cancel(key);
    }

    pub(super) fn sleepers(&self) -> usize {
        self.queue.len()
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.changed.notify(1);
    }

    fn run(&self) {
        loop {
            // Listening begins before the queue is looked at, so that nothing that changes in between is missed.
            let changed = self.changed.listen();
            if self.stopped.load(Ordering::Acquire) {
                return;
            }
            // A waker that panics has told the panic hook; the others still count on this thread.
            match unwind::catch(|| self.queue.fire(monotonic::now())) {
                Ok(next) => match next.and_then(monotonic::to_std) {
                    Some(at) => drop(changed.wait_deadline(at)),
                    None => changed.wait(),
                },
                Err(panic) => unwind::discard(panic),
            }
        }
    }
}

/// How every thread here is started.
pub(super) fn builder(name: &str, stack_size: Option<usize>) -> thread::Builder {
    let builder = thread::Builder::new().name(name.to_string());
    match stack_size {
        Some(bytes) => builder.stack_size(bytes),
        None => builder,
    }
}
