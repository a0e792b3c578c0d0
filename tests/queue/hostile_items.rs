//! Items that use their queue when they are dropped, or panic then: no item is ever dropped under the lock.

use super::*;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use untether::queue::{Sender, WeakSender};

thread_local! {
    static DROPPED: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// What was dropped since it was asked last.
fn dropped() -> Vec<u32> {
    DROPPED.with(RefCell::take)
}

/// Notes that it is dropped, and uses what it can reach.
struct Item {
    number: u32,
    queue: Option<WeakSender<Item>>,
}

impl Drop for Item {
    fn drop(&mut self) {
        DROPPED.with_borrow_mut(|dropped| dropped.push(self.number));
        let Some(sender) = self.queue.as_ref().and_then(WeakSender::upgrade) else { return };
        if !INSIDE.replace(true) {
            let queue = sender.queue();
            let _ = (queue.len(), queue.is_closed(), format!("{queue:?}"));
            drop(queue.peek());
            assert_eq!(queue.retain(|_| true), 0);
            let _ = (
                queue.try_reserve(1).is_ok(),
                poll(&mut queue.empty()),
                poll(&mut queue.reserve()).is_ready(),
            );
            INSIDE.set(false);
        }
    }
}

/// A queue of two, and what makes items that know it.
fn queue_of(overflow: Overflow) -> (Sender<Item>, untether::queue::Receiver<Item>, impl FnMut() -> Item) {
    let (sender, receiver) = Queue::builder(2).overflow(overflow).build().split();
    let (weak, mut number) = (sender.downgrade(), 0);
    let item = move || {
        number += 1;
        Item { number, queue: Some(weak.clone()) }
    };
    (sender, receiver, item)
}

#[test]
fn what_is_refused_or_given_up_is_dropped_outside() {
    let (sender, receiver, mut item) = queue_of(Overflow::Wait);
    drop(sender.send(item()));
    assert!(sender.try_send(item()).is_ok() && sender.try_send(item()).is_ok());
    drop(sender.try_send(item()));
    drop(in_line(sender.send(item())));
    assert_eq!(dropped(), [1, 4, 5]);
    let mut permit_of_none = sender.queue().try_reserve(0).unwrap();
    drop(permit_of_none.send(item()));
    let items: Vec<_> = (0..3).map(|_| item()).collect();
    drop(in_line(sender.send_many(items)));
    assert_eq!(dropped(), [6, 7, 8, 9]);
    drop(receiver.queue().force_send(item()).unwrap());
    assert_eq!(dropped(), [2]);
    drop(receiver);
    assert_eq!(dropped(), [3, 10]);
}

#[test]
fn what_goes_for_want_of_room_is_dropped_outside() {
    for (overflow, gone, left) in
        [(Overflow::DropOldest, [1, 2], [3, 4]), (Overflow::DropNewest, [3, 4], [1, 2])]
    {
        let (sender, receiver, mut item) = queue_of(overflow);
        assert!(ready(sender.send(item())).is_ok() && ready(sender.send(item())).is_ok());
        assert!(ready(sender.send(item())).is_ok() && ready(sender.send(item())).is_ok());
        assert_eq!(dropped(), gone);
        drop(receiver);
        assert_eq!(dropped(), left);
    }
}

#[test]
fn what_is_taken_out_is_dropped_outside() {
    let (sender, receiver, mut item) = queue_of(Overflow::Wait);
    let queue = receiver.queue();
    let mut two = || assert!(sender.try_send(item()).is_ok() && sender.try_send(item()).is_ok());
    two();
    assert_eq!((queue.retain(|item| item.number == 2), dropped()), (1, vec![1]));
    drop(queue.drain());
    assert_eq!(dropped(), [2]);
    two();
    let mut drained = queue.drain();
    drop(drained.next());
    drop(drained);
    assert_eq!(dropped(), [3, 4]);
    two();
    let peek = queue.peek();
    drop(queue.close_now());
    assert_eq!(dropped(), [6]);
    drop(peek);
    assert_eq!(dropped(), [5]);
}

#[test]
fn what_goes_with_the_last_receiver_is_dropped_outside() {
    let (sender, receiver, mut item) = queue_of(Overflow::Wait);
    assert!(sender.try_send(item()).is_ok() && sender.try_send(item()).is_ok());
    let mut waits = in_line(sender.send(item()));
    drop(receiver);
    assert_eq!(dropped(), [1, 2]);
    drop(ready(&mut waits));
    assert_eq!(dropped(), [3]);
}

/// Panics when it is dropped, if it is the one.
struct Bomb(bool, #[expect(dead_code, reason = "counted")] Arc<()>);

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.0, "on purpose");
    }
}

fn panics<R>(body: impl FnOnce() -> R) -> bool {
    catch_unwind(AssertUnwindSafe(body)).is_err()
}

fn mined(held: &Arc<()>, which: usize) -> Queue<Bomb> {
    let queue = Queue::bounded(3);
    assert!(ready(queue.send_many((0..3).map(|n| Bomb(n == which, held.clone())))).is_ok());
    queue
}

#[test]
fn an_item_that_panics_as_it_is_judged_away_takes_no_other_along() {
    let held = Arc::new(());
    let queue = mined(&held, 1);
    let mut waits = probe(queue.send(Bomb(false, held.clone())));
    assert!(panics(|| queue.retain(|bomb| !bomb.0)));
    assert_eq!((waits.wakes(), queue.len(), Arc::strong_count(&held)), (1, 3, 4));
    assert!(waits.assert_ready().is_ok() && queue.drain().count() == 3);
}

#[test]
fn an_item_that_panics_as_all_go_takes_all_along_once() {
    let held = Arc::new(());
    for which in 0..3 {
        let queue = mined(&held, which);
        let waits = probe(queue.send(Bomb(false, held.clone())));
        assert!(panics(|| drop(queue.drain())));
        assert_eq!((waits.wakes(), queue.len(), Arc::strong_count(&held)), (1, 1, 2));
        drop(waits);
        let (sender, receiver) = mined(&held, which).split();
        let mut waits = probe(sender.send(Bomb(false, held.clone())));
        assert!(panics(|| drop(receiver)));
        assert_eq!(waits.wakes(), 1, "who waits is told");
        assert!(matches!(waits.assert_ready(), Err(SendError::Closed(_))));
        drop(queue);
    }
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn an_item_that_panics_with_its_send_keeps_nobody_waiting() {
    let held = Arc::new(());
    let weigh = |bomb: &Bomb| if bomb.0 { 2 } else { 1 };
    let queue = Queue::builder(2).weight(weigh).build();
    assert!(queue.try_send(Bomb(false, held.clone())).is_ok());
    let heavy = in_line(queue.send(Bomb(true, held.clone())));
    let mut light = probe(queue.send(Bomb(false, held.clone())));
    assert!(panics(|| drop(heavy)));
    assert!(light.wakes() == 1 && light.assert_ready().is_ok() && queue.len() == 2);
}

#[test]
fn an_item_that_panics_for_want_of_room_is_gone_and_counted() {
    let held = Arc::new(());
    for overflow in [Overflow::DropOldest, Overflow::DropNewest] {
        let queue = Queue::builder(1).overflow(overflow).build();
        let oldest = overflow == Overflow::DropOldest;
        assert!(queue.try_send(Bomb(oldest, held.clone())).is_ok());
        assert!(panics(|| poll(&mut queue.send(Bomb(!oldest, held.clone()))).is_ready()));
        assert_eq!((queue.len(), queue.stats().dropped, Arc::strong_count(&held)), (1, 1, 2));
        assert!(!queue.try_recv().unwrap().0);
    }
}
