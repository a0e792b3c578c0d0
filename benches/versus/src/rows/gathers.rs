//! Ten thousand like futures, joined in one task.

use super::{drive, sum_below, waker};
use crate::row::Row;
use futures_concurrency::future::Join;
use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;
use std::convert::Infallible;
use std::future::poll_fn;
use std::hint::black_box;
use std::task::Poll;
use untether::task::{gather, try_gather};

const CHILDREN: u64 = 10_000;

/// Ready at its first poll, or at its second.
async fn child(number: u64, yields: bool) -> u64 {
    if yields {
        let mut polled = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut polled, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
    black_box(number)
}

async fn sure(number: u64, yields: bool) -> Result<u64, Infallible> {
    Ok(child(number, yields).await)
}

/// What sums up what all of them gave.
fn each<F: Future<Output = u64>>(run: impl Fn() -> F + 'static) -> impl FnMut(u64) + 'static {
    move |times| (0..times).for_each(|_| assert_eq!(drive(run(), waker()), sum_below(CHILDREN)))
}

fn row(name: &str, yields: bool) -> Row {
    Row::new(format!("gather of 10,000: {name}"), "child")
        .count(CHILDREN)
        .peer(
            "FuturesUnordered",
            each(move || async move {
                let mut children: FuturesUnordered<_> = (0..CHILDREN).map(|number| child(number, yields)).collect();
                let mut sum = 0;
                while let Some(number) = children.next().await {
                    sum += number;
                }
                sum
            }),
        )
        .peer(
            "futures: join_all",
            each(move || async move {
                join_all((0..CHILDREN).map(|number| child(number, yields))).await.into_iter().sum()
            }),
        )
        .peer(
            "futures-concurrency: Vec::join",
            each(move || async move {
                let children: Vec<_> = (0..CHILDREN).map(|number| child(number, yields)).collect();
                children.join().await.into_iter().sum()
            }),
        )
        .ours(
            "gather",
            each(move || async move {
                let outcomes = gather((0..CHILDREN).map(|number| sure(number, yields))).await;
                outcomes.oks().values.into_iter().sum()
            }),
        )
        .ours(
            "try_gather",
            each(move || async move {
                let Ok(values) = try_gather((0..CHILDREN).map(|number| sure(number, yields))).await;
                values.into_iter().sum()
            }),
        )
        .owes(0.8)
}

pub fn rows() -> Vec<Row> {
    vec![row("ready", false), row("that give way once", true)]
}
