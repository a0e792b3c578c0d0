//! Wakers that mean it ill: what becomes of the values. All else they do is in `tests/reentrancy`.

use super::*;
use std::mem::ManuallyDrop;
use untether_support::Hooks;

fn panicking() -> Waker {
    Hooks::new().on_wake(|| panic!("on purpose: a wake")).waker()
}

#[test]
fn a_value_is_not_taken_along_by_the_panic_of_a_sender_that_is_woken_for_its_room() {
    let queue = Numbers::bounded(1);
    queue.try_send(1, 10).unwrap();
    let mut sending = queue.send(1, 11);
    assert!(poll_with(&mut sending, &panicking()).is_pending());
    assert!(panics(|| queue.try_recv().is_ok()).contains("on purpose"));
    assert_eq!((queue.len(), queue.stats().in_flight), (2, 0), "it went back, and the other is in");
    assert_eq!(served(&queue), [(1, 10), (1, 11)]);
    assert_eq!(ready(sending), Ok(()));
    assert_left_by_all(&queue);
}

#[test]
fn a_value_that_goes_back_goes_to_the_front_of_the_round() {
    let queue = Numbers::bounded(2);
    [(1, 10), (2, 20)].into_iter().for_each(|(key, value)| queue.try_send(key, value).unwrap());
    let mut sending = queue.send(3, 30);
    assert!(poll_with(&mut sending, &panicking()).is_pending());
    let mut recv = queue.recv();
    assert!(panics(|| poll(&mut recv).is_ready()).contains("on purpose"));
    drop(recv);
    assert_eq!(served(&queue), [(1, 10), (2, 20), (3, 30)]);
}

#[test]
fn a_value_that_cannot_go_back_since_the_queue_was_ended_leaves_nothing_in_flight() {
    let queue = Arc::new(Numbers::bounded(1));
    queue.try_send(1, 10).unwrap();
    let other = queue.clone();
    let ends = Hooks::new().on_wake(move || {
        drop(other.close_now());
        panic!("on purpose: a wake");
    });
    let mut sending = queue.send(1, 11);
    assert!(poll_with(&mut sending, &ends.waker()).is_pending());
    assert!(panics(|| queue.try_recv().is_ok()).contains("on purpose"));
    drop(sending);
    assert_left_by_all(&queue);
}

#[test]
fn what_is_in_is_in_though_the_receiver_that_is_woken_for_it_panics() {
    let queue = Numbers::unbounded();
    let mut recv = queue.recv();
    assert!(poll_with(&mut recv, &panicking()).is_pending());
    assert!(panics(|| queue.try_send(1, 10)).contains("on purpose"));
    assert_eq!(*received(&mut recv), 10);
    assert_left_by_all(&queue);
}

#[test]
fn a_key_is_let_go_though_the_receiver_that_is_woken_for_its_next_panics() {
    let queue = queue_of([(1, 10), (1, 11)]);
    let first = queue.try_recv().unwrap();
    let mut recv = queue.recv();
    assert!(poll_with(&mut recv, &panicking()).is_pending());
    assert!(panics(|| drop(first)).contains("on purpose"));
    assert_eq!(*received(&mut recv), 11);
    // And where the thread unwinds already, that is not the end of the program.
    let first = queue_of([(1, 10), (1, 11)]);
    let mut recv = first.recv();
    let text = panics(|| {
        let _held = first.try_recv().unwrap();
        assert!(poll_with(&mut recv, &panicking()).is_pending());
        panic!("the first panic");
    });
    assert_eq!(text, "the first panic");
    assert_eq!(*received(&mut recv), 11);
}

#[test]
fn nobody_takes_a_value_past_those_in_line_while_they_are_told_one_after_the_other() {
    let queue: &'static Numbers = Box::leak(Box::new(Numbers::bounded(2)));
    queue.try_send(1, 10).unwrap();
    let _held = queue.try_recv().unwrap();
    [(1, 11), (1, 12)].into_iter().for_each(|(key, value)| queue.try_send(key, value).unwrap());
    // The first that is told that there is room again looks for what it has brought itself.
    let looks =
        Hooks::new().on_wake(|| assert_eq!(queue.try_recv().err(), Some(TryRecvError::Empty))).waker();
    let mut sending = [queue.send(2, 20), queue.send(3, 30)];
    assert!(sending.iter_mut().all(|send| poll_with(send, &looks).is_pending()));
    let mut receiving = [queue.recv(), queue.recv()].map(in_line);
    assert_eq!(queue.remove(&1), [11, 12]);
    assert_eq!(receiving.each_mut().map(|recv| *received(recv)), [20, 30]);
}

#[test]
fn nobody_puts_something_in_past_those_in_line_while_they_are_told_one_after_the_other() {
    let queue: &'static Numbers = Box::leak(Box::new(Numbers::bounded(2)));
    [(1, 10), (1, 11)].into_iter().for_each(|(key, value)| queue.try_send(key, value).unwrap());
    let tries =
        Hooks::new().on_wake(|| assert_eq!(queue.try_send(4, 40), Err(SendError::Full((4, 40))))).waker();
    let mut sending = [queue.send(2, 20), queue.send(3, 30)];
    assert!(sending.iter_mut().all(|send| poll_with(send, &tries).is_pending()));
    assert_eq!(queue.remove(&1), [10, 11]);
    assert_eq!(served(queue), [(2, 20), (3, 30)]);
}

#[test]
fn each_of_many_is_told_of_the_end_though_the_first_panics() {
    let queue = Numbers::unbounded();
    let mut first = queue.recv();
    assert!(poll_with(&mut first, &panicking()).is_pending());
    let others = [(); 40].map(|()| counted(queue.recv()));
    assert!(panics(|| queue.close()).contains("on purpose"));
    assert!(others.iter().all(|(_, waker)| waker.wakes() == 1));
}

#[test]
fn a_wake_may_drop_the_receiver_that_is_next_and_its_value_goes_on() {
    let queue: &'static Numbers = Box::leak(Box::new(Numbers::unbounded()));
    let other: &'static Mutex<Option<Recv<&Numbers>>> = Box::leak(Box::new(Mutex::new(None)));
    let mut first = queue.recv();
    let waker = Hooks::new().on_wake(|| drop(other.lock().unwrap().take())).waker();
    assert!(poll_with(&mut first, &waker).is_pending());
    *other.lock().unwrap() = Some(in_line(queue.recv()));
    let mut last = in_line(queue.recv());
    queue.try_send(1, 10).unwrap();
    queue.try_send(2, 20).unwrap();
    assert_eq!((*received(&mut first), *received(&mut last)), (10, 20));
    assert_left_by_all(queue);
}

#[test]
fn a_clone_that_sends_what_it_waits_for_does_not_wait_for_it() {
    let queue: &'static Numbers = Box::leak(Box::new(Numbers::bounded(2)));
    let sends = Hooks::new().on_clone(|| queue.try_send(1, 10).unwrap()).waker();
    let mut recv = queue.recv();
    match poll_with(&mut recv, &sends) {
        Poll::Ready(value) => assert_eq!(*value.unwrap(), 10),
        Poll::Pending => panic!("it came while the waker was cloned"),
    }
    [(2, 20), (3, 30)].into_iter().for_each(|(key, value)| queue.try_send(key, value).unwrap());
    let takes = Hooks::new().on_clone(|| drop(queue.try_recv().unwrap())).waker();
    assert_eq!(poll_with(&mut queue.send(4, 40), &takes), Poll::Ready(Ok(())));
    assert_eq!(served(queue), [(3, 30), (4, 40)]);
}

#[test]
fn a_drop_that_panics_as_a_receiver_leaves_lets_the_next_go() {
    let queue = Numbers::bounded(1);
    let panics_as_dropped = ManuallyDrop::new(Hooks::new().on_drop(|| panic!("on purpose: a drop")).waker());
    queue.try_send(1, 10).unwrap();
    let mut leaves = queue.send(2, 20);
    assert!(poll_with(&mut leaves, &panics_as_dropped).is_pending());
    let (stays, waker) = counted(queue.send(3, 30));
    assert!(panics(|| drop(leaves)).contains("on purpose"));
    drop(queue.try_recv().unwrap());
    assert_eq!((waker.wakes(), ready(stays)), (1, Ok(())));
    assert_eq!((served(&queue), queue.keys()), (vec![(3, 30)], 0));
}

#[test]
fn a_waker_that_is_equal_to_no_clone_of_its_own_is_woken_all_the_same() {
    let queue = Numbers::unbounded();
    let waker = untether_support::unequal_waker();
    let mut recv = queue.recv();
    (0..3).for_each(|_| assert!(poll_with(&mut recv, &waker).is_pending()));
    queue.try_send(1, 10).unwrap();
    assert_eq!(*received(&mut recv), 10);
}
