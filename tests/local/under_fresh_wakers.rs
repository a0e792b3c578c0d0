//! A fresh waker per poll of the owner: whoever keeps an old one is found as a deadlock.

use super::*;

#[test]
fn the_owner_keeps_no_stale_waker() {
    Check::random(200).assert(async |sim: Sim| {
        let mut local = Local::new();
        let spawner = local.local_spawner();
        let tasks: Vec<Task<Rc<u64>>> = (1..=4)
            .map(|n| {
                let timer = sim.clone();
                let task = async move {
                    for _ in 0..3 {
                        timer.sleep(Duration::from_millis(n)).await;
                    }
                    Rc::new(n)
                };
                spawner.spawn_local_task(task).unwrap()
            })
            .collect();
        let mut sum = 0;
        for task in tasks {
            sum += *local.run_until(task).await.unwrap();
        }
        assert_eq!(sum, 10);
        local.run().await;
    });
}

#[test]
fn arrivals_and_wakes_from_sibling_tasks_of_the_executor_reach_the_owner() {
    Check::random(200).spurious_polls().assert(async |sim: Sim| {
        let mut local = Local::new();
        let spawner = local.spawner();
        let producer = sim.spawn_task(async move {
            let mut sum = 0;
            for n in 0..3 {
                let task = spawner.spawn_task(async move {
                    yield_now().await;
                    n
                });
                sum += task.unwrap().await.unwrap();
                yield_now().await;
            }
            sum
        });
        assert_eq!(local.run_until(producer.unwrap()).await.unwrap(), 3);
    });
}

#[test]
fn every_order_of_a_spawn_and_the_poll_of_its_owner_is_seen() {
    let passed = Check::exhaustive(100_000).run(async |sim: Sim| {
        let mut local = Local::new();
        let spawner = local.spawner();
        let others = [1, 2].map(|n| {
            let spawner = spawner.clone();
            sim.spawn_task(async move { spawner.spawn_task(ready(n)).unwrap().await.unwrap() }).unwrap()
        });
        let sum = async {
            let mut sum = 0;
            for other in others {
                sum += other.await.unwrap();
            }
            sum
        };
        assert_eq!(local.run_until(sum).await, 3);
    });
    assert!(passed.unwrap().complete);
}

#[test]
fn tasks_of_a_local_that_is_cancelled_anywhere_are_cancelled_and_nobody_hangs() {
    Check::random(30).cancel("owner").assert(async |sim: Sim| {
        let (give, spawner) = mpsc::channel();
        let timer = sim.clone();
        let owner = Task::builder().name("owner").spawn_local(&sim.local(), async move {
            let mut local = Local::new();
            give.send(local.spawner()).unwrap();
            local.run_until(timer.sleep(Duration::from_millis(5))).await;
        });
        let owner = owner.unwrap();
        sim.sleep(Duration::from_millis(1)).await;
        if let Ok(spawner) = spawner.try_recv() {
            let timer = sim.clone();
            let task = spawner.spawn_task(async move { timer.sleep(Duration::from_millis(9)).await });
            match task {
                Ok(task) => assert!(task.await.unwrap_err().is_cancelled()),
                Err(error) => assert_eq!(error.kind(), SpawnErrorKind::Shutdown),
            }
        }
        let _ = owner.await;
    });
}
