//! An allocator that counts what each thread asks it for.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// The system's allocator, counting. To be installed with `#[global_allocator]`.
pub struct CountingAllocator;

/// A cache line of its own for each thread, so that counting costs a plain store.
#[repr(align(128))]
struct Published(AtomicU64);

static PUBLISHED: [Published; 32] = [const { Published(AtomicU64::new(0)) }; 32];
static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
    static HELD: Cell<isize> = const { Cell::new(0) };
    static NUMBER: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

/// How often this thread has allocated or grown memory.
pub fn allocations() -> u64 {
    COUNT.with(Cell::get)
}

/// How many bytes this thread has allocated, less those that it has freed.
pub fn bytes_held() -> isize {
    HELD.with(Cell::get)
}

/// How often the first 32 threads of the process have, together.
pub fn allocations_of_all() -> u64 {
    PUBLISHED.iter().map(|published| published.0.load(Ordering::Relaxed)).sum()
}

fn hold(bytes: isize) {
    // As below.
    let _ = HELD.try_with(|held| held.set(held.get().wrapping_add(bytes)));
}

fn count() {
    // A thread that ends may allocate after its locals are gone.
    let _ = COUNT.try_with(|count| {
        count.set(count.get() + 1);
        if let Some(published) = NUMBER.try_with(|number| PUBLISHED.get(*number)).ok().flatten() {
            published.0.store(count.get(), Ordering::Relaxed);
        }
    });
}

// SAFETY: every call is passed on to `System` as it came; counting allocates nothing.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        hold(layout.size() as isize);
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        hold(-(layout.size() as isize));
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        hold(size as isize - layout.size() as isize);
        // SAFETY: the caller's promises are those of `System`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
