//! Nobody who is always ready starves the others.

use super::*;

#[test]
fn a_task_that_always_wakes_itself_starves_neither_its_siblings_nor_the_future() {
    let mut local = Local::new();
    let spawner = local.local_spawner();
    let greedy = async {
        loop {
            yield_now().await;
        }
    };
    spawner.spawn_local(greedy).unwrap();
    let turns = Rc::new(Cell::new(0));
    let count = turns.clone();
    let sibling = async move {
        for _ in 0..100 {
            yield_now().await;
            count.set(count.get() + 1);
        }
    };
    spawner.spawn_local(sibling).unwrap();
    let main = async {
        for _ in 0..100 {
            yield_now().await;
        }
    };
    let mut run = Probe::new(local.run_until(main));
    let mut polls = 1;
    while run.poll().is_pending() {
        polls += 1;
        assert!(polls <= 200, "the future starves");
    }
    assert!(turns.get() >= 99, "{turns:?}");
}

#[test]
fn a_task_that_always_wakes_itself_gives_way_to_the_executor_around_it() {
    block_on(async |rt| {
        let others = rt.spawn_task(async {
            for _ in 0..100 {
                yield_now().await;
            }
        });
        let mut local = Local::new();
        let greedy = async {
            loop {
                yield_now().await;
            }
        };
        local.local_spawner().spawn_local(greedy).unwrap();
        local.run_until(others.unwrap()).await.unwrap();
    });
}

#[test]
fn one_poll_of_the_owner_polls_each_task_once_and_asks_to_be_polled_again() {
    let mut local = Local::new();
    let polls = Rc::new(Cell::new(0));
    for _ in 0..5 {
        let polls = polls.clone();
        let task = poll_fn(move |cx| {
            polls.set(polls.get() + 1);
            cx.waker().wake_by_ref();
            Poll::<()>::Pending
        });
        local.local_spawner().spawn_local(task).unwrap();
    }
    let mut run = Probe::new(local.run());
    for round in 1..=10 {
        run.assert_pending();
        assert_eq!(polls.get(), round * 5);
        assert!(run.wakes() >= round, "nobody would poll it again");
    }
}

#[test]
fn a_task_that_spawns_without_end_gives_way() {
    let mut local = Local::new();
    let spawner = local.spawner();
    fn hydra(spawner: Spawner) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move { spawner.spawn(hydra(spawner.clone())).unwrap() })
    }
    spawner.spawn(hydra(spawner.clone())).unwrap();
    let mut run = Probe::new(local.run());
    for _ in 0..100 {
        run.assert_pending();
    }
    assert!(run.wakes() >= 100);
}
