//! The semaphore beside a naive one: a number, a line and a lot of loops.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use untether_support::cases;

#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct Twin {
    pub(super) free: usize,
    pub(super) debt: usize,
    pub(super) capacity: usize,
    pub(super) closed: bool,
    pub(super) line: VecDeque<(usize, usize, usize)>,
    pub(super) granted: BTreeMap<usize, usize>,
}

impl Twin {
    fn deal(&mut self) {
        let paid = self.free.min(self.debt);
        (self.free, self.debt) = (self.free - paid, self.debt - paid);
        while let Some((id, min, max)) = self.line.front().copied().filter(|(_, min, _)| *min <= self.free) {
            let got = max.min(self.free);
            assert!(got >= min);
            self.free -= got;
            self.granted.insert(id, got);
            self.line.pop_front();
        }
    }

    pub(super) fn release(&mut self, permits: usize) {
        self.free += permits;
        self.deal();
    }

    /// `Some` permits, at once.
    pub(super) fn take(&mut self, min: usize, max: usize) -> Option<usize> {
        let free = if self.line.is_empty() { self.free } else { 0 };
        let taken = (free >= min).then(|| free.min(max))?;
        self.free -= taken;
        Some(taken)
    }
}

#[derive(Clone, Debug)]
enum Step {
    Acquire { min: usize, more: usize },
    Try(usize),
    Poll(usize),
    DropWaiter(usize),
    DropPermit(usize),
    ForgetPermit(usize),
    Add(usize),
    Forget(usize),
    Reduce(usize),
    Resize(usize),
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    let few = 0..4_usize;
    prop_oneof![
        8 => (few.clone(), few.clone()).prop_map(|(min, more)| Step::Acquire { min, more }),
        3 => few.clone().prop_map(Step::Try),
        6 => any::<usize>().prop_map(Step::Poll),
        4 => any::<usize>().prop_map(Step::DropWaiter),
        6 => any::<usize>().prop_map(Step::DropPermit),
        1 => any::<usize>().prop_map(Step::ForgetPermit),
        2 => few.clone().prop_map(Step::Add),
        1 => few.clone().prop_map(Step::Forget),
        2 => few.clone().prop_map(Step::Reduce),
        1 => (0..6_usize).prop_map(Step::Resize),
        1 => prop_oneof![9 => Just(Step::Add(0)), 1 => Just(Step::Close)],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500)))]
    #[test]
    fn it_does_what_a_naive_one_does(start in 0..5_usize, steps in prop::collection::vec(step(), 0..80)) {
        let semaphore = Semaphore::new(start);
        let mut twin = Twin { free: start, capacity: start, ..Twin::default() };
        let mut waiters: Vec<(usize, Acquire<&Semaphore>)> = Vec::new();
        let mut permits: Vec<Permit<&Semaphore>> = Vec::new();
        for (id, step) in steps.into_iter().enumerate() {
            match step {
                Step::Acquire { min, more } => {
                    let max = min + more;
                    let mut acquire = semaphore.acquire_up_to(min, max);
                    match poll(&mut acquire) {
                        Poll::Ready(Err(error)) => prop_assert!(twin.closed && error == AcquireError::Closed),
                        Poll::Ready(Ok(permit)) => {
                            prop_assert_eq!((twin.take(min, max), twin.closed), (Some(permit.permits()), false));
                            permits.push(permit);
                        }
                        Poll::Pending => {
                            prop_assert_eq!((twin.take(min, max), twin.closed), (None, false));
                            twin.line.push_back((id, min, max));
                            waiters.push((id, acquire));
                        }
                    }
                }
                Step::Try(n) => match semaphore.try_acquire_many(n) {
                    Ok(permit) => {
                        prop_assert_eq!((twin.take(n, n), twin.closed), (Some(permit.permits()), false));
                        permits.push(permit);
                    }
                    Err(TryAcquireError::Closed) => prop_assert!(twin.closed),
                    Err(_) => prop_assert_eq!((twin.take(n, n), twin.closed), (None, false)),
                },
                Step::Poll(which) if !waiters.is_empty() => {
                    let place = which % waiters.len();
                    let (id, acquire) = &mut waiters[place];
                    match (poll(acquire), twin.granted.remove(id)) {
                        (Poll::Ready(Ok(permit)), Some(got)) => {
                            prop_assert_eq!(permit.permits(), got);
                            permits.push(permit);
                            drop(waiters.remove(place));
                        }
                        (Poll::Ready(Err(AcquireError::Closed)), None) if twin.closed => drop(waiters.remove(place)),
                        (Poll::Pending, None) if !twin.closed => {}
                        (polled, got) => prop_assert!(false, "{polled:?} and {got:?}"),
                    }
                }
                Step::DropWaiter(which) if !waiters.is_empty() => {
                    let (id, acquire) = waiters.remove(which % waiters.len());
                    drop(acquire);
                    twin.line.retain(|(other, ..)| *other != id);
                    let got = twin.granted.remove(&id).unwrap_or(0);
                    twin.release(got);
                }
                Step::DropPermit(which) if !permits.is_empty() => {
                    let permit = permits.remove(which % permits.len());
                    twin.release(permit.permits());
                }
                Step::ForgetPermit(which) if !permits.is_empty() => {
                    let permit = permits.remove(which % permits.len());
                    let paid = permit.permits().min(twin.debt);
                    (twin.debt, twin.capacity) = (twin.debt - paid, twin.capacity - (permit.permits() - paid));
                    permit.forget();
                }
                Step::Add(n) => {
                    semaphore.add_permits(n).unwrap();
                    twin.capacity += n;
                    twin.release(n);
                }
                Step::Forget(n) => {
                    let gone = n.min(twin.free);
                    prop_assert_eq!(semaphore.forget_permits(n), gone);
                    (twin.free, twin.capacity) = (twin.free - gone, twin.capacity - gone);
                }
                Step::Reduce(n) => {
                    prop_assert_eq!(semaphore.reduce_permits(n).is_ok(), n <= twin.capacity);
                    if n <= twin.capacity {
                        let gone = n.min(twin.free);
                        (twin.free, twin.debt, twin.capacity) = (twin.free - gone, twin.debt + n - gone, twin.capacity - n);
                    }
                }
                Step::Resize(capacity) => {
                    semaphore.resize(capacity).unwrap();
                    let less = twin.capacity.saturating_sub(capacity);
                    let gone = less.min(twin.free);
                    (twin.free, twin.debt) = (twin.free - gone, twin.debt + less - gone);
                    let more = capacity.saturating_sub(twin.capacity);
                    twin.capacity = capacity;
                    twin.release(more);
                }
                Step::Close => {
                    semaphore.close();
                    twin.closed = true;
                    twin.line.clear();
                }
                Step::Poll(_) | Step::DropWaiter(_) | Step::DropPermit(_) | Step::ForgetPermit(_) => {}
            }
            let stats = semaphore.stats();
            prop_assert_eq!(
                (stats.available, stats.waiting, stats.granted, stats.owed, stats.capacity),
                (twin.free, twin.line.len(), twin.granted.len(), twin.debt, twin.capacity)
            );
            let held: usize = permits.iter().map(Permit::permits).sum();
            let granted: usize = twin.granted.values().sum();
            prop_assert_eq!(stats.available + held + granted, stats.capacity + stats.owed);
        }
    }
}
