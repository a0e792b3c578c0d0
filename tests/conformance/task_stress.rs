//! Short tasks in a group, on every adapter, some of them aborted: each is accounted for, once, and what it held is let go. Ten thousand of them; a
//! million when the effort is a hundred. (A simulation, where no time passes, would be taken for one that never ends: it has ten thousand.)

use super::*;
use std::sync::atomic::{AtomicU64, Ordering};
use untether::spawn::{LocalRuntime, Runtime, yield_now};
use untether::task::group::Ended;
use untether::task::{Outcome, TaskGroup};
use untether::time::{Entropy, Seed};
use untether_support::cases;

const AT_ONCE: usize = 64;

/// Says when it is dropped.
struct Held(Arc<AtomicU64>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

/// A task of one of four sorts: at once, after a while, with an error, or never.
async fn short(sort: u64, number: u64, held: Held) -> Result<u64, u64> {
    let _held = held;
    match sort {
        0 | 1 => {}
        2 => yield_now().await,
        3 => return Err(number),
        _ => std::future::pending().await,
    }
    Ok(number)
}

/// How many came to which end, and the sum of their numbers.
#[derive(Default)]
struct Account {
    done: u64,
    failed: u64,
    cancelled: u64,
    indices: u64,
}

impl Account {
    fn note(&mut self, ended: &Ended<u64, u64>) {
        self.indices += ended.id.index();
        match ended.outcome {
            Outcome::Ok(number) | Outcome::Err(number) => {
                assert_eq!(number, ended.id.index());
                if ended.outcome.is_ok() { self.done += 1 } else { self.failed += 1 }
            }
            Outcome::Cancelled(None) => self.cancelled += 1,
            _ => panic!("none has the token, and none panics"),
        }
    }
}

macro_rules! stress {
    ($rt:ident, $spawn:ident, $tasks:expr) => {{
        let (tasks, luck) = ($tasks, Seed::new(7));
        let gone = Arc::new(AtomicU64::new(0));
        let mut group = TaskGroup::builder($rt).limit(AT_ONCE).continue_on_failure().collecting::<u64>();
        let (mut account, mut never, mut aborted) = (Account::default(), Vec::new(), 0_u64);
        for number in 0..tasks {
            let sort = luck.next_u64() % 6;
            // One slot is always left for those that end.
            if sort > 3 && never.len() + 2 > AT_ONCE {
                let some: usize = (luck.next_u64() % never.len() as u64) as usize;
                let task: untether::task::group::Started = never.swap_remove(some);
                task.abort();
            }
            let started = group.task().$spawn(short(sort, number, Held(gone.clone()))).await.unwrap();
            match luck.next_u64() % 16 {
                0 if sort <= 3 => {
                    started.abort(); // It may have ended, or not.
                    aborted += 1;
                }
                _ if sort > 3 => never.push(started),
                _ => {}
            }
            while group.stats().unread > 100 {
                account.note(&group.join_next().await.unwrap());
            }
        }
        never.iter().for_each(|task| task.abort());
        while let Some(ended) = group.join_next().await {
            account.note(&ended);
        }
        assert_eq!(account.indices, (0..tasks).sum::<u64>(), "each came once");
        assert_eq!(account.done + account.failed + account.cancelled, tasks);
        assert_eq!(gone.load(Ordering::Acquire), tasks, "each is gone");
        assert!(aborted > 0 && account.done > 0 && account.failed > 0 && account.cancelled > 0);
        assert!(group.is_empty() && group.stats().unread == 0);
    }};
}

const USUAL: u32 = 10_000;

async fn program(rt: impl Runtime) {
    stress!(rt, spawn, u64::from(cases(USUAL)));
}

async fn local_program(rt: impl LocalRuntime) {
    stress!(rt, spawn_local, u64::from(cases(USUAL)));
}

async fn simulated(rt: impl Runtime) {
    stress!(rt, spawn, u64::from(USUAL));
}

async fn simulated_locally(rt: impl LocalRuntime) {
    stress!(rt, spawn_local, u64::from(USUAL));
}

on_every_runtime! { program:
    threads = on_threads;
    tokio = on_tokio;
    tokio_on = from_outside_of_tokio;
    smol = on_smol;
    smol_on = on_an_executor;
    async_std = on_async_std;
    futures_pool = on_a_thread_pool;
    erased = on_any_runtime;
}
on_every_runtime! { local_program:
    local = on_local;
    tokio_local = on_a_local_set;
    smol_local = on_a_local_executor;
    async_std_local = on_async_std;
    futures_local = on_a_local_pool;
}
on_every_runtime! { simulated:
    sim = in_a_simulation;
}
on_every_runtime! { simulated_locally:
    sim_local = in_a_simulation_locally;
}
