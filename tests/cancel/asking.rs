//! The flag, and why it is set.

use super::*;

#[test]
fn the_loop_that_asks_sees_the_request_from_the_moment_it_is_made() {
    let token = CancelToken::new();
    let clone = token.clone();
    assert!(!clone.is_cancelled() && clone.cause().is_none() && clone.check().is_ok());
    assert!(token.cancel());
    assert!(clone.is_cancelled() && token.is_cancelled());
    assert_eq!(word(clone.cause()), "requested");
    assert_eq!(clone.check().unwrap_err().to_string(), "cancelled on request");
}

#[test]
fn the_first_cause_wins_and_a_second_request_wakes_nobody() {
    let token = CancelToken::new();
    let mut waits = Probe::new(token.cancelled());
    waits.assert_pending();
    assert!(token.cancel_with(Cause::Shutdown));
    assert_eq!(waits.wakes(), 1);
    assert!(!token.cancel_with(Cause::error("too late")) && !token.cancel());
    assert_eq!((waits.wakes(), word(token.cause())), (1, "shutdown".to_string()));
    assert_eq!(word(Some(waits.assert_ready())), "shutdown");
}

#[test]
fn every_cause_says_what_it_is_and_leads_to_its_source() {
    let said = [Cause::Requested, Cause::Deadline, Cause::Shutdown, Cause::SiblingFailed].map(|cause| {
        assert!(cause.source().is_none());
        let token = CancelToken::new();
        token.cancel_with(cause);
        (token.check().unwrap_err().to_string(), word(token.child().cause()))
    });
    let expected = [
        ("cancelled on request", "(requested)"),
        ("cancelled by a deadline", "(deadline)"),
        ("cancelled by a shutdown", "(shutdown)"),
        ("cancelled because a sibling failed", "(sibling)"),
    ];
    assert_eq!(said, expected.map(|(said, word)| (said.to_string(), word.to_string())));

    let token = CancelToken::new();
    let io = std::io::Error::other("disk full");
    token.cancel_with(Cause::error(io));
    let cancelled: Cancelled = token.child().check().unwrap_err();
    assert_eq!(cancelled.to_string(), "cancelled with its parent");
    let parent = cancelled.source().unwrap();
    assert_eq!(parent.to_string(), "cancelled by an error");
    let error = parent.source().unwrap();
    assert!(error.is::<std::io::Error>() && error.to_string() == "disk full");
    assert!(matches!(cancelled.cause().root(), Cause::Error(_)));
    assert_eq!(word(Some(cancelled.into_cause())), "(disk full)");
}

#[test]
fn a_token_that_is_dropped_was_not_cancelled() {
    let token = CancelToken::new();
    let child = token.child();
    drop(token);
    assert!(!child.is_cancelled());
}

#[test]
fn a_task_that_sees_it_may_await_its_cleanup_and_a_second_request_does_not_cut_it_short() {
    every_order(|sim| async move {
        let token = CancelToken::new();
        let (works, timer) = (token.clone(), sim.clone());
        let worker = sim.spawn_task(async move {
            while !works.is_cancelled() {
                timer.sleep(SECOND).await;
            }
            let mut steps = 0;
            for _ in 0..3 {
                yield_now().await;
                timer.sleep(SECOND).await;
                steps += 1;
            }
            steps
        });
        let worker = worker.unwrap();
        assert!(token.cancel());
        sim.sleep(Duration::from_millis(1500)).await;
        assert!(!token.cancel_with(Cause::Shutdown));
        assert_eq!(worker.await.unwrap(), 3);
    });
}

#[test]
fn what_was_written_before_the_request_is_seen_by_the_thread_that_sees_it() {
    for _ in 0..100 {
        let (token, data) = (CancelToken::new(), Arc::new(AtomicUsize::new(0)));
        let (asks, reads) = (token.clone(), data.clone());
        let reader = thread::spawn(move || {
            while !asks.is_cancelled() {
                core::hint::spin_loop();
            }
            assert!(asks.cause().is_some());
            reads.load(Ordering::Relaxed)
        });
        data.store(7, Ordering::Relaxed);
        token.cancel();
        assert_eq!(reader.join().unwrap(), 7);
    }
}

#[test]
fn an_error_that_was_not_first_is_dropped_and_the_first_with_the_last_who_knows_it() {
    struct Noisy(Count);
    impl Drop for Noisy {
        fn drop(&mut self) {
            self.0.add();
        }
    }
    impl fmt::Debug for Noisy {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("Noisy")
        }
    }
    impl fmt::Display for Noisy {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("noisy")
        }
    }
    impl Error for Noisy {}

    let (first, second) = (Count::default(), Count::default());
    let token = CancelToken::new();
    let child = token.child();
    assert!(token.cancel_with(Cause::error(Noisy(first.clone()))));
    assert!(!token.cancel_with(Cause::error(Noisy(second.clone()))));
    assert_eq!((first.get(), second.get()), (0, 1));
    drop(token);
    assert_eq!((first.get(), word(child.cause()).as_str()), (0, "(noisy)"));
    drop(child);
    assert_eq!(first.get(), 1);
}

#[test]
fn it_says_in_debug_what_it_is() {
    let token = CancelToken::new();
    assert_eq!(format!("{token:?}"), "CancelToken { cause: None, .. }");
    token.cancel_with(Cause::Shutdown);
    assert_eq!(format!("{:?}", token.child()), "CancelToken { cause: Some(Parent(Shutdown)), .. }");
    assert!(!CancelToken::default().is_cancelled());
}
