//! Handles that come and go in any order, beside four numbers.

use super::*;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    CloneSender,
    DropSender,
    UpgradeSender,
    CloneReceiver,
    DropReceiver,
    UpgradeReceiver,
    Send,
    Receive,
    Reserve,
    DropPermit,
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::CloneSender),
        5 => Just(Step::DropSender),
        2 => Just(Step::UpgradeSender),
        3 => Just(Step::CloneReceiver),
        5 => Just(Step::DropReceiver),
        2 => Just(Step::UpgradeReceiver),
        6 => Just(Step::Send),
        4 => Just(Step::Receive),
        2 => Just(Step::Reserve),
        2 => Just(Step::DropPermit),
        1 => prop_oneof![3 => Just(Step::Send), 1 => Just(Step::Close)],
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(200)))]

    #[test]
    fn a_queue_is_open_as_long_as_there_are_both_and_its_items_as_long_as_there_are_receivers(
        steps in prop::collection::vec(step(), 0..80),
    ) {
        let held = Arc::new(());
        let (sender, receiver) = Queue::unbounded().split();
        let (weak_sender, weak_receiver) = (sender.downgrade(), receiver.downgrade());
        let (mut senders, mut receivers, mut permits) = (vec![sender], vec![receiver], Vec::new());
        let (mut items, mut closed) = (0, false);
        for step in steps {
            match step {
                Step::CloneSender => senders.extend(senders.last().cloned()),
                Step::DropSender => drop(senders.pop()),
                Step::UpgradeSender => {
                    let upgraded = weak_sender.upgrade();
                    prop_assert_eq!(upgraded.is_some(), senders.len() + permits.len() > 0);
                    senders.extend(upgraded);
                }
                Step::CloneReceiver => receivers.extend(receivers.last().cloned()),
                Step::DropReceiver => drop(receivers.pop()),
                Step::UpgradeReceiver => {
                    let upgraded = weak_receiver.upgrade();
                    prop_assert_eq!(upgraded.is_some(), !receivers.is_empty());
                    receivers.extend(upgraded);
                }
                Step::Send => {
                    if let Some(sender) = senders.last() {
                        prop_assert_eq!(sender.try_send(held.clone()).is_ok(), !closed);
                        items += usize::from(!closed);
                    }
                }
                Step::Receive => {
                    if let Some(receiver) = receivers.last() {
                        prop_assert_eq!(receiver.try_recv().is_ok(), items > 0);
                        items = items.saturating_sub(1);
                    }
                }
                // A permit owns a sender.
                Step::Reserve => {
                    if let Some(sender) = senders.last() {
                        let permit = ready(Queue::reserve_owned(sender.clone(), 1));
                        prop_assert_eq!(permit.is_ok(), !closed);
                        permits.extend(permit);
                    }
                }
                Step::DropPermit => drop(permits.pop()),
                Step::Close => senders.iter().for_each(untether::queue::Sender::close),
            }
            closed |= matches!(step, Step::Close) && !senders.is_empty();
            closed |= senders.len() + permits.len() == 0 || receivers.is_empty();
            if receivers.is_empty() {
                items = 0;
            }
            prop_assert_eq!(Arc::strong_count(&held), items + 1);
            for sender in &senders {
                prop_assert_eq!((sender.receivers(), sender.queue().is_closed()), (receivers.len(), closed));
            }
            for receiver in &receivers {
                prop_assert_eq!(receiver.senders(), senders.len() + permits.len());
                prop_assert_eq!((receiver.queue().len(), receiver.queue().is_closed()), (items, closed));
            }
        }
    }
}
