//! What each verb gives.

use super::*;
use untether::spawn::SpawnExt;
use untether::task::Failure;

#[test]
fn a_tuple_of_any_types_gives_a_tuple_of_outcomes() {
    let children = (ready(Ok::<u8, ()>(1)), async { Err::<&str, _>("down") }, pending::<Told>());
    let mut gathering = Probe::new(gather(children));
    gathering.assert_pending();
    let mut gathering = Probe::new(gather((ready(Ok::<u8, ()>(1)), async { Err::<&str, _>("down") })));
    let (one, other) = gathering.assert_ready();
    assert!(matches!((one, other), (Outcome::Ok(1), Outcome::Err("down"))));
}

#[test]
fn tuples_of_two_to_twelve_keep_their_order() {
    let n = |n: u32| ready(Ok::<_, ()>(n));
    let (a, b) = Probe::new(gather((n(1), n(2)))).assert_ready();
    assert_eq!([a, b].map(Outcome::ok), [Some(1), Some(2)]);
    let twelve = (n(1), n(2), n(3), n(4), n(5), n(6), n(7), n(8), n(9), n(10), n(11), n(12));
    let values = Probe::new(try_gather(twelve)).assert_ready();
    assert_eq!(values, Ok((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)));
    assert_eq!(Probe::new(race((n(1), n(2), n(3)))).assert_ready(), Ok(1));
    let e = |e: u32| ready(Err::<(), _>(e));
    let failed = Probe::new(first_ok((e(1), e(2), e(3)))).assert_ready().unwrap_err();
    assert_eq!(failed.into_errors(), [1, 2, 3]);
}

#[test]
fn there_are_as_many_outcomes_as_children_in_their_order_whenever_they_end() {
    for count in [0, 1, 2, 15, 16, 17, 63, 64, 65, 1_000, 5_000] {
        let (senders, children) = told(count);
        let mut gathering = Probe::new(gather(children));
        let (odd, even): (Vec<_>, Vec<_>) =
            (0..).zip(senders).partition(|(index, _): &(u32, _)| index % 2 == 1);
        for (index, sender) in odd.into_iter().chain(even).rev() {
            gathering.assert_pending();
            sender.send(if index % 3 == 0 { Err("a third") } else { Ok(index) }).unwrap();
        }
        let outcomes = loop {
            if let Poll::Ready(outcomes) = gathering.poll() {
                break outcomes;
            }
        };
        assert_eq!(outcomes.len(), count);
        for (index, outcome) in (0..).zip(outcomes) {
            match outcome {
                Outcome::Ok(value) => assert!(value == index && index % 3 != 0),
                outcome => assert!(matches!(outcome, Outcome::Err("a third")) && index % 3 == 0),
            }
        }
    }
}

#[test]
fn a_failure_leaves_its_siblings_alone() {
    let (mut senders, children) = told(3);
    let mut gathering = Probe::new(gather(children));
    gathering.assert_pending();
    senders.remove(1).send(Err("down")).unwrap();
    gathering.assert_pending();
    senders.into_iter().for_each(|sender| sender.send(Ok(7)).unwrap());
    let split = gathering.assert_ready().split();
    assert_eq!(split.values, [(0, 7), (2, 7)]);
    assert!(matches!(split.failures[..], [(1, Failure::Error("down"))]));
}

#[test]
fn a_child_that_was_cancelled_is_no_success() {
    untether::rt::threads::block_on(async |rt| {
        let stuck = || rt.spawn_task(pending::<u32>()).unwrap();
        let panics = rt.spawn_task(async { panic!("on purpose") }).unwrap();
        let tasks = vec![rt.spawn_task(async { 1 }).unwrap(), stuck(), panics];
        tasks[1].abort();
        let outcomes = gather(tasks).await.joined();
        assert!(matches!(outcomes[0], Outcome::Ok(1)));
        assert!(matches!(outcomes[1], Outcome::Cancelled(None)));
        assert!(matches!(&outcomes[2], Outcome::Panicked(panicked) if panicked.message() == "on purpose"));
        assert_eq!(outcomes.oks().left_out, 2);
        let fails = rt.spawn_task(async { Err::<u32, _>("down") }).unwrap();
        let outcomes = gather([fails]).await.flatten();
        assert!(matches!(outcomes[0], Outcome::Err("down")));
    });
}

#[test]
fn the_first_error_in_time_drops_the_rest_before_it_is_returned() {
    let alive = Cell::new(0);
    let alive = &alive;
    let child = |fails: Option<Receiver<()>>| async move {
        let _alive = Alive::new(alive);
        match fails {
            Some(told) => told.await.map_err(|_| "never told").and(Err("told")),
            None => pending::<Result<(), _>>().await,
        }
    };
    for count in [2, 16, 17, 300] {
        let (sender, receiver) = oneshot();
        let mut receiver = Some(receiver);
        let last = count - 1;
        let children: Vec<_> =
            (0..count).map(|n| child(if n == last { receiver.take() } else { None })).collect();
        let mut trying = Probe::new(try_gather(children));
        while alive.get() < count {
            trying.assert_pending();
        }
        sender.send(()).unwrap();
        assert_eq!(trying.assert_ready(), Err("told"));
        assert_eq!(alive.get(), 0, "the future is still there, and its children are not");
    }
    let mut trying = Probe::new(try_gather((child(None), ready(Err::<(), _>("at once")), child(None))));
    assert_eq!(trying.assert_ready(), Err("at once"));
    assert_eq!(alive.get(), 0);
}

#[test]
fn the_values_come_in_order_and_an_error_is_bare() {
    let (senders, children) = told(40);
    let mut trying = Probe::new(try_gather(children));
    for (n, sender) in (0..40).zip(senders).rev() {
        trying.assert_pending();
        sender.send(Ok(n)).unwrap();
    }
    assert_eq!(trying.assert_ready(), Ok((0..40).collect()));
    let (mut senders, children) = told(40);
    let mut trying = Probe::new(try_gather(children));
    trying.assert_pending();
    senders.remove(30).send(Err("first in time")).unwrap();
    assert_eq!(trying.assert_ready(), Err("first in time"));
}

#[test]
fn whoever_ends_first_wins_however_it_ends_and_the_losers_are_gone() {
    let alive = Cell::new(0);
    let slow = || async {
        let _alive = Alive::new(&alive);
        pending::<u32>().await
    };
    let mut racing = Probe::new(race((slow(), ready(7), slow())));
    assert_eq!(racing.assert_ready(), 7);
    assert_eq!(alive.get(), 0);
    let (mut senders, children) = told(50);
    let mut racing = Probe::new(race(children));
    racing.assert_pending();
    senders.remove(33).send(Err("down")).unwrap();
    assert_eq!(racing.assert_ready(), Some((33, Err("down"))));
    assert!(senders.iter().all(Sender::is_closed));
}

#[test]
fn of_two_that_are_ready_together_the_first_in_order_wins() {
    assert_eq!(Probe::new(race((ready("a"), ready("b")))).assert_ready(), "a");
    for count in [2, 100] {
        let (mut senders, children) = told(count);
        let mut racing = Probe::new(race(children));
        racing.assert_pending();
        senders.remove(1).send(Ok(1)).unwrap();
        senders.remove(0).send(Ok(0)).unwrap();
        assert_eq!(racing.assert_ready(), Some((0, Ok(0))));
    }
}

#[test]
fn a_race_of_nobody_is_over_at_once_and_so_is_all_else_of_nothing() {
    let nobody = || Vec::<Ready<Told>>::new();
    assert_eq!(Probe::new(race(nobody())).assert_ready(), None);
    assert!(Probe::new(gather(nobody())).assert_ready().is_empty());
    assert_eq!(Probe::new(try_gather(nobody())).assert_ready(), Ok(vec![]));
    let failed = Probe::new(first_ok(nobody())).assert_ready().unwrap_err();
    assert_eq!((failed.errors(), failed.to_string()), (&[][..], "there was nothing to try".to_string()));
}

#[test]
fn the_first_success_drops_the_others_and_failures_are_kept_until_there_is_one() {
    for count in [3, 40] {
        let (mut senders, children) = told(count);
        let mut first = Probe::new(first_ok(children));
        first.assert_pending();
        senders.remove(2).send(Err("down")).unwrap();
        first.assert_pending();
        senders.remove(1).send(Ok(7)).unwrap();
        assert_eq!(first.assert_ready(), Ok(7));
        assert!(senders.iter().all(Sender::is_closed));
    }
}

#[test]
fn when_all_have_failed_their_errors_come_in_order() {
    let (senders, children) = told(3);
    let mut first = Probe::new(first_ok(children));
    for (sender, error) in senders.into_iter().zip(["one", "two", "three"]).rev() {
        first.assert_pending();
        sender.send(Err(error)).unwrap();
    }
    let failed = first.assert_ready().unwrap_err();
    assert_eq!(failed.errors(), ["one", "two", "three"]);
    assert_eq!(failed.to_string(), "all 3 failed, the last with: three");
}

#[test]
#[should_panic(expected = "children polled again after they gave their outcome")]
fn polled_again_after_it_was_ready_it_says_so() {
    let mut gathering = Probe::new(gather([ready(Ok::<(), ()>(()))]));
    drop(gathering.assert_ready());
    drop(gathering.poll());
}

#[test]
fn children_may_borrow_and_stay_on_their_thread() {
    let (words, count) = (["a", "bc"], Rc::new(Cell::new(0)));
    let children = words.iter().map(async |word| {
        count.set(count.get() + word.len());
        Ok::<_, ()>(word)
    });
    assert_eq!(Probe::new(try_gather(children)).assert_ready(), Ok(vec![&"a", &"bc"]));
    assert_eq!(count.get(), 3);
}
