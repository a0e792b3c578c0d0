//! When one side is gone.

use super::*;

#[test]
fn the_last_value_is_seen_after_the_last_sender_is_gone_and_then_it_is_closed() {
    let (sender, mut receiver) = watch(0);
    let another = sender.clone();
    drop(sender);
    assert!(!receiver.is_closed());
    another.send(1).unwrap();
    drop(another);
    assert!(receiver.is_closed());
    assert_eq!(*receiver.changed().wait().unwrap(), 1);
    let error = receiver.changed().wait().unwrap_err();
    assert_eq!(error.to_string(), "waiting for a change of a watch that is closed");
    assert!(receiver.wait_for(|value| *value == 1).wait().is_ok(), "what is there may be looked at");
    assert!(receiver.wait_for(|value| *value == 2).wait().is_err());
}

#[test]
fn whoever_waits_is_woken_when_the_last_sender_goes() {
    let (sender, receiver) = watch(0);
    let mut receivers: Vec<Receiver<i32>> = (0..40).map(|_| receiver.clone()).collect();
    let mut waits: Vec<_> = receivers.iter_mut().map(|receiver| Probe::new(receiver.changed())).collect();
    waits.iter_mut().for_each(Probe::assert_pending);
    let another = sender.clone();
    drop(sender);
    assert!(waits.iter().all(|wait| wait.wakes() == 0));
    drop(another);
    assert!(waits.iter_mut().all(|wait| wait.wakes() == 1 && wait.assert_ready().is_err()));
}

#[test]
fn a_sender_waits_until_the_last_receiver_is_gone_and_there_may_be_one_again() {
    let (sender, receiver) = watch(0);
    let another = receiver.clone();
    let mut waits: Vec<_> = (0..40).map(|_| Probe::new(sender.closed())).collect();
    waits.iter_mut().for_each(Probe::assert_pending);
    drop(waits.remove(3));
    drop(receiver);
    assert!(waits.iter().all(|wait| wait.wakes() == 0));
    drop(another);
    assert!(waits.iter_mut().all(|wait| wait.wakes() == 1 && wait.poll().is_ready()));
    assert!(sender.is_closed());
    let again = sender.subscribe();
    assert!(!sender.is_closed());
    waits[0].assert_pending();
    drop(again);
    sender.closed().wait();
}

#[test]
fn both_sides_are_counted() {
    let (sender, receiver) = watch(0);
    let (more, others) = (sender.clone(), [receiver.clone(), receiver.clone()]);
    assert_eq!((sender.sender_count(), sender.receiver_count()), (2, 3));
    drop((more, others));
    assert_eq!((receiver.sender_count(), receiver.receiver_count()), (1, 1));
    assert_eq!(
        format!("{sender:?} {receiver:?}"),
        "Sender { receivers: 1, .. } Receiver { has_changed: false, .. }"
    );
}
