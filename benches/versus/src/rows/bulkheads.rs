//! Bulkheads: an operation that finds room, and many tasks of which a few may run.

use super::{Of, drive, each, leaked, waker};
use crate::peers::{Operations, Runs};
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Kind, Row};
use tower::limit::ConcurrencyLimit;
use tower_resilience_bulkhead::Bulkhead as TowerResilience;
use untether::limit::Bulkhead;
use untether_support::stopwatch::Watch;

const TASKS: u64 = 64;
const PLACES: usize = 4;

const ALL: &[&dyn Side] = &[
    &Of::<TowerResilience<Operations>>::NEW,
    &Of::<ConcurrencyLimit<Operations>>::NEW,
    &Of::<tokio::sync::Semaphore>::NEW,
    &Of::<untether::sync::Semaphore>::NEW,
    &Of::<Bulkhead>::NEW,
];

/// Makes the cases of one of them.
trait Side {
    fn name(&self) -> &'static str;
    fn kind(&self) -> Kind;
    fn uncontended(&self) -> Watch<'static>;
    fn contended_on_smol(&self, place: OnSmol) -> Watch<'static>;
    fn contended_on_tokio(&self, place: OnTokio) -> Watch<'static>;
}

impl<B: Runs> Side for Of<B> {
    fn name(&self) -> &'static str {
        B::NAME
    }

    fn kind(&self) -> Kind {
        B::KIND
    }

    fn uncontended(&self) -> Watch<'static> {
        let (bulkhead, waker) = (leaked(B::new(PLACES)), waker());
        Watch::new(1, each(move || drive(bulkhead.run(false), waker)))
    }

    fn contended_on_smol(&self, place: OnSmol) -> Watch<'static> {
        contended::<B>(place)
    }

    fn contended_on_tokio(&self, place: OnTokio) -> Watch<'static> {
        contended::<B>(place)
    }
}

/// What one of the tasks does, its share of so many calls.
async fn calls<B: Runs>(bulkhead: &'static B, times: u64) {
    for _ in 0..times.div_ceil(TASKS) {
        drop(bulkhead.run(true).await);
    }
}

fn contended<B: Runs>(place: impl Place) -> Watch<'static> {
    let bulkhead = leaked(B::new(PLACES));
    Watch::new(1, move |times| {
        let on = place.clone();
        place.run(async move {
            let tasks: Vec<_> = (0..TASKS).map(|_| on.spawn(calls(bulkhead, times))).collect();
            for task in tasks {
                task.await;
            }
        });
    })
}

/// The same case of each of them.
fn row(name: &str, case: impl Fn(&dyn Side) -> Watch<'static>) -> Row {
    let row = Row::new(format!("bulkhead: {name}"), "call").owes(0.9);
    ALL.iter().fold(row, |row, side| row.watch(side.name(), side.kind(), case(*side)))
}

pub fn rows() -> Vec<Row> {
    let (smol, tokio) = (OnSmol::this_thread(), OnTokio::threads(2));
    let name = |place: &str| format!("64 tasks on 4 places, {place}");
    vec![
        row("a ready operation, nobody waiting", |side| side.uncontended()),
        row(&name("smol's executor, 1 thread"), |side| side.contended_on_smol(smol.clone())),
        row(&name("tokio, 2 threads"), |side| side.contended_on_tokio(tokio)).threads(2),
    ]
}
