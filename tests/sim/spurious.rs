//! Polls that nobody asked for.

use super::*;

#[test]
fn spurious_polls_happen_where_they_are_asked_for() {
    let polls = |check: Check| {
        let most = AtomicU32::new(0);
        let run = check.run(async |sim| {
            let sleeps = sim.clone();
            let count = Arc::new(AtomicU32::new(0));
            let counting = count.clone();
            let task = async move {
                let mut sleep = Box::pin(sleeps.sleep(SECOND));
                poll_fn(|cx| {
                    counting.fetch_add(1, Ordering::Relaxed);
                    sleep.as_mut().poll(cx)
                })
                .await;
            };
            let task = sim.spawn_task(task).unwrap();
            for _ in 0..20 {
                yield_now().await;
            }
            task.await.unwrap();
            most.fetch_max(count.load(Ordering::Relaxed), Ordering::Relaxed);
        });
        run.unwrap();
        most.into_inner()
    };
    assert_eq!(polls(Check::random(20)), 2, "once to register, once when it is due");
    assert_eq!(polls(Check::random(20).spurious_polls()), 3, "and once for nothing");
}

#[test]
fn a_spurious_poll_is_made_at_one_step_in_four_and_once_between_two_wakes() {
    let (chances, taken) = (AtomicU32::new(0), AtomicU32::new(0));
    let run = Check::random(4_000).spurious_polls().run(async |sim| {
        let polls = Arc::new(AtomicU32::new(0));
        let counted = polls.clone();
        let waits = poll_fn(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Poll::<()>::Pending
        });
        sim.spawn(waits).unwrap();
        while polls.load(Ordering::Relaxed) == 0 {
            yield_now().await;
        }
        yield_now().await;
        chances.fetch_add(1, Ordering::Relaxed);
        taken.fetch_add(polls.load(Ordering::Relaxed) - 1, Ordering::Relaxed);
    });
    run.unwrap();
    let (chances, taken) = (chances.into_inner(), taken.into_inner());
    assert_eq!(chances, 4_000);
    // Before each of two steps: 1 - (3/4)², or 1,750.
    assert!((1_650..1_850).contains(&taken), "{taken} of {chances}");
}
