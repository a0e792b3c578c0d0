//! The event's word against its line: whoever tells and whoever joins, at the same time.

use super::{Event, Wait};
use crate::sys::atomic::AtomicBool;
use crate::sys::models::{JoinHandle, Wakes, block_on, join, model, thread};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::pin::Pin;
use core::sync::atomic::Ordering::Relaxed;
use core::task::{Context, Waker};

struct Scene {
    event: Event,
    /// What an event tells of. Relaxed, so that the order comes from the event.
    happened: AtomicBool,
}

fn scene() -> Arc<Scene> {
    let scene = Arc::new(Scene { event: Event::new(), happened: AtomicBool::new(false) });
    assert!(!scene.event.is_set() && !scene.happened.load(Relaxed), "used once before they are shared");
    assert_eq!(scene.event.waiting(), 0);
    scene
}

fn on_another_thread(scene: &Arc<Scene>, verb: impl FnOnce(&Event) + 'static) -> JoinHandle<()> {
    let theirs = scene.clone();
    thread::spawn(move || {
        theirs.happened.store(true, Relaxed);
        verb(&theirs.event);
    })
}

fn poll_once(wait: &mut Wait<&Event>, waker: &Waker) -> bool {
    Pin::new(wait).poll(&mut Context::from_waker(waker)).is_ready()
}

const KEPT: [fn(&Event); 2] = [Event::notify_one, Event::set];
const ALL: [fn(&Event); 4] =
    [Event::notify_one, Event::set, Event::notify_all, |event| _ = event.pulse_one()];

#[test]
fn what_is_kept_reaches_one_who_comes_at_any_time_and_shows_what_was_done_before() {
    for verb in KEPT {
        model(move || {
            let scene = scene();
            let other = on_another_thread(&scene, verb);
            block_on(scene.event.wait());
            assert!(scene.happened.load(Relaxed));
            join([other]);
        });
    }
}

#[test]
fn one_who_joins_and_then_looks_sees_it_or_is_told() {
    for verb in ALL {
        model(move || {
            let scene = scene();
            let other = on_another_thread(&scene, verb);
            let mut wait = scene.event.wait();
            if !poll_once(&mut wait, Waker::noop()) && !scene.happened.load(Relaxed) {
                block_on(wait);
            }
            join([other]);
        });
    }
}

#[test]
fn one_who_is_here_and_then_looks_sees_it_or_is_let_through_by_what_tells_all() {
    for verb in [Event::set, Event::notify_all] {
        model(move || {
            let scene = scene();
            let other = on_another_thread(&scene, verb);
            let wait = scene.event.wait();
            if !scene.happened.load(Relaxed) {
                block_on(wait);
            }
            join([other]);
        });
    }
}

#[test]
fn one_who_clears_what_is_set_again_at_the_same_time_sees_why_or_is_told() {
    model(|| {
        let scene = scene();
        scene.event.set();
        let other = on_another_thread(&scene, Event::set);
        scene.event.clear();
        if !scene.happened.load(Relaxed) {
            block_on(scene.event.wait());
        }
        join([other]);
    });
}

#[test]
fn a_notification_that_races_with_a_cancel_reaches_the_next() {
    model(|| {
        let scene: &'static Scene =
            Box::leak(Box::new(Scene { event: Event::new(), happened: AtomicBool::new(false) }));
        let (mut first, mut second) = (scene.event.wait(), scene.event.wait());
        let (wakes, waker) = Wakes::new();
        assert!(!poll_once(&mut first, Waker::noop()) && !poll_once(&mut second, &waker));
        let threads = [thread::spawn(|| scene.event.notify_one()), thread::spawn(move || drop(first))];
        join(threads);
        assert_eq!(wakes.count(), 1);
        assert!(poll_once(&mut second, &waker));
        assert!(!scene.event.try_wait() && scene.event.waiting() == 0);
    });
}

#[test]
fn one_notification_lets_one_through_or_is_kept() {
    model(|| {
        let scene = scene();
        let take = |scene: Arc<Scene>| move || poll_once(&mut scene.event.wait(), Waker::noop());
        let threads = [thread::spawn(take(scene.clone())), thread::spawn(take(scene.clone()))];
        scene.event.notify_one();
        let passed = join(threads).into_iter().filter(|passed| *passed).count();
        assert_eq!(passed + usize::from(scene.event.try_wait()), 1);
        assert!(!scene.event.try_wait());
    });
}

#[test]
fn of_two_who_wait_and_two_notifications_both_are_let_through() {
    model(|| {
        let scene = scene();
        let tell = |scene: Arc<Scene>| move || scene.event.notify_one();
        let (mut first, mut second) = (scene.event.wait(), scene.event.wait());
        assert!(!poll_once(&mut first, Waker::noop()) && !poll_once(&mut second, Waker::noop()));
        join([thread::spawn(tell(scene.clone())), thread::spawn(tell(scene.clone()))]);
        assert!(poll_once(&mut first, Waker::noop()) && poll_once(&mut second, Waker::noop()));
    });
}

#[test]
fn a_notification_and_what_tells_all_at_the_same_time_leave_the_notification() {
    for verb in [Event::notify_all, |event: &Event| (event.set(), event.clear()).1] {
        model(move || {
            let scene = scene();
            let other = on_another_thread(&scene, verb);
            scene.event.notify_one();
            join([other]);
            assert!(scene.event.try_wait() && !scene.event.try_wait());
        });
    }
}

/// Three take two rounds.
#[test]
fn once_one_of_all_is_let_through_so_is_each_and_what_comes_after_is_for_none_of_them() {
    model(|| {
        let scene = scene();
        let mut waits = [scene.event.wait(), scene.event.wait(), scene.event.wait()];
        assert!(waits.iter_mut().all(|wait| !poll_once(wait, Waker::noop())));
        let other = on_another_thread(&scene, Event::notify_all);
        let [first, second, third] = &mut waits;
        let told = poll_once(first, Waker::noop());
        if told {
            scene.event.notify_one();
            assert!(poll_once(third, Waker::noop()));
        }
        join([other]);
        assert!(poll_once(second, Waker::noop()) && (told || poll_once(third, Waker::noop())));
        assert_eq!(scene.event.try_wait(), told);
        assert_eq!(scene.event.waiting(), 0);
    });
}
