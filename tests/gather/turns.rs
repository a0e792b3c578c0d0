//! Who is polled, how often, and with what.

use super::*;
use std::cell::RefCell;
use untether::spawn::yield_now;
use untether::testing::CountingWaker;

/// Children that note who is polled and leave their wakers.
#[derive(Default)]
struct Turns {
    polled: RefCell<Vec<usize>>,
    wakers: RefCell<Vec<Option<Waker>>>,
    done: RefCell<Vec<usize>>,
}

impl Turns {
    fn of(count: usize) -> Rc<Self> {
        let turns = Self::default();
        turns.wakers.borrow_mut().resize(count, None);
        Rc::new(turns)
    }

    fn child(self: &Rc<Self>, index: usize) -> impl Future<Output = Result<usize, ()>> + use<> {
        let turns = self.clone();
        poll_fn(move |cx| {
            turns.polled.borrow_mut().push(index);
            if turns.done.borrow().contains(&index) {
                return Poll::Ready(Ok(index));
            }
            turns.wakers.borrow_mut()[index] = Some(cx.waker().clone());
            Poll::Pending
        })
    }

    fn wake(&self, index: usize) {
        self.wakers.borrow()[index].as_ref().expect("it was polled").wake_by_ref();
    }

    fn take(&self) -> Vec<usize> {
        self.polled.take()
    }
}

#[test]
fn of_many_only_those_that_were_woken_are_polled_once_each_and_in_order() {
    let turns = Turns::of(5_000);
    let mut gathering = Probe::new(gather((0..5_000).map(|index| turns.child(index))));
    while turns.polled.borrow().len() < 5_000 {
        gathering.assert_pending();
    }
    assert_eq!(turns.take(), (0..5_000).collect::<Vec<_>>(), "begun in order");
    let wakes = gathering.wakes();
    for index in [4_999, 70, 3, 70, 70, 4_096] {
        turns.wake(index);
    }
    assert_eq!(gathering.wakes() - wakes, 1, "the task is woken once for all of them");
    gathering.assert_pending();
    assert_eq!(turns.take(), [3, 70, 4_096, 4_999]);
    gathering.assert_pending();
    assert!(turns.take().is_empty());
}

#[test]
fn of_few_all_that_have_not_ended_are_polled_with_the_waker_of_the_whole() {
    let turns = Turns::of(16);
    let mut gathering = Probe::new(gather((0..16).map(|index| turns.child(index))));
    let waker = CountingWaker::new().waker();
    assert!(gathering.poll_with(&waker).is_pending());
    assert!(turns.wakers.borrow().iter().flatten().all(|own| own.will_wake(&waker)));
    turns.done.borrow_mut().push(3);
    turns.take();
    gathering.assert_pending();
    assert_eq!(turns.take(), (0..16).collect::<Vec<_>>());
    gathering.assert_pending();
    assert_eq!(turns.take().len(), 15);
}

#[test]
fn a_wake_reaches_the_waker_of_the_last_poll_of_the_whole() {
    let turns = Turns::of(100);
    let mut gathering = Probe::new(gather((0..100).map(|index| turns.child(index))));
    let (old, new) = (CountingWaker::new(), CountingWaker::new());
    assert!(gathering.poll_with(&old.waker()).is_pending());
    assert!(gathering.poll_with(&new.waker()).is_pending());
    turns.wake(99);
    assert_eq!((old.wakes(), new.wakes()), (0, 1));
}

#[test]
fn a_wake_during_its_own_poll_is_not_lost() {
    for count in [2, 17, 100] {
        let child = |index| async move {
            for _ in 0..index {
                yield_now().await;
            }
            Ok::<_, ()>(index)
        };
        let mut gathering = Probe::new(try_gather((0..count).map(child)));
        let mut polls = 1;
        while gathering.poll().is_pending() {
            assert_eq!(gathering.wakes(), polls, "it waits for nobody else");
            polls += 1;
        }
        assert_eq!(polls, count);
    }
}

#[test]
fn a_child_that_wakes_itself_for_ever_leaves_the_others_their_turns() {
    let turns = Turns::of(1_000);
    let spins = || {
        poll_fn(|cx| {
            cx.waker().wake_by_ref();
            Poll::Pending
        })
    };
    type Child<'a> = Pin<Box<dyn Future<Output = Result<usize, ()>> + 'a>>;
    let mut children: Vec<Child<'_>> = (0..300).map(|_| Box::pin(spins()) as Child<'_>).collect();
    children.extend((0..1_000).map(|index| Box::pin(turns.child(index)) as Child<'_>));
    let mut gathering = Probe::new(gather(children));
    // All of them have had a turn after so many goes of 128.
    (0..1_300_usize.div_ceil(128)).for_each(|_| gathering.assert_pending());
    assert_eq!(turns.take().len(), 1_000);
    turns.wake(999);
    // And a wake is heard in the round after the one that is under way.
    (0..2 * 301_usize.div_ceil(128)).for_each(|_| gathering.assert_pending());
    assert_eq!(turns.take(), [999]);
}

#[test]
fn thousands_that_are_ready_give_way_every_128_turns() {
    let ran = Cell::new(0);
    let child = |_| {
        poll_fn(|_| {
            ran.set(ran.get() + 1);
            Poll::Ready(Ok::<(), ()>(()))
        })
    };
    let children = (0..1_000).map(child);
    let mut gathering = Probe::new(try_gather(children));
    for round in 1..=7 {
        gathering.assert_pending();
        assert_eq!((ran.get(), gathering.wakes()), (round * 128, round));
    }
    assert_eq!(gathering.assert_ready().map(|values| values.len()), Ok(1_000));
}

#[test]
fn a_wake_after_the_end_is_for_nobody() {
    let turns = Turns::of(100);
    let mut racing = Probe::new(race((0..100).map(|index| turns.child(index))));
    racing.assert_pending();
    turns.done.borrow_mut().push(50);
    turns.wake(50);
    assert_eq!(racing.assert_ready(), Some((50, Ok(50))));
    let wakes = racing.wakes();
    (0..100).for_each(|index| turns.wake(index));
    assert_eq!(racing.wakes(), wakes);
}

#[test]
fn one_that_has_ended_is_never_polled_again_however_late_its_wakers_are_used() {
    let turns = Turns::of(40);
    let mut gathering = Probe::new(gather((0..40).map(|index| turns.child(index))));
    gathering.assert_pending();
    turns.done.borrow_mut().push(7);
    turns.wake(7);
    gathering.assert_pending();
    turns.take();
    turns.wake(7);
    gathering.assert_pending();
    assert!(turns.take().is_empty());
}

#[test]
fn children_of_any_size_are_served() {
    let big = |n: u32| async move {
        let large = [n; 2_000];
        yield_now().await;
        Ok::<u32, ()>(large[n as usize])
    };
    let mut trying = Probe::new(try_gather((0..50).map(big)));
    trying.assert_pending();
    assert_eq!(trying.assert_ready(), Ok((0..50).collect()));
    let small = Probe::new(try_gather([(); 50].map(|()| ready(Ok::<(), ()>(()))))).assert_ready();
    assert_eq!(small, Ok(vec![(); 50]));
}
