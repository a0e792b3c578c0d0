//! How many schedules a second the simulator runs.

use untether::spawn::{SpawnExt, yield_now};
use untether::testing::sim::{Check, Sim};
use untether_support::stopwatch::Table;

#[global_allocator]
static ALLOCATOR: untether_support::CountingAllocator = untether_support::CountingAllocator;

async fn three_tasks_of_three_steps(sim: Sim) {
    let tasks = [(); 3].map(|()| {
        sim.spawn_task(async {
            yield_now().await;
            yield_now().await;
        })
        .expect("it is running")
    });
    for task in tasks {
        task.await.expect("it only yields");
    }
}

fn main() {
    Table::new("one schedule of three tasks of three steps")
        .batch("random, fresh wakers", |schedules| {
            Check::random(schedules).run(three_tasks_of_three_steps).expect("nothing can fail");
        })
        .batch("random, stable wakers", |schedules| {
            Check::random(schedules)
                .stable_wakers()
                .run(three_tasks_of_three_steps)
                .expect("nothing can fail");
        })
        .batch("exhaustive", |schedules| {
            let mut left = schedules;
            while left > 0 {
                let check = Check::exhaustive(left);
                left -= check.run(three_tasks_of_three_steps).expect("nothing can fail").schedules;
            }
        })
        .print();
}
