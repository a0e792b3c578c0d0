//! Sleeps on the timer thread.

use super::*;

#[test]
fn a_sleep_is_never_early_on_its_own_clock_nor_on_the_machines() {
    block_on(async |rt| {
        for micros in [1, 50, 999, 1_000, 1_001, 3_333, 10_000, 20_000] {
            let length = Duration::from_micros(micros);
            let (own, machine) = (rt.now(), StdInstant::now());
            rt.sleep(length).await;
            assert!(machine.elapsed() >= length, "{length:?}");
            assert!(rt.now() >= own.saturating_add(length), "{length:?}");
        }
    });
}

#[test]
fn zero_and_a_past_deadline_are_ready_at_the_first_poll() {
    let timer = threads();
    Probe::new(timer.sleep(Duration::ZERO)).assert_ready();
    Probe::new(timer.sleep_until(timer.now())).assert_ready();
    let mut past = Probe::new(timer.sleep_until(Instant::from_nanos(0)));
    past.assert_ready();
    past.assert_ready();
    assert_eq!(past.wakes(), 0);
}

#[test]
fn never_registers_nothing() {
    let timer = threads();
    let clones = Arc::new(AtomicUsize::new(0));
    let count = clones.clone();
    let waker = Hooks::new().on_clone(move || _ = count.fetch_add(1, Ordering::Relaxed)).waker();
    for mut sleep in [timer.sleep_until(Instant::FAR_FUTURE), timer.sleep(Duration::MAX)].map(Probe::new) {
        assert!(sleep.poll_with(&waker).is_pending());
    }
    assert_eq!(clones.load(Ordering::Relaxed), 0);
    // Just before never: registered, and the timer thread bears it.
    let mut almost = Probe::new(timer.sleep_until(Instant::from_nanos(u64::MAX - 1)));
    assert!(almost.poll_with(&waker).is_pending());
    assert_eq!(clones.load(Ordering::Relaxed), 1);
    timer.block_on(async |rt| rt.sleep(MS).await);
    assert!(almost.poll().is_pending());
}

#[test]
fn a_reset_before_the_end_moves_it_both_ways() {
    block_on(async |rt| {
        // Later: registered for the near deadline first.
        let (start, mut sleep) = (StdInstant::now(), Box::pin(rt.sleep(2 * MS)));
        poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
        rt.reset(sleep.as_mut(), rt.now().saturating_add(30 * MS));
        sleep.await;
        assert!(start.elapsed() >= 30 * MS);
        // Earlier: if it were not moved, this test would hang for an hour.
        let mut sleep = Box::pin(rt.sleep(Duration::from_secs(3_600)));
        poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
        rt.reset(sleep.as_mut(), rt.now().saturating_add(2 * MS));
        sleep.as_mut().await;
        // To never, and back.
        rt.reset(sleep.as_mut(), rt.now().saturating_add(5 * MS));
        poll_fn(|cx| Poll::Ready(sleep.as_mut().poll(cx).is_ready())).await;
        rt.reset(sleep.as_mut(), Instant::FAR_FUTURE);
        rt.sleep(10 * MS).await;
        assert!(Probe::new(sleep.as_mut()).poll().is_pending());
        rt.reset(sleep.as_mut(), Instant::from_nanos(0));
        sleep.await;
    });
}

#[test]
fn a_reset_after_the_end_begins_anew() {
    block_on(async |rt| {
        let mut sleep = Box::pin(rt.sleep(MS));
        sleep.as_mut().await;
        sleep.as_mut().await;
        for _ in 0..3 {
            let start = StdInstant::now();
            rt.reset(sleep.as_mut(), rt.now().saturating_add(3 * MS));
            sleep.as_mut().await;
            assert!(start.elapsed() >= 3 * MS);
        }
    });
}

#[test]
fn a_sleep_dropped_before_and_after_it_registered_lets_go_of_the_waker_and_wakes_nobody() {
    let timer = threads();
    let (tell, told) = mpsc::channel();
    let tell = TellDrop(tell);
    let woken = CountingWaker::new();
    let count = woken.waker();
    let waker = HookWaker::new().on_wake(move || count.wake_by_ref()).on_drop(move || drop(tell)).waker();
    drop(timer.sleep(MS));
    let mut sleep = Probe::new(timer.sleep(Duration::from_secs(3_600)));
    assert!(sleep.poll_with(&waker).is_pending());
    drop(waker);
    assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty), "it is registered");
    drop(sleep);
    assert_eq!(told.try_recv(), Ok(()), "dropped with the sleep, on this thread");
    assert_eq!(woken.wakes(), 0);
}

#[test]
fn a_sleep_goes_on_on_another_thread_and_wakes_who_polled_it_last() {
    let timer = threads();
    let start = StdInstant::now();
    let mut sleep = Box::pin(timer.sleep(50 * MS));
    let _ = sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    thread::spawn(move || timer.block_on(async |_| sleep.await)).join().unwrap();
    assert!(start.elapsed() >= 50 * MS);
}

#[test]
fn the_waker_of_an_earlier_poll_is_not_woken() {
    let timer = threads();
    let mut sleep = Probe::new(timer.sleep(Duration::from_secs(3_600)));
    let (first, last) = (CountingWaker::new(), CountingWaker::new());
    assert!(sleep.poll_with(&first.waker()).is_pending());
    assert!(sleep.poll_with(&last.waker()).is_pending());
    timer.reset(sleep.get_mut(), timer.now().saturating_add(5 * MS));
    while sleep.poll_with(&last.waker()).is_pending() {
        wait_for("the last waker", || last.wakes() > 0);
    }
    assert_eq!(first.wakes(), 0);
}

#[test]
fn ten_thousand_sleeps_at_once_fire_in_the_order_of_their_deadlines() {
    const COUNT: usize = 10_000;
    // All are registered before the first is due, or the test begins again with more room.
    for lead in [500, 2_000, 10_000].map(Duration::from_millis) {
        let timer = threads();
        let base = timer.now().saturating_add(lead);
        let (tell, told) = mpsc::channel();
        let sleeps: Vec<_> = (0..COUNT)
            .map(|step| {
                // Spread by a step that is prime to the count, two to a deadline; equal ones in order of registration.
                let place = step * 7_919 % COUNT;
                let tell = tell.clone();
                let waker = HookWaker::new().on_wake(move || tell.send((place / 2, step)).unwrap()).waker();
                let at = base.saturating_add(Duration::from_micros(place as u64 / 2));
                let mut sleep = Probe::new(timer.sleep_until(at));
                assert!(sleep.poll_with(&waker).is_pending() || timer.now() >= base);
                sleep
            })
            .collect();
        if timer.now() >= base {
            continue;
        }
        let fired: Vec<_> = (0..COUNT).map(|_| told.recv_timeout(PATIENCE).unwrap()).collect();
        assert!(timer.now() >= base.saturating_add(Duration::from_micros(COUNT as u64 / 2 - 1)));
        assert!(fired.is_sorted(), "by deadline, then by arrival");
        sleeps.into_iter().for_each(|mut sleep| sleep.assert_ready());
        return;
    }
    panic!("this machine cannot register {COUNT} sleeps in ten seconds");
}

#[test]
fn a_waker_that_panics_does_not_end_the_timer_thread() {
    let timer = threads();
    let (tell, told) = mpsc::channel();
    // All at the same moment, so that they are fired in one go.
    let at = timer.now().saturating_add(20 * MS);
    for _ in 0..3 {
        let tell = tell.clone();
        let waker = HookWaker::new().on_wake(move || {
            tell.send(()).unwrap();
            panic!("on purpose");
        });
        timer.schedule_wake(at, &mut WakeKey::new(), &waker.waker());
    }
    timer.block_on(async |rt| rt.sleep_until(at).await);
    (0..3).for_each(|_| told.recv_timeout(PATIENCE).unwrap());
    timer.block_on(async |rt| rt.sleep(5 * MS).await);
}

#[test]
fn a_sleep_outlives_every_other_handle_of_its_timer() {
    let sleep = threads().sleep(5 * MS);
    block_on(async |_| sleep.await);
}

#[test]
fn sleeps_of_many_threads_on_one_timer_all_end() {
    let timer = threads();
    let helpers: Vec<_> = (0..8_u32)
        .map(|n| {
            let timer = timer.clone();
            thread::spawn(move || {
                for round in 0..20 {
                    let start = StdInstant::now();
                    let length = Duration::from_micros(u64::from(n * 37 + round * 11));
                    timer.block_on(async |rt| rt.sleep(length).await);
                    assert!(start.elapsed() >= length);
                }
            })
        })
        .collect();
    helpers.into_iter().for_each(|helper| helper.join().unwrap());
}

#[test]
fn moments_of_two_timers_and_of_std_agree() {
    let (one, other) = (threads(), threads());
    let moments = [one.now(), other.now(), Threads::instant_from_std(StdInstant::now()), one.now()];
    assert!(moments.is_sorted(), "{moments:?}");
    let there_and_back = Threads::instant_to_std(moments[1]).map(Threads::instant_from_std);
    assert_eq!(there_and_back, Some(moments[1]));
    assert_eq!(Threads::instant_to_std(Instant::FAR_FUTURE), None);
}
