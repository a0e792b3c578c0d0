//! Any sequence of calls, beside a naive twin: a list of all values, and how far each receiver has seen it.

use super::*;
use proptest::prelude::*;
use std::task::Poll;
use untether_support::cases;

#[derive(Clone, Copy, Debug)]
enum Step {
    Send,
    Modify,
    CloneSender,
    DropSender,
    Subscribe,
    Clone(usize),
    Drop(usize),
    Changed(usize),
    Update(usize),
    Mark(usize),
    WaitForEven(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Send),
        2 => Just(Step::Modify),
        1 => Just(Step::CloneSender),
        1 => Just(Step::DropSender),
        2 => Just(Step::Subscribe),
        2 => any::<usize>().prop_map(Step::Clone),
        2 => any::<usize>().prop_map(Step::Drop),
        5 => any::<usize>().prop_map(Step::Changed),
        1 => any::<usize>().prop_map(Step::Update),
        1 => any::<usize>().prop_map(Step::Mark),
        3 => any::<usize>().prop_map(Step::WaitForEven),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(256)))]
    #[test]
    fn it_is_a_list_of_values_of_which_the_last_counts(steps in prop::collection::vec(step(), 0..150)) {
        let mut senders = vec![Sender::new(0)];
        let mut receivers: Vec<(Receiver<usize>, Option<usize>)> = Vec::new();
        let mut values = vec![0];
        for step in steps {
            let last = values.len() - 1;
            let (count, closed) = (receivers.len(), senders.is_empty());
            let pick = |which: usize| which % count.max(1);
            match (step, senders.last()) {
                (Step::Send, Some(sender)) => {
                    prop_assert_eq!(sender.send(last + 1).is_ok(), count > 0);
                    values.extend((count > 0).then_some(last + 1));
                }
                (Step::Modify, Some(sender)) => {
                    let even = last % 2 == 0;
                    prop_assert_eq!(sender.send_if_modified(|value| { *value += 1; even }), even);
                    values.extend(even.then_some(last + 1));
                }
                (Step::CloneSender, Some(sender)) => {
                    let clone = sender.clone();
                    senders.push(clone);
                }
                (Step::DropSender, _) => drop(senders.pop()),
                (Step::Subscribe, Some(sender)) => receivers.push((sender.subscribe(), Some(last))),
                (Step::Clone(which), _) if count > 0 => {
                    let clone = receivers[pick(which)].clone();
                    receivers.push(clone);
                }
                (Step::Drop(which), _) if count > 0 => drop(receivers.remove(pick(which))),
                (Step::Changed(which), _) if count > 0 => {
                    let (receiver, seen) = &mut receivers[pick(which)];
                    let expected = if *seen != Some(last) {
                        Poll::Ready(Some(last))
                    } else if closed { Poll::Ready(None) } else { Poll::Pending };
                    prop_assert_eq!(Probe::new(receiver.changed()).poll().map(|value| value.ok().map(|value| *value)), expected);
                    *seen = Some(last);
                }
                (Step::Update(which), _) if count > 0 => {
                    let (receiver, seen) = &mut receivers[pick(which)];
                    prop_assert_eq!(*receiver.get_and_update(), last);
                    *seen = Some(last);
                }
                (Step::Mark(which), _) if count > 0 => {
                    receivers[pick(which)].0.mark_changed();
                    receivers[pick(which)].1 = None;
                }
                (Step::WaitForEven(which), _) if count > 0 => {
                    let (receiver, seen) = &mut receivers[pick(which)];
                    let expected = if last % 2 == 0 {
                        Poll::Ready(true)
                    } else if closed { Poll::Ready(false) } else { Poll::Pending };
                    prop_assert_eq!(Probe::new(receiver.wait_for(|value| value % 2 == 0)).poll().map(|value| value.is_ok()), expected);
                    *seen = Some(last);
                }
                _ => {}
            }
            let last = values.len() - 1;
            for (receiver, seen) in &receivers {
                prop_assert_eq!(receiver.has_changed(), *seen != Some(last));
                prop_assert_eq!((*receiver.get(), receiver.is_closed()), (last, senders.is_empty()));
                prop_assert_eq!((receiver.receiver_count(), receiver.sender_count()), (receivers.len(), senders.len()));
            }
        }
    }
}
