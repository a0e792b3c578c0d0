//! Which of many children were woken: a bit for each, and above each word of bits one bit that says whether there is any.
//!
//! Who is woken sets its bit, and goes up only as long as the word it came to was empty: whoever made it not empty is on the way up, or has
//! been. At the top it wakes the task. The task goes down the other way, taking whole words. So a wake costs a step or two and a look for
//! who was woken costs as much as there are, whether there are a hundred children or a million; and nothing is locked.

use crate::sys::atomic::{AtomicUsize, AtomicWaker, fence};
use crate::sys::room;
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::task::Wake;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;
use core::task::Waker;

/// Bits of a word. Two in a model, so that there are several floors.
const BITS: usize = room::of(usize::BITS as usize);

/// Who was woken, and whom to tell.
pub(super) struct Ready {
    /// From the children's bits up to a single word.
    floors: Vec<Box<[AtomicUsize]>>,
    task: AtomicWaker,
}

impl Ready {
    /// All of them are to be polled.
    fn all(count: usize) -> Self {
        let (mut floors, mut bits) = (Vec::new(), count.max(1));
        loop {
            let words = bits.div_ceil(BITS);
            let floor = (0..words).map(|word| AtomicUsize::new(lowest((bits - word * BITS).min(BITS))));
            floors.push(floor.collect());
            bits = words;
            if words == 1 {
                return Self { floors, task: AtomicWaker::new() };
            }
        }
    }

    fn set(&self, index: usize) {
        let mut at = index;
        for floor in &self.floors {
            let bit = 1 << (at % BITS);
            at /= BITS;
            // ORDERING: Release, pairs with the Acquire of the swap in `take`: who takes the bit sees what was done before the wake.
            // Acquire, so that whoever stops here is seen by the one that goes up.
            if floor[at].fetch_or(bit, Ordering::AcqRel) != 0 {
                return;
            }
        }
        self.task.wake();
    }

    fn take(&self, floor: usize, word: usize) -> usize {
        // ORDERING: Acquire, pairs with the Release in `set`; Release, so that the next `set` of this word comes after.
        self.floors[floor][word].swap(0, Ordering::AcqRel)
    }
}

/// A word with so many bits set.
const fn lowest(count: usize) -> usize {
    if count >= usize::BITS as usize { usize::MAX } else { (1 << count) - 1 }
}

/// One walk through those that were woken, each of them once: it can be broken off and gone on with.
pub(super) struct Pass {
    ready: Arc<Ready>,
    /// For each floor the word that is being walked through, and what is left of it.
    rests: Vec<Rest>,
}

#[derive(Clone, Copy)]
struct Rest {
    word: usize,
    bits: usize,
}

impl Pass {
    /// Through all of them, at first.
    pub(super) fn new(count: usize) -> Self {
        let ready = Ready::all(count);
        let rests = ready.floors.iter().map(|_| Rest { word: 0, bits: 0 }).collect();
        Self { ready: Arc::new(ready), rests }
    }

    /// From now on `waker` is woken whenever the first child is woken after a [`begin`](Self::begin).
    pub(super) fn register(&self, waker: &Waker) {
        self.ready.task.register(waker);
    }

    /// Nobody is to be told any more. What comes back is foreign: it is dropped where nothing is in hand.
    #[must_use = "a waker is dropped where it harms nobody"]
    pub(super) fn forget_task(&self) -> Option<Waker> {
        self.ready.task.take()
    }

    /// A new walk, through those that were woken since the last one. That one is over.
    pub(super) fn begin(&mut self) {
        let top = self.rests.len() - 1;
        self.rests[top] = Rest { word: 0, bits: self.ready.take(top, 0) };
    }

    /// The next of them.
    #[inline]
    pub(super) fn next(&mut self) -> Option<usize> {
        let mut floor = 0;
        loop {
            let rest = &mut self.rests[floor];
            if rest.bits == 0 {
                floor += 1;
                if floor == self.rests.len() {
                    return None;
                }
                continue;
            }
            let index = rest.word * BITS + rest.bits.trailing_zeros() as usize;
            rest.bits &= rest.bits - 1;
            if floor == 0 {
                return Some(index);
            }
            floor -= 1;
            self.rests[floor] = Rest { word: index, bits: self.ready.take(floor, index) };
        }
    }

    /// A waker for nobody yet.
    pub(super) fn caller(&self) -> Caller {
        let call = Arc::new(Call { index: AtomicUsize::new(0), ready: self.ready.clone() });
        Caller { waker: call.clone().into(), call }
    }
}

/// A waker of one child.
struct Call {
    index: AtomicUsize,
    ready: Arc<Ready>,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ready.set(self.index.load(Ordering::Relaxed));
    }
}

/// A waker that serves one child after another, until one of them keeps it.
pub(super) struct Caller {
    waker: Waker,
    call: Arc<Call>,
}

impl Caller {
    /// The waker, for the child of this index.
    #[inline]
    pub(super) fn of(&self, index: usize) -> &Waker {
        self.call.index.store(index, Ordering::Relaxed);
        &self.waker
    }

    /// Whether the child that was polled with it kept it.
    #[inline]
    pub(super) fn is_kept(&self) -> bool {
        if Arc::strong_count(&self.call) > 2 {
            return true;
        }
        // ORDERING: Acquire, pairs with the Release with which an `Arc` is given back: who did that has read its index.
        fence(Ordering::Acquire);
        false
    }

    pub(super) fn into_waker(self) -> Waker {
        self.waker
    }
}
