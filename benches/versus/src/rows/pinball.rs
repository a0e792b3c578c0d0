//! Queues between tasks that mostly wait: pinball, after tachyobench.
//!
//! In each rig every pin has a queue and can send into those of all others. A ball that comes goes on to a pin at random, so there are fewer
//! balls than pins, receivers starve, and senders find room. A run is a number of rigs side by side.

use super::queues::{BOUNDED, row};
use super::queues_of_tasks::{Where, Workload};
use crate::peers::queues::{Channel, Shape, received};
use crate::place::{OnSmol, OnTokio, Place};
use crate::row::Row;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

const RIGS: u64 = 8;
const PINS: usize = 13;
const BALLS: u64 = 5;
/// Of each ball.
const HOPS: u64 = 2_500;
/// Comes when all balls of the rig have stopped.
const OVER: u64 = u64::MAX;

/// A ball is the number of its hops that are left.
pub struct Pinball<C>(PhantomData<C>);

/// What the pins of a rig count together.
#[derive(Default)]
struct Score {
    hops: AtomicU64,
    stopped: AtomicU64,
}

struct Pin<C: Channel> {
    queue: C::Receiver,
    /// Into the queues of all others.
    others: Vec<C::Sender>,
    /// The next random number; never 0.
    random: u64,
    score: Arc<Score>,
}

impl<C: Channel> Pin<C> {
    async fn play(mut self) {
        let mut hops = 0;
        loop {
            let ball = received(C::recv(&mut self.queue).await).expect("the others are there");
            match ball {
                OVER => break,
                0 if self.score.stopped.fetch_add(1, Ordering::Relaxed) + 1 == BALLS => {
                    for other in &mut self.others {
                        drop(C::send(other, OVER).await);
                    }
                    break;
                }
                0 => {}
                left => {
                    hops += 1;
                    let other = self.next();
                    drop(C::send(other, left - 1).await);
                }
            }
        }
        self.score.hops.fetch_add(hops, Ordering::Relaxed);
    }

    /// Marsaglia's xorshift: cheap, and the same for all.
    fn next(&mut self) -> &mut C::Sender {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let number = (self.random >> 32) as usize % self.others.len();
        &mut self.others[number]
    }
}

/// The pins of a rig, with the balls in the first of their queues.
fn rig<C: Channel>(score: &Arc<Score>) -> Vec<Pin<C>> {
    let shape = Shape { room: BOUNDED, senders: PINS, receivers: 1 };
    let mut others: Vec<Vec<C::Sender>> = (0..PINS).map(|_| Vec::new()).collect();
    let mut queues = Vec::new();
    for number in 0..PINS {
        let (mut senders, receivers) = C::open(shape).expect("it could be had before");
        if (number as u64) < BALLS {
            assert!(C::try_send(&mut senders[0], HOPS));
        }
        queues.extend(receivers);
        let senders = others.iter_mut().zip(senders).enumerate();
        senders.filter(|(pin, _)| *pin != number).for_each(|(_, (others, sender))| others.push(sender));
    }
    let pins = queues.into_iter().zip(others).zip(1..);
    pins.map(|((queue, others), random)| Pin { queue, others, random, score: score.clone() }).collect()
}

impl<C: Channel> Workload for Pinball<C> {
    const OPERATIONS: u64 = RIGS * BALLS * HOPS;

    async fn once(_: Shape, _: impl Place, place: impl Place) {
        let scores: Vec<Arc<Score>> = (0..RIGS).map(|_| Arc::default()).collect();
        let pins = scores.iter().flat_map(rig::<C>);
        let playing: Vec<_> = pins.map(|pin| place.spawn(pin.play())).collect();
        for task in playing {
            task.await;
        }
        for score in scores {
            assert_eq!(score.hops.load(Ordering::Relaxed), BALLS * HOPS, "{} lost a ball", C::NAME);
        }
    }
}

pub fn rows() -> Vec<Row> {
    let shape = Shape { room: BOUNDED, senders: PINS, receivers: 1 };
    let places = [
        ("smol, 1 thread", 1, Where::Smol(OnSmol::this_thread())),
        ("smol, 2 threads", 2, Where::Smol(OnSmol::two_threads())),
        ("tokio, 2 threads", 2, Where::Tokio(OnTokio::threads(2))),
    ];
    let of = |(at, threads, place): (&str, usize, Where)| {
        let name = format!("pinball, {BALLS} balls on {PINS} pins, {RIGS} rigs, {at}");
        row(&name, "hop", |side| side.pinball(shape, &place)).threads(threads)
    };
    places.map(of).into()
}
