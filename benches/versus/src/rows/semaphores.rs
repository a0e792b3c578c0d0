//! Semaphores: alone, among many who wait, and from hand to hand.

use super::lines::{self, Step};
use super::{Of, drive, each, leaked, waker};
use crate::peers::Permits;
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Kind, Row};
use futures_util::future::join_all;
use smol::LocalExecutor;
use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use untether_support::stopwatch::Watch;

const TASKS: u64 = 64;
const PERMITS: usize = 4;

const ALL: &[&dyn Side] = &[
    &Of::<async_lock::Semaphore>::NEW,
    &Of::<maitake_sync::Semaphore>::NEW,
    &Of::<asyncband::semaphore::Semaphore>::NEW,
    &Of::<futures_intrusive::sync::Semaphore>::NEW,
    &Of::<tokio::sync::Semaphore>::NEW,
    &Of::<untether::sync::Semaphore>::NEW,
];
/// All but async-lock's, of which one permit at a time is to be had, and where whoever releases it and asks again at once has it again.
const IN_TURN: &[&dyn Side] = ALL.split_at(1).1;

/// Makes the cases of one of them.
trait Side {
    fn name(&self) -> &'static str;
    fn kind(&self) -> Kind;
    fn uncontended(&self, permits: usize) -> Watch<'static>;
    fn tries(&self) -> Watch<'static>;
    fn step(&self, counts: Step, among: usize) -> Watch<'static>;
    fn hand_off(&self, waiters: usize) -> Watch<'static>;
    fn hand_off_of_tasks(&self, tasks: usize) -> Watch<'static>;
    fn contended_in_one_task(&self) -> Watch<'static>;
    fn contended_on_smol(&self, place: OnSmol) -> Watch<'static>;
    fn contended_on_tokio(&self, place: OnTokio) -> Watch<'static>;
}

impl<P: Permits> Side for Of<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn kind(&self) -> Kind {
        P::KIND
    }

    fn uncontended(&self, permits: usize) -> Watch<'static> {
        let (semaphore, waker) = (leaked(P::new(PERMITS)), waker());
        Watch::new(1, each(move || drive(semaphore.acquire(permits), waker)))
    }

    fn tries(&self) -> Watch<'static> {
        let semaphore = leaked(P::new(PERMITS));
        Watch::new(1, each(|| assert!(semaphore.try_acquire())))
    }

    fn step(&self, counts: Step, among: usize) -> Watch<'static> {
        let semaphore = leaked(P::new(0));
        lines::step(counts, among, || semaphore.acquire(1))
    }

    fn hand_off(&self, waiters: usize) -> Watch<'static> {
        let semaphore = leaked(P::new(1));
        let held = move || drive(semaphore.acquire(1), waker());
        lines::hand_off(waiters, move || Some(held()), || semaphore.acquire(1), drop)
    }

    fn hand_off_of_tasks(&self, tasks: usize) -> Watch<'static> {
        let semaphore = leaked(P::new(1));
        lines::built(move || {
            let executor = LocalExecutor::new();
            let (left, kept) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(None)));
            for _ in 0..tasks {
                let (left, kept) = (left.clone(), kept.clone());
                let turns = async move {
                    loop {
                        let permit = semaphore.acquire(1).await;
                        if left.get() == 0 {
                            kept.replace(Some(permit));
                        } else {
                            left.set(left.get() - 1);
                        }
                    }
                };
                executor.spawn::<()>(turns).detach();
            }
            // The first keeps the permit and stands in line again behind all others.
            while executor.try_tick() {}
            move |times, lap| {
                left.set(times - 1);
                lap.count(|| {
                    drop(kept.take());
                    let last = poll_fn(|_| match kept.borrow().is_some() {
                        true => Poll::Ready(()),
                        false => Poll::Pending,
                    });
                    drive(executor.run(last), waker());
                });
            }
        })
    }

    fn contended_in_one_task(&self) -> Watch<'static> {
        let semaphore = leaked(P::new(PERMITS));
        let run = |times| {
            smol::block_on(async { drop(join_all((0..TASKS).map(|_| turns(semaphore, times))).await) })
        };
        Watch::new(1, run)
    }

    fn contended_on_smol(&self, place: OnSmol) -> Watch<'static> {
        contended::<P>(place)
    }

    fn contended_on_tokio(&self, place: OnTokio) -> Watch<'static> {
        contended::<P>(place)
    }
}

/// What one of the tasks does, its share of so many turns.
async fn turns<P: Permits>(semaphore: &'static P, times: u64) {
    for _ in 0..times.div_ceil(TASKS) {
        let permit = semaphore.acquire(1).await;
        smol::future::yield_now().await;
        drop(permit);
    }
}

fn contended<P: Permits>(place: impl Place) -> Watch<'static> {
    let semaphore = leaked(P::new(PERMITS));
    Watch::new(1, move |times| {
        let on = place.clone();
        place.run(async move {
            let tasks: Vec<_> = (0..TASKS).map(|_| on.spawn(turns(semaphore, times))).collect();
            for task in tasks {
                task.await;
            }
        });
    })
}

/// The same case of each of them.
fn row(name: &str, owed: f64, sides: &[&dyn Side], case: impl Fn(&dyn Side) -> Watch<'static>) -> Row {
    let row = Row::new(format!("semaphore: {name}"), "acquire").owes(owed);
    sides.iter().fold(row, |row, side| row.watch(side.name(), side.kind(), case(*side)))
}

fn contended_rows() -> [Row; 4] {
    let (one, two, tokio) = (OnSmol::this_thread(), OnSmol::two_threads(), OnTokio::threads(2));
    let name = |place: &str| format!("64 tasks on 4 permits, {place}");
    [
        row("64 futures of one task on 4 permits", 0.8, ALL, |side| side.contended_in_one_task()),
        row(&name("smol's executor, 1 thread"), 0.8, ALL, |side| side.contended_on_smol(one.clone())),
        row(&name("smol's executor, 2 threads"), 0.9, ALL, |side| side.contended_on_smol(two.clone()))
            .threads(2),
        row(&name("tokio, 2 threads"), 0.9, ALL, |side| side.contended_on_tokio(tokio)).threads(2),
    ]
}

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        row("acquire and drop, nobody waiting", 0.9, ALL, |side| side.uncontended(1)),
        row("acquire_many(4) and drop, nobody waiting", 0.9, IN_TURN, |side| side.uncontended(PERMITS)),
        row("try_acquire and drop", 0.92, ALL, |side| side.tries()),
    ];
    rows.extend(contended_rows());
    for among in lines::LENGTHS {
        let name = |step: &str| format!("{step}, among {among}");
        rows.extend([
            row(&name("queue a waiter"), 1.15, ALL, |side| side.step(Step::Queue, among)),
            row(&name("cancel a waiter"), 1.4, ALL, |side| side.step(Step::Cancel, among)),
            row(&format!("hand-off along {among} waiters"), 0.9, ALL, |side| side.hand_off(among)),
            row(&format!("hand-off along {among} tasks"), 0.9, IN_TURN, |side| side.hand_off_of_tasks(among)),
        ]);
    }
    rows
}
