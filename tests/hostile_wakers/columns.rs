//! What a hostile waker does.

use super::*;

/// Whether one who waits is let through when it is told, or was let through already by what the hooks have done.
fn goes_on<S: Scene>(scene: &Arc<S>, wait: &mut S::Wait) -> bool {
    let woken = CountingWaker::new();
    if poll(wait, &woken.waker()) {
        return true;
    }
    scene.tell();
    woken.wakes() == 1 && poll(wait, Waker::noop())
}

fn touching<S: Scene>(scene: &Arc<S>) -> impl Fn() + Send + Sync + 'static {
    let (scene, inside) = (scene.clone(), AtomicBool::new(false));
    // Once at a time: what is touched wakes and drops wakers as well.
    move || {
        if !inside.swap(true, Ordering::AcqRel) {
            scene.touch();
            inside.store(false, Ordering::Release);
        }
    }
}

pub(super) fn clone_uses_it<S: Scene>() {
    let scene = Arc::new(S::new());
    let waker = Hooks::new().on_clone(touching(&scene)).waker();
    let mut wait = scene.wait();
    assert!(poll(&mut wait, &waker) || goes_on(&scene, &mut wait));
    // And where it takes the place of another.
    let scene = Arc::new(S::new());
    let waker = Hooks::new().on_clone(touching(&scene)).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, Waker::noop()));
    assert!(poll(&mut wait, &waker) || goes_on(&scene, &mut wait));
}

pub(super) fn wake_uses_it<S: Scene>() {
    let scene = Arc::new(S::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let (touch, counts) = (touching(&scene), calls.clone());
    let waker = Hooks::new().on_wake(move || {
        counts.fetch_add(1, Ordering::Relaxed);
        touch();
    });
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker.waker()));
    scene.tell();
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    assert!(poll(&mut wait, Waker::noop()));
}

pub(super) fn wake_polls_the_future<S: Scene>() {
    let scene = Arc::new(S::new());
    let (slot, ready) = (Arc::new(Mutex::new(None::<S::Wait>)), Arc::new(AtomicBool::new(false)));
    let (finds, says) = (slot.clone(), ready.clone());
    let waker = Hooks::new().on_wake(move || {
        let mut wait = finds.lock().unwrap().take().unwrap();
        says.store(poll(&mut wait, Waker::noop()), Ordering::Relaxed);
    });
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker.waker()));
    *slot.lock().unwrap() = Some(wait);
    scene.tell();
    assert!(ready.load(Ordering::Relaxed), "it was woken before it could go");
}

pub(super) fn wake_drops_the_future<S: Scene>() {
    let scene = Arc::new(S::new());
    let slot = Arc::new(Mutex::new(None::<S::Wait>));
    let (finds, touch) = (slot.clone(), touching(&scene));
    let waker = Hooks::new().on_wake(move || {
        let wait = finds.lock().unwrap().take();
        drop(wait);
        touch();
    });
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker.waker()));
    *slot.lock().unwrap() = Some(wait);
    scene.tell();
    assert!(slot.lock().unwrap().is_none());
}

pub(super) fn replaced_uses_it<S: Scene>() {
    let scene = Arc::new(S::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let (touch, counts) = (touching(&scene), calls.clone());
    let hook = move || {
        counts.fetch_add(1, Ordering::Relaxed);
        touch();
    };
    let (waker, mut wait) = (Hooks::new().on_drop(hook).waker(), scene.wait());
    assert!(!poll(&mut wait, &waker));
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    assert!(goes_on(&scene, &mut wait));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

pub(super) fn dropped_uses_it<S: Scene>() {
    let scene = Arc::new(S::new());
    let calls = Arc::new(AtomicUsize::new(0));
    let (touch, counts) = (touching(&scene), calls.clone());
    let waker = Hooks::new().on_drop(move || {
        counts.fetch_add(1, Ordering::Relaxed);
        touch();
    });
    let (waker, mut wait) = (waker.waker(), scene.wait());
    assert!(!poll(&mut wait, &waker));
    drop(wait);
    assert_eq!(calls.load(Ordering::Relaxed), 1, "its clone is gone with the future");
}

pub(super) fn cancelled_after_it_was_told<S: Scene>() {
    let scene = Arc::new(S::new());
    let waker = Hooks::new().on_drop(touching(&scene)).on_wake(touching(&scene)).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker));
    scene.tell();
    drop(wait);
    drop(waker);
    scene.touch();
}

pub(super) fn panic_in_wake<S: Scene>() {
    let scene = Arc::new(S::new());
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &Hooks::new().on_wake(|| panic!("on purpose")).waker()));
    let (woken, mut others) = (CountingWaker::new(), Vec::new());
    if S::MANY {
        others.extend((0..40).map(|_| scene.wait()));
    }
    assert!(others.iter_mut().all(|other| !poll(other, &woken.waker())));
    assert!(catch_unwind(AssertUnwindSafe(|| scene.tell())).is_err(), "the panic goes on");
    assert_eq!(woken.wakes(), others.len(), "and keeps nobody else asleep");
    assert!(others.iter_mut().all(|other| poll(other, Waker::noop())));
    assert!(poll(&mut wait, Waker::noop()));
}

pub(super) fn panic_in_clone<S: Scene>() {
    let scene = Arc::new(S::new());
    let waker = Hooks::new().on_clone(|| panic!("on purpose")).waker();
    let mut wait = scene.wait();
    for _ in 0..2 {
        assert!(catch_unwind(AssertUnwindSafe(|| poll(&mut wait, &waker))).is_err());
    }
    assert!(goes_on(&scene, &mut wait));
    let mut wait = scene.wait();
    if !poll(&mut wait, Waker::noop()) {
        assert!(catch_unwind(AssertUnwindSafe(|| poll(&mut wait, &waker))).is_err());
        assert!(goes_on(&scene, &mut wait));
    }
}

pub(super) fn panic_in_drop<S: Scene>() {
    let scene = Arc::new(S::new());
    let armed = Arc::new(AtomicBool::new(false));
    let when = armed.clone();
    let hook = move || assert!(!when.swap(false, Ordering::AcqRel), "on purpose");
    let (waker, new) = (Hooks::new().on_drop(hook).waker(), CountingWaker::new());
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker));
    armed.store(true, Ordering::Release);
    assert!(!poll(&mut wait, &new.waker()), "the panic has been told, and takes nothing along");
    assert!(!armed.load(Ordering::Acquire), "it was dropped");
    scene.tell();
    assert_eq!(new.wakes(), 1, "and the new waker is there");
    assert!(poll(&mut wait, Waker::noop()));
}

/// It is told while the waker is cloned, so the clone is not needed, and its drop panics.
pub(super) fn panic_in_drop_of_one_told_meanwhile<S: Scene>() {
    let scene = Arc::new(S::new());
    let (told, dropped) = (AtomicBool::new(false), Arc::new(AtomicBool::new(false)));
    let (tells, drops) = (scene.clone(), dropped.clone());
    let tell = move || {
        if !told.swap(true, Ordering::AcqRel) {
            tells.tell();
        }
    };
    let panic = move || assert!(drops.swap(true, Ordering::AcqRel), "on purpose");
    let waker = Hooks::new().on_clone(tell).on_drop(panic).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, Waker::noop()));
    let passed = poll(&mut wait, &waker);
    assert!(passed && dropped.load(Ordering::Acquire), "what it was told is not lost with the waker");
}

/// Wakers may be equal to none of their clones; whoever asks until they are asks for ever.
pub(super) fn clones_that_are_never_equal<S: Scene>() {
    let scene = Arc::new(S::new());
    let waker = untether_support::unequal_waker();
    assert!(!waker.clone().will_wake(&waker));
    let mut wait = scene.wait();
    assert!((0..3).all(|_| !poll(&mut wait, &waker)));
    assert!(goes_on(&scene, &mut wait));
}
