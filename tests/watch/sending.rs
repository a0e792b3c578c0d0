//! Senders: what they put in, and what of yours runs where.

use super::*;

#[test]
fn a_value_that_nobody_watches_comes_back_unless_it_is_put_in_all_the_same() {
    let sender = Sender::new(1);
    assert_eq!(sender.send(2).unwrap_err().into_inner(), 2);
    assert_eq!(*sender.get(), 1);
    assert_eq!(*sender.send_replace(3), 1);
    assert_eq!(*sender.subscribe().get(), 3);
    let error = Sender::new(1).send(2).unwrap_err();
    assert_eq!(format!("{error:?}: {error}"), "SendError { .. }: sending to a watch without a receiver");
}

#[test]
fn a_change_that_changes_nothing_wakes_nobody() {
    let (sender, mut receiver) = watch(vec![1]);
    let mut wait = Probe::new(receiver.changed());
    wait.assert_pending();
    assert!(!sender.send_if_modified(|values| {
        values.push(2);
        false
    }));
    assert_eq!((wait.wakes(), sender.get().len()), (0, 1));
    assert!(sender.send_if_modified(|values| {
        values.push(3);
        true
    }));
    assert_eq!(*wait.assert_ready().unwrap(), [1, 3]);
}

#[test]
fn a_change_is_made_on_a_copy_and_again_if_another_was_faster() {
    let (sender, receiver) = watch(10);
    let mut runs = 0;
    sender.send_modify(|value| {
        runs += 1;
        if runs == 1 {
            assert_eq!(*sender.send_replace(20), 10);
        }
        *value += 1;
    });
    assert_eq!((runs, *receiver.get()), (2, 21));
}

#[test]
fn a_change_that_panics_changes_nothing() {
    let (sender, receiver) = watch(1);
    let panics = std::panic::AssertUnwindSafe(|| {
        sender.send_modify(|value| {
            *value = 2;
            panic!("on purpose");
        });
    });
    assert!(std::panic::catch_unwind(panics).is_err());
    assert!(!receiver.has_changed() && *receiver.get() == 1);
}

/// A value whose `Clone` and `Drop` use the watch it is in.
struct Asks(Arc<std::sync::OnceLock<Receiver<Asks>>>, Arc<AtomicUsize>);

impl Asks {
    fn ask(&self) {
        let watched =
            self.0.get().map(|receiver| receiver.receiver_count() + usize::from(receiver.has_changed()));
        self.1.fetch_add(usize::from(watched.is_some()), Ordering::Relaxed);
    }
}

impl Clone for Asks {
    fn clone(&self) -> Self {
        self.ask();
        Self(self.0.clone(), self.1.clone())
    }
}

impl Drop for Asks {
    fn drop(&mut self) {
        self.ask();
    }
}

#[test]
fn values_are_cloned_and_dropped_outside_of_any_lock() {
    let (watched, asked) = (Arc::new(std::sync::OnceLock::new()), Arc::new(AtomicUsize::new(0)));
    let value = || Asks(watched.clone(), asked.clone());
    let (sender, receiver) = watch(value());
    assert!(watched.set(receiver).is_ok());
    sender.send(value()).unwrap();
    sender.send_modify(|_| ());
    sender.send_if_modified(|_| false);
    assert_eq!(asked.load(Ordering::Relaxed), 5, "two clones; three drops");
}

#[test]
fn a_value_costs_one_allocation() {
    let (sender, _receiver) = watch(0_u64);
    let before = allocations();
    for value in 0..10 {
        sender.send(value).unwrap();
    }
    assert_eq!(allocations(), before + 10);
}

/// Telling all in several rounds must not tell those who come in between.
#[test]
fn one_who_saw_the_new_value_while_others_are_woken_is_not_woken_for_it() {
    let (sender, receiver) = watch(0);
    let mut receivers: Vec<Receiver<i32>> = (0..40).map(|_| receiver.clone()).collect();
    let late = CountingWaker::new();
    let mut waits: Vec<_> = receivers.iter_mut().map(|receiver| Probe::new(receiver.changed())).collect();
    for wait in &mut waits {
        let (receiver, late) = (receiver.clone(), late.waker());
        let hook = move || {
            let mut receiver = receiver.clone();
            assert_eq!(*receiver.get_and_update(), 1);
            let mut next = receiver.changed();
            let mut cx = std::task::Context::from_waker(&late);
            assert!(std::pin::Pin::new(&mut next).poll(&mut cx).is_pending());
            std::mem::forget(next);
            std::mem::forget(receiver);
        };
        assert!(wait.poll_with(&HookWaker::new().on_wake(hook).waker()).is_pending());
    }
    sender.send(1).unwrap();
    assert_eq!(late.wakes(), 0);
    sender.send(2).unwrap();
    assert_eq!(late.wakes(), 40);
}
