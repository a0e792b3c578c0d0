//! Wakers that use what they are a waker of.

use super::*;

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

/// As `touching`, and counts.
fn touching_and_counting<S: Scene>(scene: &Arc<S>) -> (Arc<AtomicUsize>, impl Fn() + Send + Sync + 'static) {
    let (calls, touch) = (Arc::new(AtomicUsize::new(0)), touching(scene));
    let counts = calls.clone();
    let hook = move || {
        counts.fetch_add(1, Ordering::Relaxed);
        touch();
    };
    (calls, hook)
}

pub(super) fn clone_uses_it<S: Scene>() {
    // For one who comes, and where it takes the place of another.
    for came_before in [false, true] {
        let (scene, woken) = (Arc::new(S::new()), CountingWaker::new());
        let wakes = woken.waker();
        let hooks = Hooks::new().on_clone(touching(&scene)).on_wake(move || wakes.wake_by_ref());
        let waker = hooks.waker();
        let mut wait = scene.wait();
        assert!(!came_before || !poll(&mut wait, Waker::noop()));
        if !poll(&mut wait, &waker) {
            let told = woken.wakes() > 0;
            assert!(told || !poll(&mut wait, Waker::noop()), "it could go on, and nobody told it");
            assert!(goes_on(&scene, wait));
        }
    }
}

pub(super) fn wake_uses_it<S: Scene>() {
    let (scene, woken) = (Arc::new(S::new()), CountingWaker::new());
    let (calls, hook) = touching_and_counting(&scene);
    let waker = Hooks::new().on_wake(hook).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker));
    let mut others = crowd(&scene, if S::ALL { MORE } else { 0 }, &woken.waker());
    scene.tell();
    assert_eq!((calls.load(Ordering::Relaxed), woken.wakes()), (1, others.len()));
    assert!(poll(&mut wait, Waker::noop()) && others.iter_mut().all(|other| poll(other, Waker::noop())));
    drop((wait, others));
    assert!(scene.is_left_by_all());
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
    assert!(scene.is_left_by_all());
}

pub(super) fn replaced_uses_it<S: Scene>() {
    let scene = Arc::new(S::new());
    let (calls, hook) = touching_and_counting(&scene);
    let (waker, mut wait) = (Hooks::new().on_drop(hook).waker(), scene.wait());
    assert!(!poll(&mut wait, &waker));
    assert_eq!(calls.load(Ordering::Relaxed), 0);
    assert!(goes_on(&scene, wait));
    assert_eq!(calls.load(Ordering::Relaxed), 1);
}

pub(super) fn dropped_uses_it<S: Scene>() {
    let scene = Arc::new(S::new());
    let (calls, hook) = touching_and_counting(&scene);
    let (waker, mut wait) = (Hooks::new().on_drop(hook).waker(), scene.wait());
    assert!(!poll(&mut wait, &waker));
    drop(wait);
    assert_eq!(calls.load(Ordering::Relaxed), 1, "its clone is gone with the future");
    assert!(scene.is_left_by_all());
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
    assert!(scene.is_left_by_all());
}

/// Wakers may be equal to none of their clones; whoever asks until they are asks for ever.
pub(super) fn clones_that_are_never_equal<S: Scene>() {
    let scene = Arc::new(S::new());
    let waker = untether_support::unequal_waker();
    assert!(!waker.clone().will_wake(&waker));
    let mut wait = scene.wait();
    assert!((0..3).all(|_| !poll(&mut wait, &waker)));
    assert!(goes_on(&scene, wait));
}
