//! Keys and values whose own code panics, or uses the queue.

use super::*;
use std::cell::Cell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

/// A key that panics where it is told to.
#[derive(Debug)]
struct Brittle {
    key: u32,
    breaks: Rc<Cell<&'static str>>,
}

impl Brittle {
    fn at(&self, place: &'static str) {
        assert!(self.breaks.get() != place, "on purpose: {place}");
    }
}

impl PartialEq for Brittle {
    fn eq(&self, other: &Self) -> bool {
        self.at("eq");
        self.key == other.key
    }
}

impl Eq for Brittle {}

impl Hash for Brittle {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.at("hash");
        // All are compared with all.
        state.write_u8(0);
    }
}

impl Clone for Brittle {
    fn clone(&self) -> Self {
        self.at("clone");
        Self { key: self.key, breaks: self.breaks.clone() }
    }
}

impl Drop for Brittle {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.at("drop");
        }
    }
}

struct Scene {
    queue: KeyedQueue<Brittle, u32>,
    breaks: Rc<Cell<&'static str>>,
}

impl Scene {
    /// A queue of two, full.
    fn new() -> Self {
        let scene = Self { queue: KeyedQueue::bounded(2), breaks: Rc::new(Cell::new("")) };
        for (key, value) in [(1, 10), (2, 20)] {
            scene.queue.try_send(scene.key(key), value).unwrap();
        }
        scene
    }

    fn key(&self, key: u32) -> Brittle {
        Brittle { key, breaks: self.breaks.clone() }
    }

    /// Does something that breaks there.
    fn breaks<R>(&self, place: &'static str, body: impl FnOnce() -> R) {
        self.breaks.set(place);
        let text = panics(body);
        self.breaks.set("");
        assert_eq!(text, format!("on purpose: {place}"));
    }

    fn served(&self) -> Vec<(u32, u32)> {
        let serve = || self.queue.try_recv().ok().map(|value| (value.key().key, *value));
        std::iter::from_fn(serve).collect()
    }
}

#[test]
fn a_key_that_panics_as_it_is_hashed_or_compared_changes_nothing() {
    for place in ["hash", "eq"] {
        let scene = Scene::new();
        let queue = &scene.queue;
        let in_flight = queue.try_recv().unwrap();
        scene.breaks(place, || queue.try_send(scene.key(2), 21));
        scene.breaks(place, || queue.try_upsert(scene.key(2), 21, |_, _| ()));
        scene.breaks(place, || queue.len_of(&scene.key(2)));
        scene.breaks(place, || queue.remove(&scene.key(2)));
        scene.breaks(place, || poll(&mut queue.send(scene.key(1), 21)));
        drop(in_flight);
        assert_eq!(scene.served(), [(2, 20)]);
        assert_left_by_all(queue);
    }
}

#[test]
fn a_key_that_panics_as_it_joins_the_line_is_not_in_it() {
    for place in ["eq", "clone"] {
        let scene = Scene::new();
        let mut sending = scene.queue.send(scene.key(3), 30);
        let mut upserting = scene.queue.upsert(scene.key(3), 31, |_, _| ());
        scene.breaks(place, || poll(&mut sending));
        scene.breaks(place, || poll(&mut upserting));
        assert_eq!((scene.queue.stats().senders_waiting, scene.queue.keys()), (0, 2));
        assert!(poll(&mut sending).is_pending(), "it is asked again");
        assert_eq!(scene.served(), [(1, 10), (2, 20), (3, 30)]);
        assert_eq!(poll(&mut upserting), Poll::Ready(Ok(Upserted::Inserted)));
        drop((sending, upserting));
        assert_eq!(scene.served(), [(3, 31)]);
        assert_left_by_all(&scene.queue);
    }
}

#[test]
fn a_key_whose_clone_panics_did_not_come() {
    let scene = Scene::new();
    drop(scene.queue.try_recv().unwrap());
    scene.breaks("clone", || scene.queue.try_send(scene.key(3), 30));
    assert_eq!(scene.served(), [(2, 20)]);
    assert_left_by_all(&scene.queue);
}

#[test]
fn those_whom_it_concerns_go_on_though_a_key_panics_as_it_is_dropped() {
    let scene = Scene::new();
    let queue = &scene.queue;
    // The lane of a key that is done: its next is told all the same.
    let (first, second) = (queue.try_recv().unwrap(), queue.try_recv().unwrap());
    let (_recv, waker) = counted(queue.recv());
    scene.breaks("drop", || drop(first));
    assert_eq!((queue.keys(), queue.stats().in_flight), (1, 1));
    queue.try_send(scene.key(1), 11).unwrap();
    assert_eq!(waker.wakes(), 1);
    drop(second);
    // One who leaves the line with the last that is known of its key.
    queue.try_send(scene.key(2), 21).unwrap();
    let (leaves, stays) = (in_line(queue.send(scene.key(3), 30)), in_line(queue.send(scene.key(4), 40)));
    scene.breaks("drop", || drop(leaves));
    assert_eq!((queue.keys(), queue.stats().senders_waiting), (3, 1));
    drop(_recv);
    assert_eq!(scene.served(), [(1, 11), (2, 21), (4, 40)]);
    drop(stays);
    assert_left_by_all(queue);
}

/// A value that uses the queue as it is dropped.
struct Touches(Arc<KeyedQueue<u32, Touches>>);

impl Drop for Touches {
    fn drop(&mut self) {
        let queue = &self.0;
        let _ = (queue.len(), queue.len_of(&1), queue.is_full(), queue.stats(), queue.try_recv().is_ok());
        let _ = poll(&mut queue.recv()).is_ready();
        drop(queue.remove(&1));
        queue.close();
    }
}

#[test]
fn values_may_use_the_queue_as_they_are_dropped_whoever_drops_them() {
    type Drops = fn(&Arc<KeyedQueue<u32, Touches>>);
    let drops: [Drops; 6] = [
        |queue| drop(queue.try_recv()),
        |queue| drop(queue.close_now()),
        |queue| drop(queue.remove(&1)),
        |queue| drop(in_line(queue.send(2, Touches(queue.clone())))),
        |queue| drop(queue.try_send(2, Touches(queue.clone()))),
        |queue| drop(queue.try_upsert(1, Touches(queue.clone()), |old, new| *old = new)),
    ];
    for drops in drops {
        let queue = Arc::new(KeyedQueue::bounded(1));
        queue.try_send(1, Touches(queue.clone())).ok().unwrap();
        drops(&queue);
        drop(queue.close_now());
    }
}

/// A key that uses the queue as it is dropped.
#[derive(Clone)]
struct Busy(u32, Arc<KeyedQueue<Busy, u32>>);

impl PartialEq for Busy {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl Eq for Busy {}

impl Hash for Busy {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.0);
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let queue = &self.1;
        let _ = (queue.len(), queue.is_full(), queue.stats());
        let _ = poll(&mut queue.recv()).is_ready();
        drop(in_line_or_not(queue.idle()));
    }
}

fn in_line_or_not<F: Future + Unpin>(mut future: F) -> F {
    let _ = poll(&mut future);
    future
}

#[test]
fn keys_may_use_the_queue_as_they_are_dropped_whoever_drops_them() {
    type Drops = fn(&KeyedQueue<Busy, u32>, Busy);
    let drops: [Drops; 8] = [
        |queue, _| drop(queue.try_recv()),
        |queue, _| drop(queue.close_now()),
        |queue, key| drop(queue.remove(&key)),
        |queue, key| drop(in_line(queue.send(key, 1))),
        |queue, key| drop(queue.try_send(key, 1)),
        |queue, key| drop(queue.try_upsert(key, 1, |old, new| *old = new)),
        |queue, key| {
            let mut sending = in_line(queue.send(key, 1));
            queue.close();
            assert!(poll(&mut sending).is_ready());
        },
        |queue, key| drop(in_line_or_not(queue.upsert(Busy(2, key.1.clone()), 1, |old, new| *old = new))),
    ];
    for drops in drops {
        let queue = Arc::new(KeyedQueue::bounded(1));
        queue.try_send(Busy(1, queue.clone()), 1).unwrap();
        drops(&queue, Busy(1, queue.clone()));
        drop(queue.close_now());
    }
}

#[test]
fn a_value_that_panics_as_it_is_dropped_while_all_are_takes_no_other_along() {
    struct Bomb(Rc<Cell<u32>>);
    impl Drop for Bomb {
        fn drop(&mut self) {
            self.0.set(self.0.get() + 1);
            assert!(self.0.get() != 3, "on purpose: the third");
        }
    }
    let (queue, dropped) = (KeyedQueue::unbounded(), Rc::new(Cell::new(0)));
    (0..10).for_each(|key| queue.try_send(key % 4, Bomb(dropped.clone())).ok().unwrap());
    assert!(panics(|| drop(queue.close_now())).contains("the third"));
    assert_eq!(dropped.get(), 10);
}
