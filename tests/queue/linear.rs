//! Histories of real threads: is there an order of their calls, each between its beginning and its end, in which a naive queue gives the
//! same answers? Futures are dropped on the way.

use super::model::{Life, Twin, Wants};
use super::*;
use std::collections::HashSet;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use untether::queue::{Recv, Send};
use untether::time::{Entropy, Seed};

/// One call on the queue, from outside: of an item, or of one who waits.
#[derive(Clone, Copy, Debug)]
enum Call {
    TrySend(usize),
    TryRecv,
    /// The first poll.
    Send(usize),
    Recv(usize),
    /// A later one.
    PollSend(usize),
    PollRecv(usize),
    TakeBack(usize),
    Leave(usize),
}

/// What was answered: an item, or that it went well.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Item(usize),
    Yes,
    No,
}

/// A call, what it answered, and when it began and ended.
#[derive(Clone, Copy, Debug)]
struct Noted {
    call: Call,
    answer: Answer,
    begin: usize,
    end: usize,
}

fn item(got: Option<usize>) -> Answer {
    got.map_or(Answer::No, Answer::Item)
}

fn yes(is: bool) -> Answer {
    if is { Answer::Yes } else { Answer::No }
}

fn answer(twin: &mut Twin, call: Call) -> Answer {
    match call {
        Call::TrySend(number) => yes(twin.try_send(number, 1).is_ok()),
        Call::TryRecv => item(twin.try_recv().flatten()),
        Call::Send(number) => yes(twin.send(number, number, 1).is_some()),
        Call::Recv(id) => item(twin.recv(id).flatten()),
        Call::PollSend(number) => yes(twin.answered.remove(&number).is_some()),
        Call::PollRecv(id) => item(twin.poll_recv(id).flatten()),
        Call::TakeBack(number) => {
            let waits = twin.line.contains(&(number, Wants::Put(number, 1)));
            twin.leave(number);
            yes(waits)
        }
        Call::Leave(id) => {
            twin.leave(id);
            Answer::Yes
        }
    }
}

fn naive(capacity: usize) -> Twin {
    let mut twin = Twin::new(false, Overflow::Wait);
    twin.capacity = capacity;
    assert_eq!(twin.life, Life::Open);
    twin
}

/// Tries every order that the moments allow, and no state twice.
fn has_an_order(history: &[Noted], capacity: usize) -> bool {
    let (mut open, mut seen) = (vec![(0_u64, naive(capacity))], HashSet::new());
    while let Some((done, twin)) = open.pop() {
        if done.count_ones() as usize == history.len() {
            return true;
        }
        let left = || history.iter().enumerate().filter(|(n, _)| done & (1 << n) == 0);
        let first_end = left().map(|(_, noted)| noted.end).min().unwrap_or(usize::MAX);
        for (n, noted) in left().filter(|(_, noted)| noted.begin < first_end) {
            let mut next = twin.clone();
            let (done, answers) = (done | (1 << n), answer(&mut next, noted.call));
            if answers == noted.answer && seen.insert((done, format!("{next:?}"))) {
                open.push((done, next));
            }
        }
    }
    false
}

/// One thread: what it waits with.
enum Waits<'q> {
    Sends(usize, Send<&'q Queue<usize>>),
    Receives(usize, Recv<&'q Queue<usize>>),
}

/// Goes on with what it waits for, or gives it up.
fn go_on<'q>(waits: Waits<'q>, gives_up: bool) -> (Call, Answer, Option<Waits<'q>>) {
    match waits {
        Waits::Sends(number, send) if gives_up => {
            (Call::TakeBack(number), yes(send.into_inner().is_some()), None)
        }
        Waits::Receives(id, recv) if gives_up => {
            drop(recv);
            (Call::Leave(id), Answer::Yes, None)
        }
        Waits::Sends(number, mut send) => {
            let is_sent = poll(&mut send).is_ready();
            (Call::PollSend(number), yes(is_sent), (!is_sent).then_some(Waits::Sends(number, send)))
        }
        Waits::Receives(id, mut recv) => match poll(&mut recv) {
            Poll::Ready(got) => (Call::PollRecv(id), item(got), None),
            Poll::Pending => (Call::PollRecv(id), Answer::No, Some(Waits::Receives(id, recv))),
        },
    }
}

fn come(queue: &Queue<usize>, draw: u64, id: usize) -> (Call, Answer, Option<Waits<'_>>) {
    match draw % 4 {
        0 => (Call::TrySend(id), yes(queue.try_send(id).is_ok()), None),
        1 => (Call::TryRecv, item(queue.try_recv().ok()), None),
        2 => {
            let mut send = queue.send(id);
            let is_sent = poll(&mut send).is_ready();
            (Call::Send(id), yes(is_sent), (!is_sent).then_some(Waits::Sends(id, send)))
        }
        _ => {
            let mut recv = queue.recv();
            match poll(&mut recv) {
                Poll::Ready(got) => (Call::Recv(id), item(got), None),
                Poll::Pending => (Call::Recv(id), Answer::No, Some(Waits::Receives(id, recv))),
            }
        }
    }
}

/// What one thread does, and what it was answered.
fn play(queue: &Queue<usize>, clock: &AtomicUsize, luck: &Seed, thread: usize) -> Vec<Noted> {
    let (mut notes, mut waits) = (Vec::new(), None);
    for round in 0..8 {
        let (draw, id) = (luck.next_u64(), thread * 100 + round);
        let begin = clock.fetch_add(1, Ordering::SeqCst);
        let (call, answer, still) = match waits.take() {
            Some(waits) => go_on(waits, draw % 3 == 0),
            None => come(queue, draw, id),
        };
        waits = still;
        let end = clock.fetch_add(1, Ordering::SeqCst);
        notes.push(Noted { call, answer, begin, end });
    }
    // What is left is let go after the history.
    std::mem::forget(waits);
    notes
}

#[test]
fn histories_of_threads_have_an_order_in_which_a_naive_queue_answers_alike() {
    for seed in 0..u64::from(cases(150)) {
        for capacity in [0, 1, 2] {
            let queue = if capacity == 0 { Queue::rendezvous() } else { Queue::bounded(capacity) };
            let (clock, all_are_there) = (AtomicUsize::new(0), Barrier::new(3));
            let histories: Vec<_> = thread::scope(|scope| {
                let threads = [0, 1, 2].map(|thread| {
                    let (queue, clock, all_are_there) = (&queue, &clock, &all_are_there);
                    scope.spawn(move || {
                        all_are_there.wait();
                        play(queue, clock, &Seed::new(seed * 3 + thread as u64), thread)
                    })
                });
                threads.map(|thread| thread.join().unwrap()).into()
            });
            let history = histories.concat();
            assert!(has_an_order(&history, capacity), "seed {seed}, capacity {capacity}: {history:#?}");
        }
    }
}

#[test]
fn a_history_that_cannot_be_is_seen() {
    let note = |call, answer, begin| Noted { call, answer, begin, end: begin + 1 };
    let from_nowhere = [note(Call::TryRecv, Answer::Item(1), 0), note(Call::TrySend(1), Answer::Yes, 2)];
    let barging = [
        note(Call::Recv(7), Answer::No, 0),
        note(Call::TrySend(1), Answer::Yes, 2),
        note(Call::TryRecv, Answer::Item(1), 4),
    ];
    let out_of_order = [
        note(Call::TrySend(1), Answer::Yes, 0),
        note(Call::TrySend(2), Answer::Yes, 2),
        note(Call::TryRecv, Answer::Item(2), 4),
    ];
    assert!(![&from_nowhere[..], &barging, &out_of_order].iter().any(|history| has_an_order(history, 2)));
    assert!(has_an_order(&barging[..2], 2) && has_an_order(&out_of_order[..2], 2));
}
