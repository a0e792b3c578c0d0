//! What goes wrong on purpose: faults, late sleeps, slow closures, clocks that are off.

use super::*;
use untether::spawn::Parts;

/// All that a test noted in all its runs.
fn seen<T: Ord>(check: Check, body: impl AsyncFn(Sim) -> T) -> BTreeSet<T> {
    let seen = Mutex::new(BTreeSet::new());
    let run = check.run(async |sim| {
        let one = body(sim).await;
        seen.lock().unwrap().insert(one);
    });
    run.unwrap();
    seen.into_inner().unwrap()
}

#[test]
fn faults_happen_one_in_four_times_and_only_where_they_are_asked_for() {
    let faults = async |sim: Sim| (0..20).filter(|_| sim.buggify()).count();
    assert_eq!(seen(Check::random(50), faults), BTreeSet::from([0]));
    let total = AtomicU32::new(0);
    Check::random(200)
        .buggify()
        .run(async |sim| {
            total.fetch_add(u32::try_from(faults(sim).await).unwrap(), Ordering::Relaxed);
        })
        .unwrap();
    assert!((850..1_150).contains(&total.into_inner()), "of 4,000 chances");
    let both = seen(Check::exhaustive(10).buggify(), async |sim: Sim| sim.buggify());
    assert_eq!(both.len(), 2);
}

#[test]
fn no_choice_is_made_for_faults_that_are_off() {
    let off = async |sim: Sim| {
        assert!(!sim.buggify());
        sim.sleep(SECOND).await;
        sim.spawn_blocking_task(|| ()).unwrap().await.unwrap();
        assert_eq!(sim.choose(8), 7);
        panic!("here");
    };
    let failure = Check::replay("07".parse().unwrap()).run(off).unwrap_err();
    assert!(
        failure.kind.to_string().contains("here"),
        "one choice for the probe, one for the test: {failure}"
    );
}

#[test]
fn a_sleep_ends_late_by_up_to_the_jitter_and_never_early() {
    let lateness = async |sim: Sim| {
        let deadline = sim.now().saturating_add(SECOND);
        sim.sleep_until(deadline).await;
        assert!(sim.now() >= deadline);
        sim.now().saturating_duration_since(deadline)
    };
    let max = Duration::from_millis(200);
    let random = seen(Check::random(300).timer_jitter(max), lateness);
    assert!(random.len() > 200 && *random.last().unwrap() <= max);
    assert!(*random.first().unwrap() < max / 20 && *random.last().unwrap() > max * 19 / 20);
    let exhaustive = seen(Check::exhaustive(100).timer_jitter(max), lateness);
    assert_eq!(
        (exhaustive.len(), exhaustive.first(), exhaustive.last()),
        (3, Some(&Duration::ZERO), Some(&max))
    );
    assert_eq!(seen(Check::random(20), lateness), BTreeSet::from([Duration::ZERO]));
}

#[test]
fn how_late_a_sleep_is_stays_as_it_was_however_often_it_is_polled() {
    let max = Duration::from_millis(200);
    let passed = Check::exhaustive(100).timer_jitter(max).run(async |sim: Sim| {
        let mut sleep = Box::pin(sim.sleep(SECOND));
        for _ in 0..10 {
            poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
        }
        sleep.await;
    });
    // Three for how late, and each of them with and without a look for lost wake-ups.
    assert_eq!(passed.unwrap().schedules, 6);
}

#[test]
fn a_past_deadline_is_ready_at_once_and_never_stays_never_with_jitter_as_well() {
    let check = Check::exhaustive(1_000).timer_jitter(Duration::MAX);
    let passed = check.run(async |sim| {
        let start = sim.now();
        sim.sleep_until(start).await;
        assert_eq!(sim.now(), start);
        let mut never = Box::pin(sim.sleep_until(Instant::FAR_FUTURE));
        assert!(poll_fn(|cx| Poll::Ready(never.as_mut().poll(cx).is_pending())).await);
        // However late: it comes.
        sim.sleep(SECOND).await;
        assert!(!sim.now().is_far_future());
    });
    passed.unwrap();
}

/// Three who sleep, each twice, to moments that lie close together.
async fn three_who_sleep(sim: Sim, timer: impl Timer<Sleep: Send> + Clone + Send + Sync + 'static) {
    let tasks = [10, 20, 25].map(|n| {
        let timer = timer.clone();
        let task = async move {
            timer.sleep(Duration::from_millis(n)).await;
            // One that is made anew at each poll.
            let deadline = timer.now().saturating_add(Duration::from_millis(20));
            let mut anew = None;
            poll_fn(|cx| anew.insert(Box::pin(timer.sleep_until(deadline))).as_mut().poll(cx)).await;
        };
        sim.spawn_task(task).unwrap()
    });
    for task in tasks {
        task.await.unwrap();
    }
}

#[test]
fn who_sleeps_late_has_lost_no_wake_up() {
    let jitter = Duration::from_millis(50);
    for check in [Check::random(300), Check::exhaustive(3_000), Check::pct(300, 3)] {
        let passed = check.timer_jitter(jitter).run(async |sim| three_who_sleep(sim.clone(), sim).await);
        passed.unwrap();
    }
}

#[test]
fn who_sleeps_on_a_clock_that_is_off_has_lost_no_wake_up() {
    for check in [Check::random(300), Check::exhaustive(3_000), Check::random(300).timer_jitter(SECOND)] {
        let passed = check.run(async |sim| {
            let off = sim.drifted(Duration::from_millis(50));
            three_who_sleep(sim, off).await;
        });
        passed.unwrap();
    }
}

#[test]
fn a_lost_wake_up_is_found_beside_sleeps_that_are_late() {
    let failure = Check::random(100).timer_jitter(SECOND).run(async |sim| {
        let (flag, timer) = (Arc::new(Deaf::default()), sim.clone());
        let waits = flag.clone();
        let waiter =
            sim.spawn_task(async move { waits.wait().timeout(3_600 * SECOND, &timer).await.is_ok() });
        sim.sleep(SECOND).await;
        flag.0.store(1, Ordering::Relaxed);
        waiter.unwrap().await.unwrap();
    });
    assert!(matches!(failure.unwrap_err().kind, FailureKind::LostWakeup { .. }));
}

#[test]
fn a_blocking_closure_takes_its_time_and_a_time_out_around_it_is_met() {
    let body = async |sim: Sim| {
        let start = sim.now();
        let work = sim.spawn_blocking_task(|| 7).unwrap();
        let in_time = work.timeout(SECOND, &sim).await.is_ok();
        (in_time, sim.now().saturating_duration_since(start))
    };
    assert_eq!(seen(Check::random(50), body), BTreeSet::from([(true, Duration::ZERO)]));
    let slow = seen(Check::random(300).blocking_takes(2 * SECOND), body);
    assert!(
        slow.contains(&(false, SECOND)) && slow.iter().any(|(in_time, took)| *in_time && !took.is_zero())
    );
    let exhaustive = seen(Check::exhaustive(1_000).blocking_takes(2 * SECOND), body);
    assert!(exhaustive.contains(&(true, Duration::ZERO)) && exhaustive.contains(&(false, SECOND)));
}

#[test]
fn a_closure_that_takes_its_time_does_not_run_if_the_test_ends_first() {
    let ran = Arc::new(AtomicU32::new(0));
    let passed = Check::replay("v0(65535)".parse().unwrap()).blocking_takes(SECOND).run(async |sim| {
        assert_eq!(sim.choose(32), 31);
        let counts = ran.clone();
        let work = move || counts.store(1, Ordering::Relaxed);
        sim.spawn_blocking_task(work).unwrap().detach();
        yield_now().await;
    });
    passed.unwrap();
    assert_eq!(ran.load(Ordering::Relaxed), 0);
}

#[test]
fn a_clock_that_is_off_stays_within_its_bounds_and_never_steps_back() {
    let max = Duration::from_millis(300);
    let off = seen(Check::random(300), async |sim: Sim| {
        let clock = sim.drifted(max);
        let same = clock.clone();
        let mut last = Instant::from_nanos(0);
        let mut off = (0, 0);
        for _ in 0..5 {
            let (now, shown) = (sim.now().as_nanos() / 1_000, clock.now());
            assert_eq!((shown, shown), (clock.now(), same.now()), "the same at the same moment");
            assert!(shown >= last, "it stepped back");
            last = shown;
            let shown = shown.as_nanos() / 1_000;
            assert!(shown.abs_diff(now) <= 300_000, "{shown} at {now}");
            off = (off.0.max(now.saturating_sub(shown)), off.1.max(shown.saturating_sub(now)));
            sim.sleep(Duration::from_millis(100)).await;
        }
        off
    });
    let (behind, ahead) = (off.iter().map(|off| off.0).max(), off.iter().map(|off| off.1).max());
    assert!(behind > Some(250_000) && ahead > Some(250_000), "{behind:?} {ahead:?}");
}

#[test]
fn in_an_exhaustive_check_a_clock_is_right_or_as_wrong_as_it_can_be() {
    let off = seen(Check::exhaustive(10), async |sim: Sim| {
        let (now, shown) = (sim.now(), sim.drifted(SECOND).now());
        (shown.saturating_duration_since(now), now.saturating_duration_since(shown))
    });
    let expected = [(Duration::ZERO, Duration::ZERO), (Duration::ZERO, SECOND), (SECOND, Duration::ZERO)];
    assert_eq!(off, BTreeSet::from(expected));
}

#[test]
fn a_sleep_on_a_clock_that_is_off_ends_when_that_clock_says_so() {
    let body = async |sim: Sim| {
        let rt = Parts { timer: sim.drifted(Duration::from_millis(300)), spawn: sim.clone() };
        let start = sim.now();
        let task = rt.clone().spawn_task(async move {
            let deadline = rt.now().saturating_add(SECOND);
            rt.sleep_until(deadline).await;
            assert!(rt.now() >= deadline);
        });
        task.unwrap().await.unwrap();
        sim.now().saturating_duration_since(start).as_millis()
    };
    let took = seen(Check::random(300), body);
    assert!(*took.first().unwrap() >= 400 && *took.first().unwrap() < 700, "{took:?}");
    assert!(*took.last().unwrap() <= 1_600 && *took.last().unwrap() > 1_300, "{took:?}");
    let ends: Vec<_> = seen(Check::exhaustive(100_000), body).into_iter().collect();
    assert_eq!((ends.first(), ends.last()), (Some(&400), Some(&1_600)));
}

#[test]
fn a_sleep_on_a_clock_that_is_off_by_ages_ends_and_one_until_never_does_not() {
    let passed = Check::exhaustive(1_000).run(async |sim| {
        assert!(!sim.drifted(Duration::MAX).now().is_far_future());
        let clock = sim.drifted(Duration::from_secs(100 * 365 * 86_400));
        clock.sleep(SECOND).await;
        assert!(!sim.now().is_far_future());
        let mut never = Box::pin(clock.sleep_until(Instant::FAR_FUTURE));
        assert!(poll_fn(|cx| Poll::Ready(never.as_mut().poll(cx).is_pending())).await);
    });
    passed.unwrap();
}

#[test]
fn code_that_compares_two_clocks_is_found_and_the_tape_replays_it() {
    let body = async |sim: Sim| {
        let theirs = sim.drifted(SECOND);
        let issued = theirs.now();
        sim.sleep(Duration::from_millis(500)).await;
        assert!(sim.now() >= issued, "issued in the future");
    };
    for check in [Check::random(100), Check::exhaustive(100), Check::pct(100, 2)] {
        let failure = check.run(body).unwrap_err();
        assert!(failure.kind.to_string().contains("issued in the future"), "{failure}");
        assert_eq!(Check::replay(failure.tape.clone()).run(body).unwrap_err().kind, failure.kind);
    }
}

#[test]
fn all_faults_together_are_shrunk_to_the_one_that_matters() {
    let body = async |sim: Sim| {
        let slow = sim.spawn_blocking_task(|| 7).unwrap();
        let fault = sim.buggify();
        sim.sleep(SECOND).await;
        slow.await.unwrap();
        sim.sleep(SECOND).await;
        assert!(!fault, "the fault");
    };
    let check = Check::random(100).buggify().timer_jitter(SECOND).blocking_takes(SECOND).spurious_polls();
    let failure = check.run(body).unwrap_err();
    assert_eq!(failure.tape.to_string(), "1", "{failure}");
}
