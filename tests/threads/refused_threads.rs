//! A system that refuses threads.

use super::*;

#[test]
fn a_timer_thread_that_cannot_be_started_is_an_error_with_its_cause() {
    let error = Threads::builder().stack_size(1 << 46).build().unwrap_err();
    assert_eq!(error.to_string(), "the system refused to start a thread");
    let cause = error.source().unwrap();
    assert!(cause.downcast_ref::<std::io::Error>().is_some(), "{cause}");
}

/// Set in the process that runs under a limit of its address space.
#[cfg(target_os = "linux")]
const CHILD: &str = "UNTETHER_TEST_UNDER_LIMIT";

/// Runs `check`, the body of the test `name`, in a process of its own with 4 GiB of address space.
#[cfg(target_os = "linux")]
fn under_limit(name: &str, check: impl FnOnce()) {
    if std::env::var_os(CHILD).is_some() {
        return check();
    }
    let binary = std::env::current_exe().unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 4194304 && exec \"$0\" --exact \"$1\" --nocapture"])
        .arg(binary)
        .arg(name)
        .env(CHILD, "1")
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "the child ran no test: {text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_pool_without_any_thread_hands_the_closure_back() {
    under_limit("refused_threads::a_pool_without_any_thread_hands_the_closure_back", || {
        // The timer's stack fits and no second one does.
        let timer = Threads::builder().stack_size(2_500 << 20).build().unwrap();
        for _ in 0..2 {
            let error = timer.spawn_blocking_task(|| 1).unwrap_err();
            assert_eq!(error.kind(), SpawnErrorKind::NoThread);
            let refused = error.into_inner();
            refused.task.run();
            assert_eq!(Probe::new(refused.handle).assert_ready().unwrap(), 1);
        }
        timer.block_on(async |rt| rt.sleep(MS).await);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_pool_that_gets_one_thread_of_four_does_all_the_work_with_it() {
    under_limit("refused_threads::a_pool_that_gets_one_thread_of_four_does_all_the_work_with_it", || {
        // The timer's stack and one more.
        let timer = Threads::builder().stack_size(1_500 << 20).build().unwrap();
        let (release, released) = mpsc::channel::<()>();
        let (tell, told) = mpsc::channel();
        let first = move || {
            tell.send(()).unwrap();
            let _ = released.recv();
            thread::current().id()
        };
        let first = timer.spawn_blocking_task(first).unwrap();
        told.recv_timeout(PATIENCE).unwrap();
        let rest: Vec<_> =
            (0..10).map(|_| timer.spawn_blocking_task(|| thread::current().id()).unwrap()).collect();
        drop(release);
        timer.block_on(async |_| {
            let only = first.await.unwrap();
            for task in rest {
                assert_eq!(task.await.unwrap(), only);
            }
        });
    });
}
