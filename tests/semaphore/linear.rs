//! Histories of real threads: is there an order of their calls, each between its beginning and its end, in which a naive semaphore
//! gives the same answers? Futures are dropped on the way.

use super::model::Twin;
use super::*;
use std::collections::HashSet;
use std::thread;
use untether::time::{Entropy, Seed};

/// One call on the semaphore, from outside.
#[derive(Clone, Copy, Debug)]
enum Call {
    Try(usize),
    /// The first poll of a waiter.
    Ask(usize, usize),
    /// A later one.
    Poll(usize),
    /// Its future is dropped.
    Leave(usize),
    Release(usize),
}

/// A call, what it answered, and when it began and ended.
#[derive(Clone, Copy, Debug)]
struct Noted {
    call: Call,
    answer: bool,
    begin: usize,
    end: usize,
}

impl Twin {
    fn answers(&mut self, call: Call) -> bool {
        match call {
            Call::Try(n) => self.take(n, n).is_some(),
            Call::Ask(id, n) => {
                let taken = self.take(n, n).is_some();
                if !taken {
                    self.line.push_back((id, n, n));
                }
                taken
            }
            Call::Poll(id) => self.granted.remove(&id).is_some(),
            Call::Leave(id) => {
                self.line.retain(|(other, ..)| *other != id);
                let freed = self.granted.remove(&id).unwrap_or(0);
                self.release(freed);
                true
            }
            Call::Release(n) => {
                self.release(n);
                true
            }
        }
    }
}

/// Tries every order that the moments allow, and no state twice.
fn has_an_order(history: &[Noted], permits: usize) -> bool {
    let begin = Twin { free: permits, capacity: permits, ..Twin::default() };
    let (mut open, mut seen) = (vec![(0_u64, begin)], HashSet::new());
    while let Some((done, twin)) = open.pop() {
        if done.count_ones() as usize == history.len() {
            return true;
        }
        let left = || history.iter().enumerate().filter(|(n, _)| done & (1 << n) == 0);
        let first_end = left().map(|(_, noted)| noted.end).min().unwrap_or(usize::MAX);
        for (n, noted) in left().filter(|(_, noted)| noted.begin < first_end) {
            let mut next = twin.clone();
            let step = (done | (1 << n), next.answers(noted.call) == noted.answer);
            if step.1 && seen.insert((step.0, next.clone())) {
                open.push((step.0, next));
            }
        }
    }
    false
}

/// What one thread does, and what it was answered.
fn play(semaphore: &Semaphore, clock: &AtomicUsize, luck: &Seed, thread: usize) -> Vec<Noted> {
    let mut notes = Vec::new();
    let (mut held, mut waits) = (Vec::new(), None::<(usize, Acquire<&Semaphore>)>);
    for round in 0..8 {
        let (draw, id) = (luck.next_u64(), thread * 100 + round);
        let n = 1 + (draw >> 8) as usize % 2;
        let begin = clock.fetch_add(1, Ordering::SeqCst);
        let (call, answer) = match (draw % 4, waits.take()) {
            (0, Some((id, acquire))) => {
                drop(acquire);
                (Call::Leave(id), true)
            }
            (_, Some((id, mut acquire))) => match poll(&mut acquire) {
                Poll::Ready(permit) => {
                    held.push(permit.unwrap());
                    (Call::Poll(id), true)
                }
                Poll::Pending => {
                    waits = Some((id, acquire));
                    (Call::Poll(id), false)
                }
            },
            (0 | 1, None) if !held.is_empty() => {
                let permit = held.remove(0);
                let permits = permit.permits();
                drop(permit);
                (Call::Release(permits), true)
            }
            (2, None) => {
                let permit = semaphore.try_acquire_many(n);
                let got = permit.is_ok();
                held.extend(permit);
                (Call::Try(n), got)
            }
            (_, None) => {
                let mut acquire = semaphore.acquire_many(n);
                match poll(&mut acquire) {
                    Poll::Ready(permit) => {
                        held.push(permit.unwrap());
                        (Call::Ask(id, n), true)
                    }
                    Poll::Pending => {
                        waits = Some((id, acquire));
                        (Call::Ask(id, n), false)
                    }
                }
            }
        };
        let end = clock.fetch_add(1, Ordering::SeqCst);
        notes.push(Noted { call, answer, begin, end });
    }
    // What is left is let go after the history.
    held.into_iter().for_each(Permit::forget);
    std::mem::forget(waits);
    notes
}

#[test]
fn histories_of_threads_have_an_order_in_which_a_naive_semaphore_answers_alike() {
    for seed in 0..400 {
        let (semaphore, clock) = (Semaphore::new(2), AtomicUsize::new(0));
        let histories: Vec<Vec<Noted>> = thread::scope(|scope| {
            let threads = [0, 1, 2].map(|thread| {
                let (semaphore, clock) = (&semaphore, &clock);
                scope.spawn(move || play(semaphore, clock, &Seed::new(seed * 3 + thread as u64), thread))
            });
            threads.map(|thread| thread.join().unwrap()).into()
        });
        let history = histories.concat();
        assert!(has_an_order(&history, 2), "seed {seed}: {history:#?}");
    }
}

#[test]
fn a_history_that_cannot_be_is_seen() {
    let note = |call, answer, begin, end| Noted { call, answer, begin, end };
    // Two take the only permit; one overtakes another that waits; a permit comes from nowhere.
    let twice = [note(Call::Try(1), true, 0, 3), note(Call::Try(1), true, 1, 2)];
    assert!(!has_an_order(&twice, 1) && has_an_order(&twice, 2));
    let barging = [
        note(Call::Try(1), true, 0, 1),
        note(Call::Ask(1, 1), false, 2, 3),
        note(Call::Release(1), true, 4, 5),
        note(Call::Try(1), true, 6, 7),
    ];
    assert!(!has_an_order(&barging, 1));
    let together = [note(Call::Ask(1, 1), false, 0, 1), note(Call::Poll(1), true, 2, 3)];
    assert!(!has_an_order(&together, 0));
}
