//! The runtime of the surroundings.

use super::*;

/// A runtime that can be told from others: by what its spawner says.
#[derive(Clone)]
struct Marked(Threads, SpawnErrorKind);

impl Clock for Marked {
    fn now(&self) -> Instant {
        self.0.now()
    }
}

impl Timer for Marked {
    type Sleep = <Threads as Timer>::Sleep;

    fn sleep_until(&self, deadline: Instant) -> Self::Sleep {
        self.0.sleep_until(deadline)
    }
}

impl Spawn for Marked {
    fn spawn_boxed(&self, task: BoxTask) -> Result<(), SpawnError<BoxTask>> {
        Err(SpawnError::new(self.1, task))
    }
}

const OUTER: SpawnErrorKind = SpawnErrorKind::NoContext;
const INNER: SpawnErrorKind = SpawnErrorKind::Full;

fn marked(mark: SpawnErrorKind) -> AnyRuntime {
    AnyRuntime::without_blocking(Marked(threads(), mark))
}

fn current() -> Option<SpawnErrorKind> {
    AnyRuntime::current().map(|rt| rt.spawn(ready(())).unwrap_err().kind())
}

#[test]
fn there_is_none_outside_not_even_in_block_on() {
    assert!(AnyRuntime::current().is_none());
    block_on(async |_| assert!(AnyRuntime::current().is_none()));
    drop(marked(OUTER).scope(pending::<()>()));
    assert!(AnyRuntime::current().is_none(), "a scope that was not polled");
}

#[test]
fn the_innermost_is_found_and_the_outer_one_again_after_it() {
    let (outer, inner) = (marked(OUTER), marked(INNER));
    outer.within(|| {
        assert_eq!(current(), Some(OUTER));
        inner.within(|| {
            assert_eq!(current(), Some(INNER));
            outer.within(|| assert_eq!(current(), Some(OUTER)));
            assert_eq!(current(), Some(INNER));
        });
        assert_eq!(current(), Some(OUTER));
    });
    assert_eq!(current(), None);
}

#[test]
fn a_scope_holds_at_every_poll_and_not_between() {
    let inner = async {
        assert_eq!(current(), Some(INNER));
        yield_now().await;
        assert_eq!(current(), Some(INNER));
    };
    let outer = async {
        marked(INNER).scope(inner).await;
        assert_eq!(current(), Some(OUTER));
    };
    let mut scope = Probe::new(marked(OUTER).scope(outer));
    scope.assert_pending();
    assert_eq!(current(), None);
    scope.assert_ready();
    assert_eq!(current(), None);
}

#[test]
fn it_is_restored_after_a_panic() {
    let (outer, inner) = (marked(OUTER), marked(INNER));
    outer.within(|| {
        let panic = catch_unwind(AssertUnwindSafe(|| inner.within(|| panic!("on purpose"))));
        assert!(panic.map(|()| unreachable!()).is_err());
        assert_eq!(current(), Some(OUTER));
        let mut scope = Probe::new(inner.clone().scope(async { panic!("on purpose") }));
        assert!(catch_unwind(AssertUnwindSafe(|| Probe::poll(&mut scope).map(|()| ()))).is_err());
        assert_eq!(current(), Some(OUTER));
    });
    assert_eq!(current(), None);
}

#[test]
fn tasks_closures_and_threads_that_are_started_in_it_do_not_inherit_it() {
    block_on(async |rt: Handle| {
        let all = async {
            let task = rt.spawn_task(async { current() }).unwrap();
            let work = rt.spawn_blocking_task(current).unwrap();
            assert_eq!((task.await.unwrap(), work.await.unwrap()), (None, None));
            assert_eq!(thread::spawn(current).join().unwrap(), None);
            assert_eq!(current(), Some(OUTER));
        };
        marked(OUTER).scope(all).await;
    });
}

#[test]
fn the_current_runtime_is_a_whole_one() {
    block_on(async |rt| {
        let inside = async {
            let rt = AnyRuntime::current().unwrap();
            let task = rt.spawn_task(async { 1 }).unwrap();
            rt.sleep(MS).await;
            task.await.unwrap() + rt.spawn_blocking_task(|| 2).unwrap().await.unwrap()
        };
        assert_eq!(AnyRuntime::new(rt).scope(inside).await, 3);
    });
}
