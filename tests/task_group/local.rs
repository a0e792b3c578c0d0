//! Tasks that are not `Send`.

use super::*;
use std::cell::Cell;
use std::rc::Rc;
use untether::sync::CancelToken;
use untether::task::group::TrySpawnError;
use untether::testing::Probe;

#[test]
fn a_group_of_tasks_that_stay_on_their_thread_gives_what_may_not_leave_it() {
    let mut local = Local::new();
    let sum = Rc::new(Cell::new(0));
    let group = TaskGroup::collecting(local.local_spawner());
    for n in 1..=4 {
        let sum = sum.clone();
        let task = async move {
            yield_now().await;
            sum.set(sum.get() + n);
            Ok::<_, Rc<str>>(sum)
        };
        Probe::new(group.task().name("adds").spawn_local(task)).assert_ready().unwrap();
    }
    assert!(settle(&mut local).is_ready());
    let sums = Probe::new(group.join_all()).assert_ready().unwrap();
    assert_eq!((sums.len(), sum.get()), (4, 10));
}

#[test]
fn a_token_that_is_cancelled_on_another_thread_reaches_them() {
    let parent = CancelToken::new();
    let mut local = Local::new();
    let group = TaskGroup::<_, (), Rc<str>>::builder(local.local_spawner()).parent(&parent).limit(2).build();
    let inner = group.handle();
    Probe::new(group.task().spawn_local_with(|token| async move {
        token.cancelled().await;
        assert!(matches!(
            inner.task().try_spawn_local(ready(Ok(()))),
            Err(TrySpawnError::Closed(_) | TrySpawnError::Full(_))
        ));
        Err(Rc::from("asked"))
    }))
    .assert_ready()
    .unwrap();
    group.task().try_spawn_local(pending()).unwrap();
    assert!(matches!(group.task().try_spawn_local(pending()), Err(TrySpawnError::Full(_))));
    assert!(settle(&mut local).is_pending());
    std::thread::spawn(move || parent.cancel()).join().unwrap();
    assert!(settle(&mut local).is_ready());
    let error = Probe::new(group.join_all()).assert_ready().unwrap_err();
    assert_eq!((error.failures().len(), error.cancelled()), (1, 1));
    assert!(matches!(&error.first().unwrap().failure, Failure::Cancelled(Some(why)) if &**why == "asked"));
}
