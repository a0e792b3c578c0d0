//! The bulkhead beside a naive one: two lists and a size.

use super::*;
use proptest::prelude::*;
use std::task::Poll;
use untether_support::cases;

#[derive(Default)]
struct Twin {
    size: usize,
    queue: usize,
    /// By their names; who was admitted runs, whether it knows or not.
    running: Vec<usize>,
    line: Vec<usize>,
    closed: bool,
}

impl Twin {
    fn admit(&mut self) {
        while self.running.len() < self.size && !self.line.is_empty() {
            self.running.push(self.line.remove(0));
        }
    }

    fn come(&mut self, id: usize) -> Option<AcquireError> {
        if self.closed {
            return Some(AcquireError::Closed);
        }
        if self.running.len() < self.size {
            self.running.push(id);
            return None;
        }
        if self.line.len() >= self.queue {
            return Some(AcquireError::Full);
        }
        self.line.push(id);
        None
    }

    fn go(&mut self, id: usize) {
        self.running.retain(|other| *other != id);
        self.line.retain(|other| *other != id);
        self.admit();
    }
}

#[derive(Clone, Debug)]
enum Step {
    Come,
    Try,
    Poll(usize),
    Go(usize),
    Resize(usize),
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => Just(Step::Come),
        3 => Just(Step::Try),
        6 => any::<usize>().prop_map(Step::Poll),
        9 => any::<usize>().prop_map(Step::Go),
        2 => (1..5_usize).prop_map(Step::Resize),
        1 => prop_oneof![9 => Just(Step::Try), 1 => Just(Step::Close)],
    ]
}

enum Present<'b> {
    Comes(Probe<Acquire<&'b Bulkhead>>),
    #[expect(dead_code, reason = "held, and no more")]
    Runs(Permit<&'b Bulkhead>),
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(500)))]
    #[test]
    fn it_does_what_a_naive_one_does(
        size in 1..4_usize,
        queue in 0..4_usize,
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let bulkhead = Bulkhead::builder(size).queue(queue).build();
        let mut twin = Twin { size, queue, ..Twin::default() };
        let mut present: Vec<(usize, Present<'_>)> = Vec::new();
        for (id, step) in steps.into_iter().enumerate() {
            match step {
                Step::Come => {
                    let mut comes = Probe::new(bulkhead.acquire());
                    match (comes.poll(), twin.come(id)) {
                        (Poll::Ready(Err(error)), refused) => prop_assert_eq!(Some(error), refused),
                        (Poll::Ready(Ok(permit)), None) => {
                            prop_assert!(twin.running.contains(&id));
                            present.push((id, Present::Runs(permit)));
                        }
                        (Poll::Pending, None) => {
                            prop_assert!(twin.line.contains(&id));
                            present.push((id, Present::Comes(comes)));
                        }
                        (polled, refused) => panic!("{polled:?}, and {refused:?}"),
                    }
                }
                Step::Try => match bulkhead.try_acquire() {
                    Ok(permit) => {
                        prop_assert_eq!(twin.come(id), None);
                        prop_assert!(twin.running.contains(&id));
                        present.push((id, Present::Runs(permit)));
                    }
                    Err(TryAcquireError::Closed) => prop_assert!(twin.closed),
                    Err(_) => prop_assert!(twin.running.len() >= twin.size),
                },
                Step::Poll(which) if !present.is_empty() => {
                    let which = which % present.len();
                    let (id, Present::Comes(comes)) = &mut present[which] else { continue };
                    let id = *id;
                    match comes.poll() {
                        Poll::Pending => prop_assert!(twin.line.contains(&id)),
                        Poll::Ready(Ok(permit)) => {
                            prop_assert!(twin.running.contains(&id));
                            present[which].1 = Present::Runs(permit);
                        }
                        Poll::Ready(Err(error)) => {
                            prop_assert!(twin.closed && error == AcquireError::Closed);
                            present.remove(which);
                        }
                    }
                }
                Step::Go(which) if !present.is_empty() => {
                    let (id, gone) = present.remove(which % present.len());
                    drop(gone);
                    twin.go(id);
                }
                Step::Resize(size) => {
                    bulkhead.resize(size);
                    twin.size = size;
                    twin.admit();
                }
                Step::Close => {
                    bulkhead.close();
                    twin.closed = true;
                    twin.line.clear();
                }
                Step::Poll(_) | Step::Go(_) => {}
            }
            let stats = bulkhead.stats();
            prop_assert_eq!(
                (stats.running + stats.granted, stats.waiting, stats.size, stats.closed),
                (twin.running.len(), twin.line.len(), twin.size, twin.closed)
            );
        }
        drop(present);
        assert_whole(&bulkhead);
    }
}
