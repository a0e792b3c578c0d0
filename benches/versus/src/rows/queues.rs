//! Queues: who takes part, and what a queue costs where nobody waits.

use super::pinball::Pinball;
use super::queue_wakes::{self, Tally, Wait};
use super::queues_across::PingPong;
use super::queues_of_tasks::{At, ITEMS, MANY_ITEMS, Passing, PassingMany, Where};
use super::{Of, drive, sum_below, waker};
use crate::peers::queues::{
    AT_ONCE, AsyncChannel, AsyncbandBounded, AsyncbandUnbounded, Channel, Flume, Kanal, Loole, Ours, Room,
    Shape, received,
};
use crate::peers::queues_to_one::{
    AsyncbandToOne, CrossfireList, CrossfireListOneToOne, CrossfireListToOne, CrossfireRing,
    CrossfireRingOneToOne, CrossfireRingToOne, FuturesBounded, FuturesUnbounded, Tachyonix, Thingbuf,
    TokioBounded, TokioUnbounded,
};
use crate::row::{Bar, Kind, Row};
use std::rc::Rc;
use untether_support::stopwatch::{Lap, Watch};

/// All of them. Who cannot do what a row asks for is left out of it.
pub const ALL: [&dyn Side; 20] = [
    &Of::<AsyncChannel>::NEW,
    &Of::<Flume>::NEW,
    &Of::<Loole>::NEW,
    &Of::<AsyncbandBounded>::NEW,
    &Of::<AsyncbandUnbounded>::NEW,
    &Of::<CrossfireRing>::NEW,
    &Of::<CrossfireList>::NEW,
    &Of::<CrossfireRingToOne>::NEW,
    &Of::<CrossfireListToOne>::NEW,
    &Of::<CrossfireRingOneToOne>::NEW,
    &Of::<CrossfireListOneToOne>::NEW,
    &Of::<AsyncbandToOne>::NEW,
    &Of::<TokioBounded>::NEW,
    &Of::<TokioUnbounded>::NEW,
    &Of::<Tachyonix>::NEW,
    &Of::<Thingbuf>::NEW,
    &Of::<FuturesBounded>::NEW,
    &Of::<FuturesUnbounded>::NEW,
    &Of::<Kanal>::NEW,
    &Of::<Ours>::NEW,
];

pub const BOUNDED: Room = Room::Of(100);

pub const TAKERS: Bar =
    Bar::Some { called: "loole, flume, tokio", names: &["loole", "flume", "tokio's mpsc"] };

pub const CROSSFIRE: Bar = Bar::Some { called: "crossfire", names: &["crossfire"] };

/// Makes the cases of one of them, where it can do them.
pub trait Side {
    fn name(&self) -> &'static str;
    fn kind(&self) -> Kind;
    fn no_waiting(&self, room: Room, verbs: Verbs) -> Option<Watch<'static>>;
    fn taking_many(&self) -> Option<Watch<'static>>;
    fn passing(&self, shape: Shape, at: &At) -> Option<Watch<'static>>;
    fn passing_many(&self, shape: Shape, place: &Where) -> Option<Watch<'static>>;
    fn ping_pong(&self, shape: Shape, place: &Where) -> Option<Watch<'static>>;
    fn pinball(&self, shape: Shape, place: &Where) -> Option<Watch<'static>>;
    fn woken(&self, who: Wait) -> Option<(Watch<'static>, Rc<Tally>)>;
}

#[derive(Clone, Copy)]
pub enum Verbs {
    Wait,
    Try,
}

impl<C: Channel> Side for Of<C> {
    fn name(&self) -> &'static str {
        C::NAME
    }

    fn kind(&self) -> Kind {
        C::KIND
    }

    fn no_waiting(&self, room: Room, verbs: Verbs) -> Option<Watch<'static>> {
        let (mut senders, mut receivers) = C::open(Shape { room, senders: 1, receivers: 1 })?;
        let (mut sender, mut receiver, waker) = (senders.pop()?, receivers.pop()?, waker());
        Some(match verbs {
            Verbs::Wait => Watch::new(1, move |times| {
                for item in 0..times {
                    drop(drive(C::send(&mut sender, item), waker));
                    assert_eq!(received(drive(C::recv(&mut receiver), waker)), Some(item));
                }
            }),
            Verbs::Try => Watch::new(1, move |times| {
                for item in 0..times {
                    assert!(C::try_send(&mut sender, item));
                    assert_eq!(C::try_recv(&mut receiver), Some(item));
                }
            }),
        })
    }

    fn taking_many(&self) -> Option<Watch<'static>> {
        let (mut senders, mut receivers) = C::open(Shape { room: BOUNDED, senders: 1, receivers: 1 })?;
        let (mut sender, mut receiver, waker) = (senders.pop()?, receivers.pop()?, waker());
        let mut buffer = Vec::with_capacity(AT_ONCE);
        C::TAKES_MANY.then(|| {
            Watch::of_parts(AT_ONCE as u64, move |times, lap: &mut Lap| {
                for _ in 0..times {
                    (0..AT_ONCE as u64).for_each(|item| assert!(C::try_send(&mut sender, item)));
                    let mut sum = 0;
                    let take = C::recv_many(&mut receiver, &mut buffer, |item| sum += item);
                    assert!(lap.count(|| drive(take, waker)));
                    assert_eq!(sum, sum_below(AT_ONCE as u64), "{} lost something", C::NAME);
                }
            })
        })
    }

    fn passing(&self, shape: Shape, at: &At) -> Option<Watch<'static>> {
        if C::SLEEPS && matches!(at.place, Where::Apart { .. }) && shape.room == BOUNDED {
            return None;
        }
        // Where hardly anything fits, it is the waiting that takes time.
        let many = at.threads > 1 && matches!(shape.room, BOUNDED | Room::Unbounded);
        can_open::<C>(shape).then(|| match many {
            true => at.place.watch::<Passing<C, MANY_ITEMS>>(shape),
            false => at.place.watch::<Passing<C, ITEMS>>(shape),
        })
    }

    fn passing_many(&self, shape: Shape, place: &Where) -> Option<Watch<'static>> {
        (C::TAKES_MANY && can_open::<C>(shape)).then(|| place.watch::<PassingMany<C>>(shape))
    }

    fn ping_pong(&self, shape: Shape, place: &Where) -> Option<Watch<'static>> {
        can_open::<C>(shape).then(|| place.watch::<PingPong<C>>(shape))
    }

    fn pinball(&self, shape: Shape, place: &Where) -> Option<Watch<'static>> {
        can_open::<C>(shape).then(|| place.watch::<Pinball<C>>(shape))
    }

    fn woken(&self, who: Wait) -> Option<(Watch<'static>, Rc<Tally>)> {
        queue_wakes::counted::<C>(who)
    }
}

fn can_open<C: Channel>(shape: Shape) -> bool {
    C::open(shape).is_some()
}

/// The same case of all who can do it.
pub fn row(name: &str, unit: &'static str, case: impl Fn(&dyn Side) -> Option<Watch<'static>>) -> Row {
    let row = Row::new(format!("queue: {name}"), unit);
    ALL.into_iter().fold(row, |row, side| match case(side) {
        Some(watch) => row.watch(side.name(), side.kind(), watch),
        None => row,
    })
}

/// Send and receive in turn, on one thread, from outside of any task.
pub fn rows() -> Vec<Row> {
    const LOCKED: Bar = Bar::Some { called: "the best with a lock", names: &["asyncband", "flume", "loole"] };
    const UNBOUNDED: Bar =
        Bar::Some { called: "asyncband, loole, tokio", names: &["asyncband", "loole", "tokio's mpsc"] };
    let of = |name: &str, room, verbs| row(name, "item", |side| side.no_waiting(room, verbs));
    vec![
        of("bounded, send + recv, no waiting", BOUNDED, Verbs::Wait)
            .owes_bar(LOCKED, 0.9)
            .owes_bar(CROSSFIRE, 1.3),
        of("bounded, try_send + try_recv, no waiting", BOUNDED, Verbs::Try)
            .owes_bar(LOCKED, 0.9)
            .owes_bar(CROSSFIRE, 1.3),
        of("unbounded, send + recv, no waiting", Room::Unbounded, Verbs::Wait).owes_bar(UNBOUNDED, 0.9),
        of("unbounded, try_send + try_recv, no waiting", Room::Unbounded, Verbs::Try)
            .owes_bar(UNBOUNDED, 0.9),
        // What a peer leaves to the next sender, memory for instance, is not in here, but in the row of tasks.
        row("recv_many of 100, the taking", "item", |side| side.taking_many()).owes_bar(TAKERS, 0.75),
    ]
}
