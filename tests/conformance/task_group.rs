//! One program with a group, the same on every adapter: results in order, a failure, siblings, a token, a stop.

use super::*;
use std::future::pending;
use std::time::Duration;
use untether::spawn::{LocalRuntime, Runtime};
use untether::sync::cancel::Cause;
use untether::task::TaskGroup;

const MS: Duration = Duration::from_millis(1);

async fn program(rt: impl Runtime) {
    let group = TaskGroup::builder(rt.clone()).limit(2).collecting();
    let inner = group.handle();
    for n in 0..6_u32 {
        let (timer, inner) = (rt.clone(), inner.clone());
        let task = async move {
            timer.sleep(n % 3 * MS).await;
            if n == 0 {
                while inner.try_spawn(async { Ok(6) }).is_err() {
                    timer.sleep(MS).await;
                }
            }
            Ok::<_, &str>(n)
        };
        group.spawn(task).await.unwrap();
    }
    let mut values = group.join_all().await.unwrap();
    values.sort_unstable();
    assert_eq!(values, [0, 1, 2, 3, 4, 5, 6]);

    let group = TaskGroup::new(rt.clone());
    group.spawn(pending()).await.unwrap();
    group
        .task()
        .name("cleans up")
        .spawn_with(async |token| {
            token.cancelled().await;
            Err("closed with an error")
        })
        .await
        .unwrap();
    group.spawn(async { Err("down") }).await.unwrap();
    let error = group.join_all().await.unwrap_err();
    assert_eq!((error.failures().len(), error.cancelled()), (2, 1));

    let mut group = TaskGroup::<_, u32, &str>::collecting(rt.clone());
    group.spawn(pending()).await.unwrap();
    group
        .task()
        .spawn_with(async |token| {
            token.cancelled().await;
            Ok(1)
        })
        .await
        .unwrap();
    group.cancel(Cause::Requested);
    let (mut kept, mut cancelled) = (0, 0);
    while let Some(ended) = group.join_next().await {
        if ended.outcome.is_ok() { kept += 1 } else { cancelled += 1 }
    }
    assert_eq!((kept, cancelled), (1, 1));
}

async fn local_program(rt: impl LocalRuntime) {
    let group = TaskGroup::collecting(rt.clone());
    for n in [3, 1, 2] {
        let (timer, value) = (rt.clone(), Rc::new(n));
        let task = async move {
            timer.sleep(*value * MS).await;
            Ok::<_, Rc<str>>(value)
        };
        group.spawn_local(task).await.unwrap();
    }
    let values = group.join_all().await.unwrap();
    assert_eq!(values.iter().map(|value| **value).collect::<Vec<_>>(), [3, 1, 2]);

    let group = TaskGroup::<_, (), Rc<str>>::new(rt);
    group.spawn_local(pending()).await.unwrap();
    group.spawn_local(async { Err(Rc::from("down")) }).await.unwrap();
    assert_eq!(group.join_all().await.unwrap_err().cancelled(), 1);
}

on_every_runtime!(program, local_program);
