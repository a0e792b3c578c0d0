//! Panics of what is done with an item, of what begins it, of its drop, of the source, of a waker.

use super::*;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use untether::testing::HookWaker;
use untether_support::Hooks;

/// What a panic said that comes out of it.
fn panic_of<R>(body: impl FnOnce() -> R) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(body()))).expect_err("it panics");
    panic.downcast_ref::<&str>().expect("a text").to_string()
}

fn message(outcome: &Outcome<u32, ()>) -> &str {
    match outcome {
        Outcome::Panicked(panicked) => panicked.message(),
        _ => "nothing",
    }
}

/// Where an item panics: in the function, in the first poll, in a later one, or nowhere.
fn panics(n: u32) -> impl Future<Output = Result<u32, ()>> {
    assert!(n % 4 != 0, "in the function");
    async move {
        assert!(n % 4 != 1, "in the first poll");
        yield_now().await;
        assert!(n % 4 != 2, "in a later poll");
        Ok(n)
    }
}

#[test]
fn a_panic_is_the_outcome_of_its_item_and_the_others_go_on() {
    let outcomes = drive(map(0..40, panics).limit(7).collect());
    for (n, outcome) in outcomes.iter().enumerate() {
        let expected = ["in the function", "in the first poll", "in a later poll", "nothing"][n % 4];
        assert_eq!(message(outcome), expected);
    }
    let given: Vec<_> = all(map(0..40, panics).limit(7).ordered());
    assert!(given.iter().zip(outcomes.iter()).all(|(one, other)| message(one) == message(other)));
    assert_eq!(all(map(0..40, panics).limit(7).as_completed()).len(), 40);
    assert_eq!(drive(map(0..40, panics).tally()), Tally { ok: 10, failed: 0, panicked: 30 });
}

#[test]
fn where_one_failure_ends_all_a_panic_goes_on_when_the_rest_is_dropped() {
    for begins in 0..3 {
        let crowd = Crowd::default();
        let work = |n: u32| {
            let inside = crowd.enter();
            let panics = (n == 8 + begins).then(|| panics(n));
            async move {
                let _inside = inside;
                match panics {
                    Some(panics) => panics.await,
                    None => pending().await,
                }
            }
        };
        let mut trying = Probe::new(map([1, 2, 8 + begins, 4], work).try_collect());
        let said = panic_of(|| while trying.poll().is_pending() {});
        assert_eq!(said, ["in the function", "in the first poll", "in a later poll"][begins as usize]);
        assert_eq!(crowd.now(), 0, "though the future is still there");
    }
}

/// Is ready at once, and panics when it is dropped.
struct Bomb(Rc<Cell<usize>>);

impl Future for Bomb {
    type Output = Result<u32, ()>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(Ok(1))
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        self.0.set(self.0.get() + 1);
        assert!(std::thread::panicking(), "not without a fight");
    }
}

#[test]
fn a_drop_that_panics_is_a_panic_of_its_item_and_its_place_is_free_again() {
    let drops = Rc::new(Cell::new(0));
    let outcomes = drive(map(0..5, |_| Bomb(drops.clone())).limit(1).collect());
    assert!(outcomes.iter().all(|outcome| message(outcome) == "not without a fight"));
    assert_eq!((outcomes.len(), drops.get()), (5, 5));
}

#[test]
fn what_panics_in_its_poll_and_again_in_its_drop_is_one_panic() {
    let drops = Rc::new(Cell::new(0));
    let work = |_| {
        let bomb = Bomb(drops.clone());
        poll_fn(move |_| {
            let _bomb = &bomb;
            panic!("in the poll")
        })
    };
    let outcomes = drive(map(0..3, work).limit(2).collect());
    assert!(outcomes.iter().all(|outcome| message(outcome) == "in the poll"));
    assert_eq!(drops.get(), 3);
}

#[test]
fn a_panic_of_the_source_goes_through_and_those_that_were_begun_go_on() {
    let gates = Gates::default();
    let items = (0..9).inspect(|n| assert!(*n != 2, "no third"));
    let mut all = Box::pin(map(items, |n| gates.wait(n)).as_completed());
    assert_eq!(panic_of(|| next(all.as_mut())), "no third");
    gates.open(1);
    assert!(matches!(next(all.as_mut()), Poll::Ready(Some((1, Outcome::Ok(1))))));
    assert!(next(all.as_mut()).is_pending(), "and no fourth is taken");
    gates.open(0);
    assert!(matches!(next(all.as_mut()), Poll::Ready(Some((0, Outcome::Ok(0))))));
    assert!(matches!(next(all.as_mut()), Poll::Ready(None)) && all.is_terminated());
}

#[test]
fn a_panic_of_a_stream_goes_through_and_those_that_were_begun_go_on() {
    let (gates, mut polls) = (Gates::default(), 0);
    let items = futures_util::stream::poll_fn(move |_| {
        polls += 1;
        assert!(polls < 2, "once is enough");
        Poll::Ready(Some(0))
    });
    let mut all = Probe::new(map_stream(items, |n| gates.wait(n)).collect());
    assert_eq!(panic_of(|| all.poll()), "once is enough");
    all.assert_pending();
    gates.open(0);
    assert_eq!(all.assert_ready().len(), 1);
}

#[test]
fn a_waker_that_panics_when_it_is_woken_loses_no_wake() {
    let gates = Gates::default();
    let mut all = Probe::new(map(0..2, |n| gates.wait(n)).collect());
    let bomb = HookWaker::new().on_wake(|| panic!("a bad waker")).waker();
    assert!(all.poll_with(&bomb).is_pending());
    assert_eq!(panic_of(|| gates.open(1)), "a bad waker");
    gates.open(0);
    assert_eq!(all.assert_ready().oks().values, [0, 1]);
}

#[test]
fn a_panic_in_the_drop_of_the_rest_leaves_no_other_behind() {
    let (drops, crowd) = (Rc::new(Cell::new(0)), Crowd::default());
    let work = |n: u32| {
        let (bomb, inside) = (Bomb(drops.clone()), crowd.enter());
        async move {
            if n == 2 {
                std::mem::forget(bomb);
                return Err::<u32, _>("third");
            }
            let _both = (bomb, inside);
            pending().await
        }
    };
    let mut trying = Probe::new(map(0..3, work).try_collect());
    assert_eq!(panic_of(|| trying.poll()), "not without a fight");
    assert_eq!((drops.get(), crowd.now()), (2, 0));
}

#[test]
fn a_panic_in_the_drop_of_the_rest_leaves_no_value_behind() {
    let (drops, crowd) = (Rc::new(Cell::new(0)), Crowd::default());
    let work = |n: u32| {
        let (bomb, inside) = ((n == 1).then(|| Bomb(drops.clone())), crowd.enter());
        async move {
            if bomb.is_some() {
                pending::<()>().await;
            }
            if n == 2 { Err("third") } else { Ok(inside) }
        }
    };
    let mut trying = Probe::new(map(0..3, work).try_collect());
    assert_eq!(panic_of(|| trying.poll()), "not without a fight");
    assert_eq!((drops.get(), crowd.now()), (1, 0), "though the future is still there");
}

#[test]
fn a_waker_that_panics_when_it_is_dropped_loses_no_result() {
    for first_fails in [false, true] {
        let gates = Gates::default();
        let work = async |n| match gates.wait(n).await {
            Ok(0) if first_fails => Err("first"),
            _ => Ok(n),
        };
        let mut trying = Probe::new(map(0..2, work).try_collect());
        trying.assert_pending();
        gates.open(0);
        if !first_fails {
            gates.open(1);
        }
        let bomb = ManuallyDrop::new(Hooks::new().on_drop(|| panic!("a bad waker")).waker());
        let expected = if first_fails { Err("first") } else { Ok(vec![0, 1]) };
        assert_eq!(trying.poll_with(&bomb), Poll::Ready(expected));
    }
}
