//! Priorities: the order, what can be changed, and an order that panics.

use super::*;
use proptest::prelude::*;
use std::cmp::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};
use untether::queue::{ByPriority, PriorityKey};
use untether::testing::CountingWaker;

type Jobs = Queue<(u8, u32), ByPriority<u8, (u8, u32)>>;

fn jobs(capacity: usize) -> Jobs {
    Queue::builder(capacity).priority(|(urgency, _): &(u8, u32)| *urgency).build()
}

fn drained(jobs: &Jobs) -> Vec<u32> {
    jobs.drain().map(|(_, number)| number).collect()
}

#[test]
fn the_smallest_priority_comes_first_and_equals_come_in_order() {
    let jobs = jobs(10);
    for job in [(2, 0), (1, 1), (2, 2), (0, 3), (1, 4)] {
        jobs.try_send(job).unwrap();
    }
    assert_eq!(drained(&jobs), [3, 1, 4, 0, 2]);
}

#[test]
fn a_job_that_is_put_back_comes_before_its_equals_again() {
    let jobs = jobs(10);
    for job in [(1, 0), (1, 1), (1, 2)] {
        jobs.try_send(job).unwrap();
    }
    drop(jobs.peek());
    assert_eq!(jobs.retain(|(_, number)| *number != 1), 1);
    jobs.try_send((1, 3)).unwrap();
    assert_eq!(drained(&jobs), [0, 2, 3]);
}

#[test]
fn a_changed_job_stands_among_its_new_equals_by_when_it_first_came() {
    let jobs = jobs(10);
    let mut first = jobs.insert((5, 0)).unwrap();
    jobs.try_send((1, 1)).unwrap();
    jobs.try_send((1, 2)).unwrap();
    assert!(jobs.change(&mut first, 1));
    assert_eq!(*first.priority(), 1);
    assert_eq!(drained(&jobs), [0, 1, 2]);
    assert!(!jobs.change(&mut first, 0), "it is gone");
    assert_eq!(*first.priority(), 1);
}

#[test]
fn a_key_finds_its_own_job_and_none_of_another_queue_or_time() {
    let (one, other) = (jobs(10), jobs(10));
    let key = one.insert((1, 1)).unwrap();
    let mut theirs = other.insert((1, 2)).unwrap();
    assert_eq!(one.remove(&theirs), None);
    assert!(!one.change(&mut theirs, 0));
    assert_eq!(one.remove(&key), Some((1, 1)));
    assert_eq!(one.remove(&key), None);
    one.try_send((1, 3)).unwrap();
    assert_eq!(one.remove(&key), None, "its number is not given again");
    assert_eq!(drained(&one), [3]);
    // Not even after everything was taken out.
    let late = one.insert((1, 4)).unwrap();
    assert_eq!(one.remove(&key), None);
    assert_eq!(one.remove(&late), Some((1, 4)));
}

#[test]
fn a_key_outlives_being_looked_at() {
    let jobs = jobs(10);
    let key = jobs.insert((1, 1)).unwrap();
    let guard = jobs.peek().unwrap();
    assert_eq!(jobs.remove(&key), None, "it is in somebody's hands");
    drop(guard);
    assert_eq!(jobs.retain(|_| true), 0);
    assert_eq!(jobs.remove(&key), Some((1, 1)));
}

#[test]
fn removing_a_job_makes_room_for_the_next_in_line() {
    let jobs = jobs(1);
    let key = jobs.insert((1, 1)).unwrap();
    let waker = CountingWaker::new();
    let mut send = jobs.send((2, 2));
    assert!(poll_with(&mut send, &waker.waker()).is_pending());
    assert_eq!(jobs.insert((0, 3)).unwrap_err().into_inner(), (0, 3), "nobody overtakes, however urgent");
    assert_eq!(jobs.remove(&key), Some((1, 1)));
    assert_eq!(waker.wakes(), 1);
    assert_eq!((ready(send), drained(&jobs)), (Ok(()), vec![2]));
}

#[test]
fn a_receiver_whose_job_was_removed_waits_on_as_the_first() {
    let jobs = jobs(10);
    let (mut first, mut second) = (in_line(jobs.recv()), in_line(jobs.recv()));
    let key = jobs.insert((1, 1)).unwrap();
    assert_eq!(jobs.remove(&key), Some((1, 1)));
    assert!(poll(&mut first).is_pending());
    jobs.try_send((1, 2)).unwrap();
    assert!(poll(&mut second).is_pending());
    assert_eq!(poll(&mut first), Poll::Ready(Some((1, 2))));
}

#[test]
fn who_waits_for_a_job_gets_the_most_urgent_when_it_takes_it() {
    let jobs = jobs(10);
    let recv = in_line(jobs.recv());
    jobs.try_send((5, 1)).unwrap();
    jobs.try_send((1, 2)).unwrap();
    assert_eq!(ready(recv), Some((1, 2)));
}

#[test]
fn what_is_forced_in_displaces_the_least_urgent_and_of_those_the_last() {
    let jobs = jobs(3);
    for job in [(3, 0), (3, 1), (1, 2)] {
        jobs.try_send(job).unwrap();
    }
    assert!(jobs.force_send((2, 3)).unwrap().eq([(3, 1)]));
    assert_eq!(drained(&jobs), [2, 3, 0]);
}

#[test]
fn a_permit_inserts_with_a_key() {
    let jobs = jobs(1);
    let mut permit = ready(jobs.reserve()).unwrap();
    let key = permit.insert((1, 1)).unwrap();
    assert_eq!(permit.insert((1, 2)), Err(SendError::TooHeavy((1, 2))), "its room is used");
    assert_eq!(jobs.remove(&key), Some((1, 1)));
}

/// Its order panics where `9` is asked about.
#[derive(Clone, PartialEq, Eq)]
struct Touchy(u8);

impl Ord for Touchy {
    fn cmp(&self, other: &Self) -> Ordering {
        assert!(self.0 != 9 && other.0 != 9, "on purpose");
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Touchy {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[test]
fn an_order_that_panics_leaves_the_queue_as_it_was() {
    let queue = Queue::builder(2).priority(|n: &u8| Touchy(*n)).build();
    let mut key = queue.insert(1).unwrap();
    assert!(catch_unwind(AssertUnwindSafe(|| queue.try_send(9))).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| queue.change(&mut key, Touchy(9)))).is_err());
    queue.try_send(2).unwrap();
    // One that waits with such a priority: whoever makes room for it gets the panic and loses nothing.
    let waits = in_line(queue.send(9));
    assert!(catch_unwind(AssertUnwindSafe(|| queue.try_recv())).is_err());
    assert_eq!((queue.len(), queue.stats().senders_waiting), (2, 1));
    assert_eq!(waits.into_inner(), Some(9));
    assert!(queue.change(&mut key, Touchy(3)));
    assert_eq!((queue.try_recv(), queue.try_recv()), (Ok(2), Ok(1)));
}

#[derive(Clone, Debug)]
enum Step {
    Send(u8),
    Recv,
    Change(usize, u8),
    Remove(usize),
    Force(u8),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_u8..4).prop_map(Step::Send),
        2 => Just(Step::Recv),
        1 => (any::<usize>(), 0_u8..4).prop_map(|(which, priority)| Step::Change(which, priority)),
        1 => any::<usize>().prop_map(Step::Remove),
        1 => (0_u8..4).prop_map(Step::Force),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]
    #[test]
    fn it_behaves_as_a_list_that_is_searched(steps in prop::collection::vec(step(), 0..200)) {
        const CAPACITY: usize = 8;
        let jobs = jobs(CAPACITY);
        // (priority, number), in the order of coming.
        let mut twin: Vec<(u8, u32)> = Vec::new();
        let mut keys: Vec<(u32, PriorityKey<u8>)> = Vec::new();
        let first = |twin: &[(u8, u32)]| (0..twin.len()).min_by_key(|at| twin[*at]);
        for (number, step) in (0..).zip(steps) {
            match step {
                Step::Send(priority) => match jobs.insert((priority, number)) {
                    Ok(key) => {
                        prop_assert!(twin.len() < CAPACITY);
                        twin.push((priority, number));
                        keys.push((number, key));
                    }
                    Err(_) => prop_assert_eq!(twin.len(), CAPACITY),
                },
                Step::Recv => {
                    let expected = first(&twin).map(|at| twin.remove(at).1);
                    prop_assert_eq!(jobs.try_recv().ok().map(|(_, number)| number), expected);
                }
                Step::Change(which, priority) if !keys.is_empty() => {
                    let which = which % keys.len();
                    let (number, key) = &mut keys[which];
                    let entry = twin.iter_mut().find(|(_, other)| other == number);
                    prop_assert_eq!(jobs.change(key, priority), entry.is_some());
                    if let Some(entry) = entry {
                        entry.0 = priority;
                    }
                }
                Step::Remove(which) if !keys.is_empty() => {
                    let (number, key) = &keys[which % keys.len()];
                    let at = twin.iter().position(|(_, other)| other == number);
                    let expected = at.map(|at| twin.remove(at).1);
                    prop_assert_eq!(jobs.remove(key).map(|(_, number)| number), expected);
                }
                Step::Force(priority) => {
                    let last = (0..twin.len()).max_by_key(|at| twin[*at]).filter(|_| twin.len() == CAPACITY);
                    let expected: Vec<u32> = last.map(|at| twin.remove(at).1).into_iter().collect();
                    let gone: Vec<u32> = jobs.force_send((priority, number)).unwrap().map(|(_, gone)| gone).collect();
                    prop_assert_eq!(gone, expected);
                    twin.push((priority, number));
                }
                Step::Change(..) | Step::Remove(_) => {}
            }
            prop_assert_eq!(jobs.len(), twin.len());
        }
    }
}
