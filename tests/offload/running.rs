//! One closure: who runs, who waits, who gives up, and what comes out.

use super::*;
use untether::spawn::AnyRuntime;

#[test]
fn a_closure_is_run_and_gives_its_value() {
    let shelf = Shelf::default();
    let offload = shelf.offload(2);
    let mut run = Probe::new(offload.run(|| "done"));
    assert_eq!(shelf.len(), 0, "nothing is begun before the first poll");
    run.assert_pending();
    shelf.take().run();
    assert_eq!(run.wakes(), 1);
    assert_eq!(counts(&offload), (0, 0), "the place is free before the outcome is read");
    assert!(matches!(run.assert_ready(), Ok("done")));
    assert_whole(&shelf, &offload);
}

#[test]
fn so_many_are_at_the_runtime_and_the_others_wait_in_the_order_in_which_they_came() {
    let shelf = Shelf::default();
    let offload = shelf.offload(2);
    let ran = Arc::new(Mutex::new(Vec::new()));
    let mut runs: Vec<_> = (0..6)
        .map(|n| {
            let ran = ran.clone();
            Probe::new(offload.run(move || ran.lock().unwrap().push(n)))
        })
        .collect();
    runs.iter_mut().for_each(Probe::assert_pending);
    assert_eq!((shelf.len(), counts(&offload)), (2, (2, 4)));
    for n in 0..6 {
        shelf.take().run();
        runs[n].assert_ready().unwrap();
        if n + 2 < 6 {
            assert_eq!((runs[n + 2].wakes(), shelf.len()), (1, 1), "it is the next one's turn");
            runs[n + 2].assert_pending();
        }
    }
    assert_eq!(*ran.lock().unwrap(), [0, 1, 2, 3, 4, 5]);
    assert_whole(&shelf, &offload);
}

#[test]
fn clones_share_one_line_and_one_limit() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let other = offload.clone();
    let (mut first, mut second) = (Probe::new(offload.run(|| 1)), Probe::new(other.run(|| 2)));
    first.assert_pending();
    second.assert_pending();
    assert_eq!((counts(&offload), counts(&other)), ((1, 1), (1, 1)));
    drop(second);
    shelf.take().run();
    assert!(matches!(first.assert_ready(), Ok(1)));
    assert_whole(&shelf, &other);
}

#[test]
fn who_is_dropped_in_line_has_run_nothing_and_the_next_takes_its_place() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let gone = Gone::default();
    let held = gone.held();
    let (mut first, mut last) = (Probe::new(offload.run(|| ())), Probe::new(offload.run(|| ())));
    let mut fickle = Probe::new(offload.run(move || drop(held)));
    first.assert_pending();
    fickle.assert_pending();
    last.assert_pending();
    assert_eq!(gone.times(), 0);
    drop(fickle);
    assert_eq!((gone.times(), counts(&offload)), (1, (1, 1)));
    shelf.take().run();
    last.assert_pending();
    shelf.take().run();
    last.assert_ready().unwrap();
    drop(first);
    assert_whole(&shelf, &offload);
}

#[test]
fn who_is_dropped_when_it_was_granted_a_place_passes_it_on() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let [mut first, mut fickle, mut last] = [(); 3].map(|()| Probe::new(offload.run(|| ())));
    first.assert_pending();
    fickle.assert_pending();
    last.assert_pending();
    shelf.take().run();
    assert_eq!((fickle.wakes(), last.wakes(), offload.stats().granted), (1, 0, 1));
    drop(fickle);
    assert_eq!(last.wakes(), 1);
    last.assert_pending();
    shelf.take().run();
    last.assert_ready().unwrap();
    drop(first);
    assert_whole(&shelf, &offload);
}

/// e-8, on threads in `tests/conformance`.
#[test]
fn who_is_dropped_while_it_runs_waits_for_nothing_and_its_place_is_taken_until_the_closure_ends() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let gone = Gone::default();
    let held = gone.held();
    let slot = Arc::new(Mutex::new(None::<Probe<Run<Shelf, _, Held>>>));
    let (mine, looks) = (slot.clone(), offload.clone());
    let work: Box<dyn FnOnce() -> Held + Send> = Box::new(move || {
        drop(mine.lock().unwrap().take());
        assert_eq!(counts(&looks), (1, 0), "it is at work still");
        held
    });
    let mut run = Probe::new(offload.run(work));
    run.assert_pending();
    *slot.lock().unwrap() = Some(run);
    assert_eq!(gone.times(), 0);
    shelf.take().run();
    assert_eq!(gone.times(), 1, "what nobody waits for is dropped on the thread");
    assert_whole(&shelf, &offload);
}

#[test]
fn who_is_dropped_before_the_runtime_came_to_it_never_runs() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let (ran, gone) = (Arc::new(AtomicBool::new(false)), Gone::default());
    let (sets, held) = (ran.clone(), gone.held());
    let mut run = Probe::new(offload.run(move || {
        sets.store(true, Ordering::Release);
        drop(held);
    }));
    run.assert_pending();
    drop(run);
    assert_eq!(gone.times(), 1, "what it holds goes with its future");
    assert_eq!(counts(&offload), (1, 0), "what is left of it lies at the runtime");
    shelf.take().run();
    assert!(!ran.load(Ordering::Acquire));
    assert_whole(&shelf, &offload);
}

#[test]
fn a_panic_is_an_outcome_and_gives_the_place_back() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let mut run = Probe::new(offload.run(|| -> u32 { panic!("disk on fire") }));
    run.assert_pending();
    shelf.take().run();
    let Err(Failure::Panicked(panicked)) = run.assert_ready() else { panic!("it panicked") };
    assert_eq!(panicked.message(), "disk on fire");
    assert_whole(&shelf, &offload);
}

#[test]
fn a_runtime_that_goes_away_cancels_and_gives_the_place_back() {
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    let mut run = Probe::new(offload.run(|| 7));
    run.assert_pending();
    drop(shelf.take());
    assert_eq!(run.wakes(), 1);
    assert!(matches!(run.assert_ready(), Err(Failure::Cancelled(None))));
    assert_whole(&shelf, &offload);
}

#[test]
fn what_the_closure_holds_is_gone_before_its_place_is_free() {
    struct Looks(Offload<Shelf>, Gone);
    impl Drop for Looks {
        fn drop(&mut self) {
            assert_eq!(counts(&self.0), (1, 0));
            drop(self.1.held());
        }
    }
    let shelf = Shelf::default();
    let offload = shelf.offload(1);
    for (times, runs) in [true, false].into_iter().enumerate() {
        let gone = Gone::default();
        let looks = Looks(offload.clone(), gone.clone());
        let mut run = Probe::new(offload.run(move || drop(looks)));
        run.assert_pending();
        let closure = shelf.take();
        if runs {
            closure.run();
        } else {
            drop(closure);
        }
        assert_eq!((gone.times(), run.assert_ready().is_ok()), (1, times == 0));
    }
    assert_whole(&shelf, &offload);
}

#[test]
fn who_is_told_of_the_end_finds_the_place_free() {
    let (shelf, told) = (Shelf::default(), Arc::new(AtomicUsize::new(0)));
    let offload = shelf.offload(1);
    let (looks, notes) = (offload.clone(), told.clone());
    let waker = HookWaker::new().on_wake(move || {
        assert_eq!(counts(&looks), (0, 0));
        notes.fetch_add(1, Ordering::AcqRel);
    });
    let mut run = Probe::new(offload.run(|| ()));
    assert!(run.poll_with(&waker.waker()).is_pending());
    shelf.take().run();
    assert_eq!(told.load(Ordering::Acquire), 1);
    assert_whole(&shelf, &offload);
}

/// Which is to be handed back, and lies here no more.
#[test]
fn a_runtime_that_drops_what_it_refuses_cancels() {
    #[derive(Clone)]
    struct Loses;
    impl SpawnBlocking for Loses {
        fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
            drop(work);
            Err(SpawnError::new(SpawnErrorKind::Full, BoxBlocking::new(|| ())))
        }
    }
    let offload = Offload::builder(Loses).limit(1).build();
    for _ in 0..2 {
        assert!(matches!(Probe::new(offload.run(|| 7)).assert_ready(), Err(Failure::Cancelled(None))));
    }
    let mut stream = offload.stream(|| [1]);
    assert!(matches!(next(&mut stream), Poll::Ready(Some(Err(_)))));
    assert!(matches!(next(&mut stream), Poll::Ready(None)));
    assert_eq!(counts(&offload), (0, 0));
}

#[test]
fn a_closure_that_is_refused_comes_back_and_leaves_its_place() {
    let (shelf, gone) = (Shelf::default(), Gone::default());
    let (offload, held) = (shelf.offload(1), gone.held());
    shelf.refuse(true);
    let mut run = Probe::new(offload.run(move || drop(held)));
    let failure = run.assert_ready().unwrap_err();
    assert_eq!(failure.to_string(), "spawning on an executor that is full");
    let Failure::Error(refused) = failure else { panic!("it was refused") };
    assert_eq!((refused.kind(), counts(&offload), gone.times()), (SpawnErrorKind::Full, (0, 0), 0));
    shelf.refuse(false);
    let mut again = Probe::new(offload.run(refused.into_inner()));
    again.assert_pending();
    shelf.take().run();
    again.assert_ready().unwrap();
    assert_eq!(gone.times(), 1);
    assert_whole(&shelf, &offload);
}

#[test]
fn a_runtime_without_threads_refuses_and_says_so() {
    let kind = untether::rt::threads::block_on(|rt| async move {
        let offload = Offload::new(AnyRuntime::without_blocking(rt));
        let Err(Failure::Error(refused)) = offload.run(|| 7).await else { panic!("it has no threads") };
        assert_eq!((refused.into_inner())(), 7);
        let Some(Err(Failure::Error(kind))) = offload.stream(|| [7]).next().await else { panic!("neither") };
        kind
    });
    assert_eq!(kind, SpawnErrorKind::Unsupported);
}

#[test]
fn what_is_impossible_is_refused_where_it_is_written() {
    let shelf = Shelf::default();
    let builder = || Offload::builder(shelf.clone());
    for limit in [0, usize::MAX] {
        assert!(builder().try_limit(limit).is_err());
        assert!(std::panic::catch_unwind(|| Offload::builder(Shelf::default()).limit(limit)).is_err());
    }
    assert_eq!(
        builder().try_limit(0).unwrap_err().to_string(),
        "a limit of nothing, or of more than can be counted"
    );
    assert!(shelf.offload(1).stream(|| [0]).try_ahead(0).is_err());
}

#[test]
fn a_thread_may_wait_as_well() {
    let inline = Inline;
    assert!(matches!(Offload::new(inline).run(|| 7).wait(), Ok(7)));
}

/// Runs closures where they are spawned.
#[derive(Clone)]
pub(crate) struct Inline;

impl SpawnBlocking for Inline {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        work.run();
        Ok(())
    }
}

#[test]
#[should_panic(expected = "polled again after it was ready")]
fn polled_after_its_end_it_panics() {
    let mut run = Probe::new(Offload::new(Inline).run(|| 7));
    assert!(run.assert_ready().is_ok());
    let _ = run.poll();
}
