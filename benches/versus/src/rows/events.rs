//! Events: nobody waits, one does, a thousand do; and the other small parts that tell somebody something.

use super::{each, leaked, waker};
use crate::row::Row;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

const CROWD: u64 = 1_000;

/// Waits, is told, and goes on.
#[inline(always)] // a call would copy the future, and that would be what is measured
fn cycle<F: Future>(future: F, tell: impl FnOnce()) -> F::Output {
    let (mut future, mut cx) = (pin!(future), Context::from_waker(waker()));
    assert!(future.as_mut().poll(&mut cx).is_pending());
    tell();
    let Poll::Ready(output) = future.poll(&mut cx) else { panic!("it was told") };
    output
}

/// The same of a thousand, in boxes that are used again.
fn crowd<F: Future + 'static>(
    wait: impl Fn() -> F + 'static,
    tell: impl Fn() + 'static,
) -> impl FnMut(u64) + 'static {
    let mut waits: Vec<Pin<Box<F>>> = (0..CROWD).map(|_| Box::pin(wait())).collect();
    move |times| {
        let mut cx = Context::from_waker(waker());
        for _ in 0..times {
            for waits in &mut waits {
                waits.set(wait());
                assert!(waits.as_mut().poll(&mut cx).is_pending());
            }
            tell();
            waits.iter_mut().for_each(|waits| assert!(waits.as_mut().poll(&mut cx).is_ready()));
        }
    }
}

pub fn rows() -> Vec<Row> {
    let (ours, tokio) = (leaked(untether::sync::Event::new()), leaked(tokio::sync::Notify::new()));
    let (auto, lone) = (leaked(asyncband::event::AutoResetEvent::new()), leaked(async_event::Event::new()));
    let listened = leaked(event_listener::Event::<()>::new());
    let ((ours_sends, ours_hears), (sends, hears)) =
        (untether::sync::watch(0), tokio::sync::watch::channel(0));
    let (mut ours_hears, mut hears) = (ours_hears, hears);
    vec![
        Row::new("event: notify one, nobody waiting", "call")
            .peer("async-event", each(|| lone.notify_one()))
            .peer("asyncband's AutoResetEvent", each(|| auto.set()))
            .peer("tokio's Notify", each(|| tokio.notify_one()))
            .peer("event-listener", each(|| listened.notify(1)))
            .ours("Event", each(|| ours.notify_one()))
            .owes(1.2),
        Row::new("event: notify 1 of 1", "wait")
            .peer("asyncband's AutoResetEvent", {
                let auto = leaked(asyncband::event::AutoResetEvent::new());
                each(|| cycle(auto.wait(), || auto.set()))
            })
            .peer("tokio's Notify", {
                let tokio = leaked(tokio::sync::Notify::new());
                each(|| cycle(tokio.notified(), || tokio.notify_one()))
            })
            .ours("Event", {
                let ours = leaked(untether::sync::Event::new());
                each(|| cycle(ours.wait(), || ours.notify_one()))
            })
            .owes(1.1),
        Row::new("event: notify all of 1,000, each waiting, told and going on", "wait")
            .count(CROWD)
            .peer("tokio's Notify", {
                let tokio = leaked(tokio::sync::Notify::new());
                crowd(|| tokio.notified(), || tokio.notify_waiters())
            })
            .ours("Event", {
                let ours = leaked(untether::sync::Event::new());
                crowd(|| ours.wait(), || ours.notify_all())
            })
            .owes(1.3),
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
                    sender.send(1).is_ok()
                        && pin!(receiver).poll(&mut Context::from_waker(waker())).is_ready()
                }),
            )
            .ours(
                "oneshot",
                each(|| {
                    let (sender, receiver) = untether::sync::oneshot();
                    sender.send(1).is_ok()
                        && pin!(receiver).poll(&mut Context::from_waker(waker())).is_ready()
                }),
            ),
    ]
}
