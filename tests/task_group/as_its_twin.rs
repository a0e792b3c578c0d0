//! Beside a naive one: lists of who runs and what lies unread.

use super::*;
use proptest::prelude::*;
use std::collections::VecDeque;
use untether::sync::oneshot::{self, oneshot};
use untether::task::group::{Started, TrySpawnError};
use untether::testing::Probe;

#[derive(Clone, Debug)]
enum Step {
    Spawn {
        asked: bool,
    },
    /// The nth that runs ends: well, or not.
    End(usize, Result<u32, &'static str>),
    Abort(usize),
    Join,
    Close,
    Cancel,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => any::<bool>().prop_map(|asked| Step::Spawn { asked }),
        4 => (0..4_usize, any::<u32>()).prop_map(|(nth, value)| Step::End(nth, Ok(value))),
        1 => (0..4_usize).prop_map(|nth| Step::End(nth, Err("bad"))),
        1 => (0..4_usize).prop_map(Step::Abort),
        3 => Just(Step::Join),
        1 => Just(Step::Close),
        1 => Just(Step::Cancel),
    ]
}

struct Running {
    task: Started,
    asked: bool,
    ends: oneshot::Sender<Result<u32, &'static str>>,
}

#[derive(Default)]
struct Twin {
    running: VecDeque<Running>,
    unread: VecDeque<String>,
    closed: bool,
    cancelled: bool,
    failed: bool,
}

impl Twin {
    fn cancel(&mut self) {
        (self.closed, self.cancelled) = (true, true);
        let (stay, go): (VecDeque<_>, _) = self.running.drain(..).partition(|one| one.asked);
        self.running = stay;
        self.unread.extend(go.iter().map(|_| "cancelled".to_string()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_group_does_what_its_naive_twin_does(
        steps in proptest::collection::vec(step(), 1..60),
        continues in any::<bool>(),
    ) {
        let mut local = Local::new();
            let builder = TaskGroup::builder(local.spawner()).limit(3);
        let builder = if continues { builder.continue_on_failure() } else { builder };
        let mut group = builder.collecting::<u32>();
        let mut twin = Twin::default();
        for step in steps {
            match step {
                Step::Spawn { asked } => {
                    let (ends, end) = oneshot();
                    let task = async move { end.await.unwrap() };
                    let spawned = if asked { group.task().try_spawn_with(|_| task) } else { group.try_spawn(task) };
                    match spawned {
                        Ok(task) => {
                            prop_assert!(!twin.closed && twin.running.len() < 3);
                            twin.running.push_back(Running { task, asked, ends });
                        }
                        Err(TrySpawnError::Closed(_)) => prop_assert!(twin.closed),
                        Err(TrySpawnError::Full(_)) => prop_assert!(!twin.closed && twin.running.len() == 3),
                        Err(TrySpawnError::Refused(_)) => prop_assert!(false, "it is running"),
                    }
                }
                Step::End(nth, result) if nth < twin.running.len() => {
                    let one = twin.running.remove(nth).unwrap();
                    twin.unread.push_back(match result {
                        Ok(value) => value.to_string(),
                        Err(error) if one.asked && twin.cancelled => format!("cancelled, {error}"),
                        Err(error) => {
                            twin.failed = true;
                            error.to_string()
                        }
                    });
                    one.ends.send(result).unwrap();
                    if twin.failed && !continues && !twin.cancelled {
                        twin.cancel();
                    }
                }
                Step::Abort(nth) if nth < twin.running.len() => {
                    let one = twin.running.remove(nth).unwrap();
                    one.task.abort();
                    twin.unread.push_back("cancelled".to_string());
                }
                Step::Join => {
                    let mut joins = Probe::new(group.join_next());
                    match (joins.poll(), twin.unread.pop_front()) {
                        (Poll::Ready(Some(ended)), Some(told)) => prop_assert_eq!(word(&ended), told),
                        (Poll::Ready(None), None) => prop_assert!(twin.running.is_empty()),
                        (Poll::Pending, None) => prop_assert!(!twin.running.is_empty()),
                        (given, told) => prop_assert!(false, "{:?} and not {:?}", given, told),
                    }
                }
                Step::Close => {
                    group.close();
                    twin.closed = true;
                }
                Step::Cancel => {
                    group.cancel(untether::sync::cancel::Cause::Requested);
                    if !twin.cancelled {
                        twin.cancel();
                    }
                }
                Step::End(..) | Step::Abort(_) => {}
            }
            let _ = settle(&mut local);
            let stats = group.stats();
            prop_assert_eq!(stats.running, twin.running.len());
            prop_assert_eq!(stats.unread, twin.unread.len());
            prop_assert_eq!(group.is_closed(), twin.closed);
        }
    }
}
