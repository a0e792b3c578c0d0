//! What it costs that no job is lost, beside a queue that forgets an item when it gives it out.

use super::{drive, leaked};
use crate::row::Row;
use std::task::Waker;
use untether::queue::{Queue, WorkQueue};
use untether::rt::tokio::Tokio;

type Jobs<K> = &'static WorkQueue<u64, Tokio, K>;

fn leased<K: std::hash::Hash + Eq + 'static>(jobs: Jobs<K>) -> impl FnMut(u64) + 'static {
    move |times| {
        for n in 0..times {
            assert!(jobs.try_push(n).is_ok());
            let job = drive(jobs.lease(), Waker::noop()).expect("it is open");
            assert!(job.ack());
        }
    }
}

pub fn rows() -> Vec<Row> {
    let bare: &Queue<u64> = leaked(Queue::unbounded());
    let jobs: Jobs<()> = leaked(WorkQueue::new(Tokio));
    let keyed: Jobs<u64> = leaked(WorkQueue::builder(Tokio).key(|job: &u64| job % 16).build());
    vec![
        Row::new("work: push, lease and ack, no waiting", "job")
            .peer("a bare Queue", move |times| {
                for n in 0..times {
                    assert!(bare.try_send(n).is_ok());
                    assert!(drive(bare.recv(), Waker::noop()).is_some());
                }
            })
            .ours("WorkQueue", leased(jobs))
            .ours("WorkQueue, 16 keys", leased(keyed))
            .owes(2.0),
    ]
}
