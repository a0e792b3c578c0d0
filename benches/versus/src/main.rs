//! Every workload beside its peers. The first line of a table is ours or the floor it is held against; ratios are to the first.

mod tasks;
mod timeouts;
mod timers;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

fn main() {
    timeouts::run();
    tasks::run();
}
