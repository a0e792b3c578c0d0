//! Children that panic, in their polls and as they are dropped.

use super::*;

async fn panicking() -> Told {
    panic!("on purpose: a poll");
}

/// Says what it is told, and panics as it is dropped.
fn armed(says: Poll<Told>) -> impl Future<Output = Told> {
    let bomb = Bomb;
    poll_fn(move |_| {
        let _ = &bomb;
        says
    })
}

#[test]
fn a_panic_is_the_outcome_of_that_child_alone() {
    for count in [3, 40] {
        let (mut senders, children) = told(count);
        type Child = Pin<Box<dyn Future<Output = Told>>>;
        let mut children: Vec<Child> = children.into_iter().map(|child| Box::pin(child) as Child).collect();
        children[1] = Box::pin(panicking());
        let mut gathering = Probe::new(gather(children));
        gathering.assert_pending();
        drop(senders.remove(1));
        senders.into_iter().for_each(|sender| sender.send(Ok(7)).unwrap());
        let split = gathering.assert_ready().split();
        assert_eq!((split.values.len(), split.failures.len()), (count - 1, 1));
        assert_eq!(split.failures[0].0, 1);
        assert_eq!(split.failures[0].1.to_string(), "panicked: on purpose: a poll");
    }
    let (one, two, three) =
        Probe::new(gather((ready(Ok::<_, ()>(1)), panicking(), ready(Ok::<_, ()>(3))))).assert_ready();
    assert!(matches!((one, three), (Outcome::Ok(1), Outcome::Ok(3))));
    assert!(matches!(two, Outcome::Panicked(_)));
}

#[test]
fn one_that_panics_as_it_is_dropped_has_panicked_and_the_others_go_on() {
    let children: Vec<_> = (0..30).map(|n| armed(Poll::Ready(Ok(n)))).collect();
    let outcomes = Probe::new(gather(children)).assert_ready();
    assert!(outcomes.iter().all(|outcome| matches!(outcome, Outcome::Panicked(_))));
    assert_eq!(outcomes.len(), 30);
}

#[test]
fn a_panic_goes_through_the_other_verbs_after_all_others_are_gone() {
    let alive = Cell::new(0);
    let waits = || async {
        let _alive = Alive::new(&alive);
        pending::<Told>().await
    };
    assert_eq!(panics(|| Probe::new(try_gather((waits(), panicking()))).poll()), "on purpose: a poll");
    assert_eq!(panics(|| Probe::new(race((waits(), waits(), panicking()))).poll()), "on purpose: a poll");
    assert_eq!(panics(|| Probe::new(first_ok((waits(), panicking()))).poll()), "on purpose: a poll");
    type Child<'a> = Pin<Box<dyn Future<Output = Told> + 'a>>;
    let mut children: Vec<Child<'_>> = (0..40).map(|_| Box::pin(waits()) as Child<'_>).collect();
    children[20] = Box::pin(panicking());
    let mut trying = Box::pin(try_gather(children));
    let said = panics(|| trying.as_mut().poll(&mut Context::from_waker(Waker::noop())));
    assert_eq!((said.as_str(), alive.get()), ("on purpose: a poll", 0), "the future is still there");
}

#[test]
fn losers_that_panic_as_they_are_dropped_keep_nobody_alive_and_the_first_panic_goes_on() {
    for count in [3, 40] {
        let alive = Cell::new(0);
        type Child<'a> = Pin<Box<dyn Future<Output = Told> + 'a>>;
        let waits = |_| {
            let alive = Alive::new(&alive);
            let bomb = (alive.0.get() % 3 == 0).then(|| Bomb);
            let child = poll_fn(move |_| {
                let _ = (&alive, &bomb);
                Poll::Pending
            });
            Box::pin(child) as Child<'_>
        };
        let mut children: Vec<Child<'_>> = (0..count).map(waits).collect();
        children.push(Box::pin(ready(Ok(1))));
        assert_eq!(panics(|| Probe::new(race(children)).poll()), "on purpose: a drop");
        assert_eq!(alive.get(), 0);
        let children: Vec<Child<'_>> = (0..count).map(waits).collect();
        assert_eq!(panics(|| drop(gather(children))), "on purpose: a drop");
        assert_eq!(alive.get(), 0, "also where nobody won");
    }
}

#[test]
fn children_that_panic_as_they_are_dropped_while_the_thread_unwinds_do_not_end_the_program() {
    let said = panics(|| {
        let children: Vec<_> = (0..20).map(|_| armed(Poll::Pending)).collect();
        let mut gathering = Probe::new(gather(children));
        gathering.assert_pending();
        panic!("on purpose: another");
    });
    assert_eq!(said, "on purpose: another");
}

/// Panics when it is polled, and when it is dropped.
struct Twice;

impl Future for Twice {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        panic!("on purpose: a poll");
    }
}

impl Drop for Twice {
    fn drop(&mut self) {
        panic!("on purpose: a drop");
    }
}

#[test]
fn members_of_a_tuple_that_panic_as_they_are_dropped_do_not_end_the_program() {
    let alive = Cell::new(0);
    let waits = async {
        let _alive = Alive::new(&alive);
        pending::<Told>().await
    };
    let mut gathering = Box::pin(gather((armed(Poll::Pending), armed(Poll::Pending), waits)));
    assert!(gathering.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(panics(|| drop(gathering)), "on purpose: a drop");
    assert_eq!(alive.get(), 0);
}

#[test]
fn a_child_of_a_scope_may_panic_as_it_is_polled_and_again_as_it_is_dropped() {
    let alive = Cell::new(0);
    let said = panics(|| {
        Probe::new(scope_local(|s| {
            let alive = &alive;
            async move {
                drop(s.spawn(async {
                    let _alive = Alive::new(alive);
                    pending::<()>().await;
                }));
                drop(s.spawn(Twice));
                pending::<()>().await;
            }
        }))
        .poll()
    });
    assert_eq!((said.as_str(), alive.get()), ("on purpose: a poll", 0));
}

#[test]
fn what_makes_the_body_of_a_scope_may_panic_and_leaves_no_child() {
    let count = Arc::new(());
    let said = panics(|| {
        scope(|s| {
            let (held, own) = (count.clone(), s.clone());
            drop(s.spawn(async move {
                pending::<()>().await;
                drop((held, own));
            }));
            if Arc::strong_count(&count) > 0 {
                panic!("on purpose: no body");
            }
            async {}
        })
    });
    assert_eq!((said.as_str(), Arc::strong_count(&count)), ("on purpose: no body", 1));
}
