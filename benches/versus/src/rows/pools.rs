//! Pools: an object that lies there, and many tasks that want one of a few.

use super::{Of, drive, each, leaked, waker};
use crate::peers::{Bb8, Deadpool, Lends, around_bb8};
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::{Kind, Row};
use asyncband::pool::bounded as asyncband;
use std::convert::Infallible;
use std::future::Ready;
use std::sync::Arc;
use untether::resource::Pool;
use untether::rt::threads::Threads;
use untether_support::stopwatch::Watch;

const TASKS: u64 = 64;
const OBJECTS: usize = 4;

type Create = fn() -> Ready<Result<u64, Infallible>>;

const ALL: &[&dyn Side] = &[
    &Of::<Bb8>::NEW,
    &Of::<Deadpool>::NEW,
    &Of::<Arc<asyncband::Pool<crate::peers::Numbers>>>::NEW,
    &Of::<Arc<Pool<Create, &'static Threads>>>::NEW,
    &Of::<Pool<Create>>::NEW,
];
/// All but bb8, which needs tokio around it.
const ANYWHERE: &[&dyn Side] = ALL.split_at(1).1;

/// Makes the cases of one of them.
trait Side {
    fn name(&self) -> &'static str;
    fn kind(&self) -> Kind;
    fn uncontended(&self) -> Watch<'static>;
    fn contended_on_smol(&self, place: OnSmol) -> Watch<'static>;
    fn contended_on_tokio(&self, place: OnTokio) -> Watch<'static>;
}

impl<P: Lends> Side for Of<P> {
    fn name(&self) -> &'static str {
        P::NAME
    }

    fn kind(&self) -> Kind {
        P::KIND
    }

    fn uncontended(&self) -> Watch<'static> {
        let (pool, waker) = (leaked(P::new(OBJECTS)), waker());
        let first = around_bb8().enter();
        drop(drive(pool.get(), waker));
        drop(first);
        let mut gets = each(move || drive(pool.get(), waker));
        Watch::new(1, move |times| {
            let _around = around_bb8().enter();
            gets(times);
        })
    }

    fn contended_on_smol(&self, place: OnSmol) -> Watch<'static> {
        contended::<P>(place)
    }

    fn contended_on_tokio(&self, place: OnTokio) -> Watch<'static> {
        contended::<P>(place)
    }
}

/// What one of the tasks does, its share of so many turns.
async fn turns<P: Lends>(pool: &'static P, times: u64) {
    for _ in 0..times.div_ceil(TASKS) {
        let object = pool.get().await;
        smol::future::yield_now().await;
        drop(object);
    }
}

fn contended<P: Lends>(place: impl Place) -> Watch<'static> {
    let pool = leaked(P::new(OBJECTS));
    Watch::new(1, move |times| {
        let on = place.clone();
        place.run(async move {
            let tasks: Vec<_> = (0..TASKS).map(|_| on.spawn(turns(pool, times))).collect();
            for task in tasks {
                task.await;
            }
        });
    })
}

/// The same case of each of them.
fn row(name: &str, owed: f64, sides: &[&dyn Side], case: impl Fn(&dyn Side) -> Watch<'static>) -> Row {
    let row = Row::new(format!("pool: {name}"), "get").owes(owed);
    sides.iter().fold(row, |row, side| row.watch(side.name(), side.kind(), case(*side)))
}

pub fn rows() -> Vec<Row> {
    let (smol, tokio) = (OnSmol::this_thread(), OnTokio::threads(2));
    let name = |place: &str| format!("64 tasks on 4 objects, {place}");
    vec![
        row("get and return, one lies there", 0.9, ALL, |side| side.uncontended()),
        row(&name("smol's executor, 1 thread"), 0.9, ANYWHERE, |side| side.contended_on_smol(smol.clone())),
        row(&name("tokio, 2 threads"), 0.9, ALL, |side| side.contended_on_tokio(tokio)).threads(2),
    ]
}
