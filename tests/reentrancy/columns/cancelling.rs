//! Wakers that drop futures: the one that is woken, or all others who wait for the same.

use super::*;

/// Where a waker finds the futures that it drops.
struct Doomed<S: Scene>(Arc<Mutex<Vec<S::Wait>>>);

impl<S: Scene> Doomed<S> {
    fn new() -> Self {
        Self(Arc::default())
    }

    fn put(&self, futures: impl IntoIterator<Item = S::Wait>) {
        self.0.lock().unwrap().extend(futures);
    }

    fn dropping(&self) -> impl Fn() + Send + Sync + 'static {
        let futures = self.0.clone();
        move || {
            // Taken out first: a future that is dropped may drop a waker that comes here again.
            let doomed = std::mem::take(&mut *futures.lock().unwrap());
            drop(doomed);
        }
    }

    fn are_gone(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }
}

pub(super) fn wake_drops_the_future<S: Scene>() {
    let (scene, doomed) = (Arc::new(S::new()), Doomed::<S>::new());
    let (drops, touches) = (doomed.dropping(), scene.clone());
    let waker = Hooks::new().on_wake(move || {
        drops();
        touches.touch();
    });
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker.waker()));
    doomed.put([wait]);
    scene.tell();
    assert!(doomed.are_gone() && scene.is_left_by_all());
}

pub(super) fn wake_drops_the_others<S: Scene>() {
    let (scene, doomed) = (Arc::new(S::new()), Doomed::<S>::new());
    // Some are told before, some are in the same round, some are still to come.
    doomed.put(crowd(&scene, if S::ALL { MORE / 2 } else { 0 }, Waker::noop()));
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &Hooks::new().on_wake(doomed.dropping()).waker()));
    doomed.put(crowd(&scene, MORE, Waker::noop()));
    scene.tell();
    assert!(doomed.are_gone() && poll(&mut wait, Waker::noop()));
    drop(wait);
    assert!(scene.is_left_by_all());
}

pub(super) fn clone_drops_the_others<S: Scene>() {
    for came_before in [false, true] {
        let (scene, doomed) = (Arc::new(S::new()), Doomed::<S>::new());
        let mut wait = scene.wait();
        assert!(!came_before || !poll(&mut wait, Waker::noop()));
        doomed.put(crowd(&scene, MORE, Waker::noop()));
        assert!(!poll(&mut wait, &Hooks::new().on_clone(doomed.dropping()).waker()));
        assert!(doomed.are_gone() && goes_on(&scene, wait));
    }
}

pub(super) fn drop_drops_the_others<S: Scene>() {
    // As another waker takes its place, and as its future leaves.
    for leaves in [false, true] {
        let (scene, doomed) = (Arc::new(S::new()), Doomed::<S>::new());
        let waker = Hooks::new().on_drop(doomed.dropping()).waker();
        let mut wait = scene.wait();
        assert!(!poll(&mut wait, &waker));
        doomed.put(crowd(&scene, MORE, Waker::noop()));
        if leaves {
            drop(wait);
            wait = scene.wait();
        }
        assert!(goes_on(&scene, wait) && doomed.are_gone());
    }
}
