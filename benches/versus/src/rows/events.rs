//! Events: nobody waits, one does, a thousand do, and many in a line; and the other small parts that tell somebody something.

use super::lines::{self, poll};
use super::{Of, each, leaked, waker};
use crate::peers::{AsyncEvent, Event};
use crate::row::{Kind, Row};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use untether_support::stopwatch::{Lap, Watch};

const CROWD: u64 = 1_000;

/// Those who let one through.
const SIDES: [&dyn Side; 6] = [
    &Of::<AsyncEvent>::NEW,
    &Of::<event_listener::Event>::NEW,
    &Of::<maitake_sync::WaitQueue>::NEW,
    &Of::<asyncband::event::AutoResetEvent>::NEW,
    &Of::<tokio::sync::Notify>::NEW,
    &Of::<untether::sync::Event>::NEW,
];

/// Makes the cases of one of them.
trait Side {
    fn name(&self) -> &'static str;
    fn kind(&self) -> Kind;
    fn one_of_one(&self) -> Watch<'static>;
    fn queue_and_cancel(&self, among: usize) -> Watch<'static>;
    fn hand_off(&self, waiters: usize) -> Watch<'static>;
}

impl<E: Event> Side for Of<E> {
    fn name(&self) -> &'static str {
        E::NAME
    }

    fn kind(&self) -> Kind {
        E::KIND
    }

    fn one_of_one(&self) -> Watch<'static> {
        let event = leaked(E::new());
        Watch::new(1, each(|| drop(cycle(event.wait(), || event.notify_one()))))
    }

    fn queue_and_cancel(&self, among: usize) -> Watch<'static> {
        let event = leaked(E::new());
        lines::queue_and_cancel(among, || event.wait())
    }

    fn hand_off(&self, waiters: usize) -> Watch<'static> {
        let event = leaked(E::new());
        lines::hand_off(waiters, || None, || event.wait(), |_| event.notify_one())
    }
}

/// Waits, is told, and goes on.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn cycle<F: Future>(future: F, tell: impl FnOnce()) -> F::Output {
    let (mut future, mut cx) = (pin!(future), Context::from_waker(waker()));
    assert!(future.as_mut().poll(&mut cx).is_pending());
    tell();
    let Poll::Ready(output) = future.poll(&mut cx) else { panic!("it was told") };
    output
}

/// What of a crowd counts.
#[derive(Clone, Copy)]
enum Counts {
    Telling,
    All,
}

/// The same of a thousand, in boxes that are used again.
fn crowd<F: Future + 'static>(
    counts: Counts,
    wait: impl Fn() -> F + 'static,
    tell: impl Fn() + 'static,
) -> Watch<'static> {
    let mut waits: Vec<Pin<Box<F>>> = (0..CROWD).map(|_| Box::pin(wait())).collect();
    let mut cycle = move |tell: &mut dyn FnMut()| {
        let waker = waker();
        for waits in &mut waits {
            waits.set(wait());
            assert!(poll(waits.as_mut(), waker).is_pending());
        }
        tell();
        waits.iter_mut().for_each(|waits| assert!(poll(waits.as_mut(), waker).is_ready()));
    };
    Watch::of_parts(CROWD, move |times, lap: &mut Lap| match counts {
        Counts::Telling => (0..times).for_each(|_| cycle(&mut || lap.count(&tell))),
        Counts::All => lap.count(|| (0..times).for_each(|_| cycle(&mut || tell()))),
    })
}

fn nobody_waiting() -> Row {
    let (ours, tokio) = (leaked(untether::sync::Event::new()), leaked(tokio::sync::Notify::new()));
    let (auto, lone) = (leaked(asyncband::event::AutoResetEvent::new()), leaked(async_event::Event::new()));
    let (listened, queue) =
        (leaked(event_listener::Event::<()>::new()), leaked(maitake_sync::WaitQueue::new()));
    Row::new("event: notify one, nobody waiting", "call")
        .peer("async-event (keeps nothing)", each(|| lone.notify_one()))
        .peer("asyncband's AutoResetEvent", each(|| auto.set()))
        .peer("tokio's Notify", each(|| tokio.notify_one()))
        .peer("event-listener (keeps nothing)", each(|| listened.notify(1)))
        .shown("maitake-sync (a spin lock)", each(|| queue.wake()))
        .ours("Event", each(|| ours.notify_one()))
        .owes(1.2)
}

fn all_of_a_crowd(name: &str, counts: Counts) -> Row {
    let (ours, tokio) = (leaked(untether::sync::Event::new()), leaked(tokio::sync::Notify::new()));
    let band = leaked(asyncband::event::ManualResetEvent::new());
    let intrusive = leaked(futures_intrusive::sync::ManualResetEvent::new(false));
    let (listened, queue) =
        (leaked(event_listener::Event::<()>::new()), leaked(maitake_sync::WaitQueue::new()));
    let band_tells = || {
        band.set();
        band.reset();
    };
    let intrusive_tells = || {
        intrusive.set();
        intrusive.reset();
    };
    let listened_tells = || {
        listened.notify(usize::MAX);
    };
    Row::new(format!("event: notify all of 1,000, {name}"), "wait")
        .watch("tokio's Notify", Kind::Peer, crowd(counts, || tokio.notified(), || tokio.notify_waiters()))
        .watch("asyncband's ManualResetEvent", Kind::Peer, crowd(counts, || band.wait(), band_tells))
        .watch(
            "futures-intrusive (wakes under its lock)",
            Kind::Shown,
            crowd(counts, || intrusive.wait(), intrusive_tells),
        )
        .watch(
            "event-listener (wakes under its lock)",
            Kind::Shown,
            crowd(counts, || listened.listen(), listened_tells),
        )
        .watch("maitake-sync (a spin lock)", Kind::Shown, crowd(counts, || queue.wait(), || queue.wake_all()))
        .watch("Event", Kind::Ours, crowd(counts, || ours.wait(), || ours.notify_all()))
        .owes(1.3)
}

/// The same case of all who let one through.
fn row(name: &str, unit: &'static str, case: impl Fn(&dyn Side) -> Watch<'static>) -> Row {
    let row = Row::new(format!("event: {name}"), unit);
    SIDES.into_iter().fold(row, |row, side| row.watch(side.name(), side.kind(), case(side)))
}

fn other_parts() -> [Row; 2] {
    let ((ours_sends, ours_hears), (sends, hears)) =
        (untether::sync::watch(0), tokio::sync::watch::channel(0));
    let (mut ours_hears, mut hears) = (ours_hears, hears);
    [
        Row::new("watch: wait for a change, send, see it", "change")
            .peer("tokio", each(move || cycle(hears.changed(), || assert!(sends.send(1).is_ok())).is_ok()))
            .ours(
                "watch",
                each(move || cycle(ours_hears.changed(), || assert!(ours_sends.send(1).is_ok())).is_ok()),
            ),
        Row::new("oneshot: make, send, receive", "value")
            .peer(
                "tokio",
                each(|| {
                    let (sender, receiver) = tokio::sync::oneshot::channel();
                    sender.send(1).is_ok() && poll(pin!(receiver), waker()).is_ready()
                }),
            )
            .ours(
                "oneshot",
                each(|| {
                    let (sender, receiver) = untether::sync::oneshot();
                    sender.send(1).is_ok() && poll(pin!(receiver), waker()).is_ready()
                }),
            ),
    ]
}

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        nobody_waiting(),
        row("notify 1 of 1", "wait", |side| side.one_of_one()).owes(1.1),
        all_of_a_crowd("the telling", Counts::Telling),
        all_of_a_crowd("each waiting, told and going on", Counts::All),
    ];
    // No peer's figure is owed here: what counts is that the length of the line does not.
    for among in lines::LENGTHS {
        rows.push(row(&format!("queue a waiter and cancel it, among {among}"), "wait", |side| {
            side.queue_and_cancel(among)
        }));
        rows.push(row(&format!("hand-off along {among} waiters"), "wait", |side| side.hand_off(among)));
    }
    rows.extend(other_parts());
    rows
}
