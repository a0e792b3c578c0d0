//! Tasks that see the waker of the executor around them.

use super::*;

/// As a timer of embassy: takes no waker but the one of the executor around it.
struct Insists {
    expected: Waker,
    fires_after: u32,
}

impl Future for Insists {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        assert!(cx.waker().will_wake(&self.expected), "not the waker of the owner");
        if self.fires_after == 0 {
            return Poll::Ready(());
        }
        self.fires_after -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

#[test]
fn a_future_that_insists_on_the_owners_waker_works_as_task_and_as_main_future() {
    let mut local = Local::new().pass_waker();
    let count = CountingWaker::new();
    let owner = count.waker();
    let spawner = local.local_spawner();
    let insists = |fires_after| Insists { expected: owner.clone(), fires_after };
    let task = spawner.spawn_local_task(insists(3)).unwrap();
    let plain = spawner.spawn_local_task(yield_now()).unwrap();
    let main = insists(2);
    let mut run = Probe::new(local.run_until(async move {
        main.await;
        task.await.unwrap();
        plain.await.unwrap();
    }));
    let mut polls = 0;
    while run.poll_with(&owner).is_pending() {
        polls += 1;
        assert!(polls < 20);
        assert!(count.wakes() > 0, "nobody would poll it again");
    }
}

#[test]
fn without_it_such_a_future_is_refused() {
    let mut local = Local::new();
    let owner = CountingWaker::new().waker();
    let task = Insists { expected: owner.clone(), fires_after: 0 };
    let task = local.local_spawner().spawn_local_task(task).unwrap();
    assert!(Probe::new(local.run()).poll_with(&owner).is_ready());
    assert!(Probe::new(task).assert_ready().unwrap_err().is_panic());
}

#[test]
fn tasks_make_progress_whichever_of_them_is_woken() {
    Check::random(100).assert(async |sim: Sim| {
        let mut local = Local::new().pass_waker();
        let spawner = local.local_spawner();
        let tasks: Vec<Task<()>> = (1..=4)
            .map(|n| {
                let timer = sim.clone();
                let task = async move {
                    for _ in 0..n {
                        timer.sleep(Duration::from_millis(n)).await;
                        yield_now().await;
                    }
                };
                spawner.spawn_local_task(task).unwrap()
            })
            .collect();
        let all = async {
            for task in tasks {
                task.await.unwrap();
            }
        };
        local.run_until(all).await;
        local.run().await;
    });
}

#[test]
fn a_local_that_waits_is_not_polled_again() {
    let mut local = Local::new().pass_waker();
    local.local_spawner().spawn_local(pending()).unwrap();
    let mut run = Probe::new(local.run());
    run.assert_pending();
    let before = run.wakes();
    run.assert_pending();
    assert_eq!(run.wakes(), before, "it would spin");
    drop(run);
    let mut run = Probe::new(local.run_until(pending::<()>()));
    run.assert_pending();
    assert_eq!(run.wakes(), 0, "it would spin");
}

#[test]
fn a_local_with_tasks_may_begin_to_pass_its_waker() {
    let mut local = Local::new();
    let old = sleepers(&local.local_spawner(), 2);
    assert!(!settle(&mut local));
    let mut local = local.pass_waker();
    let new = sleepers(&local.local_spawner(), 2);
    assert!(!settle(&mut local));
    for sleeper in old.iter().chain(&new) {
        sleeper.done.set(true);
        sleeper.wake();
    }
    assert!(settle(&mut local));
}
