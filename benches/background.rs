//! What a run of a job costs beside the job, alone and among ten thousand, and what starting and stopping one does.

use core::time::Duration;
use std::future::ready;
use std::pin::Pin;
use std::task::{Context, Waker};
use untether::spawn::Parts;
use untether::task::Background;
use untether::task::background::{Driver, DriverSpawner};
use untether::testing::ManualClock;
use untether::time::{Interval, Seed, Timer};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

const SECOND: Duration = Duration::from_secs(1);

type Jobs = Background<Parts<ManualClock, DriverSpawner>, Seed>;

fn driven(clock: &ManualClock) -> (Jobs, Pin<Box<Driver>>) {
    let (background, driver) = Background::driver(clock.clone());
    (background.entropy(Seed::new(1)), Box::pin(driver))
}

fn poll(future: Pin<&mut impl Future>) -> bool {
    future.poll(&mut Context::from_waker(Waker::noop())).is_ready()
}

/// So many jobs of a second that come one after the other: the clock goes from one to the next.
fn among(jobs: u32) -> impl FnMut() -> bool {
    let clock = ManualClock::new();
    let (background, mut driver) = driven(&clock);
    for job in 0..jobs {
        let first = SECOND * job / jobs;
        let job = background.job(format!("job {job}"), SECOND, || ready(()));
        job.first_after(first).start().expect("the name is free");
    }
    poll(driver.as_mut());
    move || {
        let _owner = &background;
        clock.advance_to_next();
        poll(driver.as_mut())
    }
}

fn main() {
    let clock = ManualClock::new();
    let mut beat = Interval::new(SECOND, clock.clone());
    let tick = move || {
        clock.advance_to_next();
        poll(Pin::new(&mut beat.tick()))
    };
    let limited_clock = ManualClock::new();
    let (limited, mut limited_driver) = driven(&limited_clock);
    let timer = limited_clock.clone();
    let job = limited.job("waits", SECOND, move || timer.sleep(SECOND / 4));
    job.timeout(SECOND / 2).start().expect("the name is free");
    poll(limited_driver.as_mut());

    let (one, hundred, many) = (among(1), among(100), among(10_000));
    let other = ManualClock::new();
    let (background, mut driver) = driven(&other);
    Table::new("a run, and what is around it")
        .case("a tick of an interval, by itself", tick)
        .case("a run of one job", one)
        .case("a run of one of 100 jobs", hundred)
        .case("a run of one of 10,000 jobs", many)
        .case("a run that waits, with a limit", move || {
            limited_clock.advance_to_next();
            poll(limited_driver.as_mut());
            limited_clock.advance_to_next();
            poll(limited_driver.as_mut())
        })
        .case("a job, started and stopped", move || {
            let job = background.start("job", SECOND, || ready(())).expect("the name is free");
            let mut stop = Box::pin(job.stop());
            poll(driver.as_mut());
            poll(stop.as_mut())
        })
        .print();
}
