//! Wakers that panic. Some drop a panicking waker more than once: it panics when it is armed, and then no more.

use super::*;

fn panics<R>(body: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

/// Panics once when it is armed.
#[derive(Clone, Default)]
struct Bomb(Arc<AtomicBool>);

impl Bomb {
    fn arm(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn went_off(&self) -> bool {
        !self.0.load(Ordering::Acquire)
    }

    fn hook(&self) -> impl Fn() + Send + Sync + 'static {
        let bomb = self.clone();
        move || assert!(!bomb.0.swap(false, Ordering::AcqRel), "on purpose")
    }
}

/// In the wake itself, and as the waker is dropped after it.
pub(super) fn in_wake<S: Scene>() {
    for after in [false, true] {
        let (scene, good) = (Arc::new(S::new()), CountingWaker::new());
        let (mut waits, mut bombs) = (Vec::new(), Vec::new());
        for number in 0..if S::ALL { MORE } else { 1 } {
            let mut wait = scene.wait();
            if number % 2 == 0 {
                let bomb = Bomb::default();
                let hooks = Hooks::new();
                let hooks = if after { hooks.on_drop(bomb.hook()) } else { hooks.on_wake(bomb.hook()) };
                assert!(!poll(&mut wait, &hooks.waker()));
                bombs.push(bomb);
            } else {
                assert!(!poll(&mut wait, &good.waker()));
            }
            waits.push(wait);
        }
        bombs.iter().for_each(Bomb::arm);
        assert_eq!(panics(|| scene.tell()), S::WAKE_PANIC_GOES_ON, "the panic goes on");
        assert!(bombs.iter().all(Bomb::went_off));
        assert_eq!(good.wakes(), waits.len() / 2, "and keeps nobody else asleep");
        assert!(waits.iter_mut().all(|wait| poll(wait, Waker::noop())));
        drop(waits);
        assert!(scene.is_left_by_all());
    }
}

pub(super) fn in_clone<S: Scene>() {
    for came_before in [false, true] {
        let (scene, mut wait);
        scene = Arc::new(S::new());
        wait = scene.wait();
        let waker = Hooks::new().on_clone(|| panic!("on purpose")).waker();
        assert!(!came_before || !poll(&mut wait, Waker::noop()));
        assert!((0..2).all(|_| panics(|| poll(&mut wait, &waker))));
        assert!(goes_on(&scene, wait));
    }
}

pub(super) fn in_drop_of_the_old<S: Scene>() {
    let (scene, bomb, new) = (Arc::new(S::new()), Bomb::default(), CountingWaker::new());
    let old = Hooks::new().on_drop(bomb.hook()).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &old));
    bomb.arm();
    let polled = catch_unwind(AssertUnwindSafe(|| poll(&mut wait, &new.waker())));
    assert_eq!(polled.ok(), (!S::DROP_PANIC_GOES_ON).then_some(false));
    assert!(bomb.went_off());
    scene.tell();
    assert_eq!(new.wakes(), 1, "and the new waker is there");
    assert!(poll(&mut wait, Waker::noop()));
    drop(wait);
    assert!(scene.is_left_by_all());
}

pub(super) fn in_drop_of_one_who_leaves<S: Scene>() {
    let (scene, bomb) = (Arc::new(S::new()), Bomb::default());
    let waker = Hooks::new().on_drop(bomb.hook()).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, &waker));
    bomb.arm();
    assert!(panics(|| drop(wait)) && bomb.went_off(), "the panic goes on");
    assert!(scene.is_left_by_all());
    let next = scene.wait();
    assert!(goes_on(&scene, next));
}

/// Told, and left, while the thread is unwinding: a panic of a waker would be the end of the program.
pub(super) fn while_the_thread_unwinds<S: Scene>() {
    let (scene, bombs) = (Arc::new(S::new()), [Bomb::default(), Bomb::default()]);
    let (mut told, next) = (scene.wait(), CountingWaker::new());
    assert!(!poll(&mut told, &Hooks::new().on_wake(bombs[0].hook()).waker()));
    let unwinds = panics(|| {
        let _tells = OnDrop(|| scene.tell());
        bombs[0].arm();
        panic!("on purpose: the task");
    });
    assert!(unwinds && bombs[0].went_off() && poll(&mut told, Waker::noop()));
    drop(told);

    let scene = Arc::new(S::new());
    let mut leaves = scene.wait();
    assert!(!poll(&mut leaves, &Hooks::new().on_drop(bombs[1].hook()).waker()));
    let unwinds = panics(|| {
        let _leaves = leaves;
        bombs[1].arm();
        panic!("on purpose: the task");
    });
    assert!(unwinds && bombs[1].went_off() && scene.is_left_by_all());
    let mut waits = scene.wait();
    assert!(!poll(&mut waits, &next.waker()));
    scene.tell();
    assert_eq!(next.wakes(), 1);
}

/// Does something when it is dropped.
struct OnDrop<F: FnMut()>(F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

/// It is told while the waker is cloned, so the clone is not needed, and its drop panics.
pub(super) fn in_drop_of_one_told_meanwhile<S: Scene>() {
    let (scene, bomb, told) = (Arc::new(S::new()), Bomb::default(), AtomicBool::new(false));
    let tells = scene.clone();
    let tell = move || {
        if !told.swap(true, Ordering::AcqRel) {
            tells.tell();
        }
    };
    let waker = Hooks::new().on_clone(tell).on_drop(bomb.hook()).waker();
    let mut wait = scene.wait();
    assert!(!poll(&mut wait, Waker::noop()));
    bomb.arm();
    let polled = catch_unwind(AssertUnwindSafe(|| poll(&mut wait, &waker)));
    assert_eq!(
        polled.ok(),
        (!S::DROP_PANIC_GOES_ON).then_some(true),
        "what it was told is not lost with the waker"
    );
    assert!(bomb.went_off());
    assert!(!S::DROP_PANIC_GOES_ON || poll(&mut wait, Waker::noop()), "nor with the panic");
    drop(wait);
    assert!(scene.is_left_by_all());
}
