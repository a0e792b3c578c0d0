//! What is tokio's own: its paused clock, its contexts, its ends.

use std::future::{pending, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::LocalSet;
use untether::rt::threads::{Threads, block_on};
use untether::rt::tokio::{Tokio, TokioLocal, TokioOn};
use untether::spawn::{AnyRuntime, Spawn, SpawnBlocking, SpawnErrorKind, SpawnExt, SpawnLocal};
use untether::testing::sim::Check;
use untether::time::{Clock, Instant, Interval, Missed, TimeoutExt, Timer};

untether::conformance! {
    workers = on_workers: timer, timer_across_threads, spawn, blocking, blocking_beside, shutdown;
}

fn on_workers<F: Future>(body: impl FnOnce(Tokio) -> F) -> F::Output {
    Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap().block_on(body(Tokio))
}

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(60 * 60);

fn real() -> Runtime {
    Builder::new_current_thread().enable_time().build().unwrap()
}

fn paused() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "what is tested is that the machine's time does not matter")]
fn machine_now() -> std::time::Instant {
    std::time::Instant::now()
}

/// The message of the panic that `body` ends in.
fn panic_of(body: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(body)).expect_err("it panics");
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).expect("a text")
}

fn poll<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

async fn poll_pending(mut sleep: Pin<&mut impl Future<Output = ()>>) {
    poll_fn(|cx| {
        assert!(sleep.as_mut().poll(cx).is_pending());
        Poll::Ready(())
    })
    .await;
}

/// For those handles as well that are used from outside, as far as time is concerned.
async fn an_hour_passes_in_no_time<T: Timer>(timer: T) {
    let (here, there) = (machine_now(), timer.now());
    timer.sleep(HOUR).await;
    let late = pending::<()>().timeout(HOUR, &timer).await.is_err();
    assert!(late && timer.now().saturating_duration_since(there) >= 2 * HOUR);
    assert!(here.elapsed() < 60 * SECOND);
}

#[test]
fn a_paused_clock_is_honoured() {
    paused().block_on(an_hour_passes_in_no_time(Tokio));
    let runtime = paused();
    runtime.block_on(an_hour_passes_in_no_time(TokioOn(runtime.handle().clone())));
    runtime.block_on(an_hour_passes_in_no_time(AnyRuntime::new(Tokio)));
    let set = Rc::new(LocalSet::new());
    runtime.block_on(set.run_until(an_hour_passes_in_no_time(TokioLocal::new(&set))));
}

#[test]
fn the_clock_stands_still_while_it_is_paused_and_moves_when_it_is_advanced() {
    let runtime = paused();
    runtime.block_on(async {
        let on = TokioOn(runtime.handle().clone());
        let start = Tokio.now();
        thread::yield_now();
        assert_eq!((Tokio.now(), on.now()), (start, start));
        tokio::time::advance(HOUR).await;
        assert_eq!(Tokio.now().saturating_duration_since(start), HOUR);
        assert_eq!(on.now(), Tokio.now());
    });
    thread::spawn(move || {
        // From outside, where the context of the thread says nothing of the pause.
        let on = TokioOn(runtime.handle().clone());
        assert_eq!(on.now(), on.now());
        assert!(on.now() > Tokio.now(), "that clock is an hour ahead of the machine's");
    })
    .join()
    .unwrap();
}

#[test]
fn timers_of_a_paused_runtime_do_not_end_each_other() {
    // A limit of tokio's around a sleep of another reactor ends at once under a paused clock. Here both are of one timer.
    paused().block_on(async {
        assert!(Tokio.sleep(SECOND / 20).timeout(5 * SECOND, Tokio).await.is_ok());
        assert!(tokio::time::timeout(5 * SECOND, Tokio.sleep(SECOND / 20)).await.is_ok());
        let mut beat = Interval::new(HOUR, Tokio).missed(Missed::Skip);
        for _ in 0..24 {
            assert_eq!(beat.tick().await.missed, 0);
        }
    });
}

/// In a process of its own, since the anchor is one for the process: whatever runs first must not freeze the clock of the rest.
#[test]
fn one_clock_survives_paused_runtimes_real_ones_and_older_ones() {
    const CHILD: &str = "UNTETHER_TEST_ANCHOR";
    if std::env::var_os(CHILD).is_none() {
        let me = std::env::current_exe().unwrap();
        let test = "one_clock_survives_paused_runtimes_real_ones_and_older_ones";
        let child = std::process::Command::new(me).args([test, "--exact"]).env(CHILD, "1").output().unwrap();
        let text = String::from_utf8_lossy(&child.stdout);
        assert!(child.status.success() && text.contains("1 passed"), "{text}");
        return;
    }
    let older = paused();
    let first_of_older = older.block_on(async { tokio::time::Instant::now().into_std() });
    let first = paused();
    // The first question for the time in this process comes from a clock that is a day ahead.
    let ahead = first.block_on(async {
        tokio::time::advance(24 * HOUR).await;
        Tokio.now()
    });
    let now = real().block_on(async {
        let start = Tokio.now();
        Tokio.sleep(SECOND / 50).await;
        assert!(Tokio.now() > start, "the clock of a real runtime is frozen");
        start
    });
    assert!(ahead.saturating_duration_since(now) > 23 * HOUR, "{ahead:?} and {now:?}");
    older.block_on(async {
        assert_eq!(tokio::time::Instant::now().into_std(), first_of_older);
        let before = Tokio.now();
        assert!(before < now, "a runtime that is older than the anchor");
        tokio::time::advance(SECOND).await;
        assert_eq!(
            Tokio.now().saturating_duration_since(before),
            SECOND,
            "it crosses the anchor without a step"
        );
        an_hour_passes_in_no_time(Tokio).await;
    });
}

#[test]
fn moments_of_tokio_and_of_threads_can_be_compared() {
    let threads = Threads::new().unwrap();
    let moments = [threads.now(), Tokio.now(), real().block_on(async { Tokio.now() }), threads.now()];
    assert!(moments.is_sorted(), "{moments:?}");
}

#[test]
fn spawning_outside_of_a_runtime_is_refused_with_the_task() {
    assert_eq!(Tokio.spawn(async {}).unwrap_err().kind(), SpawnErrorKind::NoContext);
    assert_eq!(Tokio.spawn_blocking(|| ()).unwrap_err().kind(), SpawnErrorKind::NoContext);
    let refused = Tokio.spawn_task(async { 7 }).unwrap_err();
    assert_eq!(refused.kind(), SpawnErrorKind::NoContext);
    // It came back whole: inside it runs after all.
    let unspawned = refused.into_inner();
    assert_eq!(
        real()
            .block_on(async move {
                {
                    let untether::spawn::Unspawned { task, handle, .. } = unspawned;
                    Tokio.spawn_boxed(task).unwrap();
                    handle.await
                }
            })
            .unwrap(),
        7
    );
    let set = Rc::new(LocalSet::new());
    let local = TokioLocal::new(&set);
    assert!(
        local.spawn_local(async {}).is_ok(),
        "a set takes tasks anywhere, and drives them where it is driven"
    );
    assert_eq!(local.spawn_blocking(|| ()).unwrap_err().kind(), SpawnErrorKind::NoContext);
    drop(set);
    assert_eq!(local.spawn_local(async {}).unwrap_err().kind(), SpawnErrorKind::Shutdown);
}

#[test]
fn a_sleep_first_polled_outside_of_a_runtime_panics_with_what_to_do() {
    let text = panic_of(|| assert!(poll(Tokio.sleep(SECOND)).is_ready()));
    assert!(text.contains("outside of a tokio runtime") && text.contains("TokioOn"), "{text}");
    // What needs no runtime asks for none.
    assert!(poll(Tokio.sleep(Duration::ZERO)).is_ready());
    assert!(poll(Tokio.sleep_until(Instant::FAR_FUTURE)).is_pending());
    drop(Tokio.sleep(SECOND));
}

#[test]
fn a_sleep_without_enable_time_panics_with_what_to_do() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let text = panic_of(|| runtime.block_on(Tokio.sleep(SECOND)));
    assert!(text.contains("enable_time"), "{text}");
    let on = TokioOn(runtime.handle().clone());
    let text = panic_of(|| drop(on.sleep(SECOND)));
    assert!(text.contains("enable_time"), "{text}");
}

#[test]
fn a_sleep_made_outside_belongs_to_the_runtime_of_its_first_poll() {
    let sleep = Tokio.sleep(SECOND / 100);
    let elsewhere = real();
    elsewhere.block_on(sleep);
    let (one, other) = (real(), real());
    let mut sleep = Box::pin(Tokio.sleep(SECOND / 50));
    one.block_on(poll_pending(sleep.as_mut()));
    // It stays with its own, which fires it while it is driven.
    other.block_on(async {
        one.spawn(pending::<()>());
        thread::spawn(move || one.block_on(sleep)).join().unwrap();
    });
}

#[test]
fn a_sleep_polled_after_its_runtime_is_gone_panics_and_does_not_hang() {
    let runtime = real();
    let mut sleep = Box::pin(Tokio.sleep(HOUR));
    runtime.block_on(poll_pending(sleep.as_mut()));
    drop(runtime);
    let text = panic_of(|| assert!(poll(sleep.as_mut()).is_ready()));
    assert!(text.contains("shut"), "{text}");
    drop(sleep);
    let mut ready = Box::pin(Tokio.sleep(Duration::ZERO));
    assert!(real().block_on(poll_fn(|cx| Poll::Ready(ready.as_mut().poll(cx)))).is_ready());
    assert!(poll(ready).is_ready(), "ready stays ready, whatever became of the runtime");
}

#[test]
fn a_handle_needs_no_context() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let on = TokioOn(runtime.handle().clone());
    block_on(async |_| {
        on.sleep(SECOND / 100).await;
        let thread = on.spawn_task(async { thread::current().id() }).unwrap().await.unwrap();
        assert_ne!(thread, thread::current().id());
        assert_eq!(on.spawn_blocking_task(|| 7).unwrap().await.unwrap(), 7);
    });
    drop(runtime);
    let late = on.spawn_task(async {}).unwrap();
    assert!(matches!(poll(late), Poll::Ready(Err(error)) if error.is_cancelled()));
    let late = on.spawn_blocking_task(|| ()).unwrap();
    assert!(matches!(poll(late), Poll::Ready(Err(error)) if error.is_cancelled()));
}

#[test]
fn a_task_that_holds_its_local_runtime_does_not_keep_it_alive() {
    struct Flag(Arc<AtomicBool>);
    impl Drop for Flag {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Release);
        }
    }
    let dropped = Arc::new(AtomicBool::new(false));
    let set = Rc::new(LocalSet::new());
    let (rt, flag) = (TokioLocal::new(&set), Flag(dropped.clone()));
    let own = rt.clone();
    let task = async move {
        let _flag = flag;
        own.sleep(HOUR).await;
        drop(own);
    };
    rt.spawn_local(task).unwrap();
    real().block_on(set.run_until(tokio::task::yield_now()));
    drop(set);
    assert!(dropped.load(Ordering::Acquire));
}

#[test]
fn current_is_what_was_installed_else_tokio_else_nothing() {
    assert!(AnyRuntime::current().is_none());
    let runtime = real();
    let found = runtime.block_on(async {
        let rt = AnyRuntime::current().expect("there is a runtime around");
        rt.sleep(SECOND / 100).await;
        rt
    });
    // It may be kept, and used from elsewhere.
    assert_eq!(runtime.block_on(found.spawn_task(async { 7 }).unwrap()).unwrap(), 7);
    Threads::new().unwrap().block_on(|threads| async move {
        let installed = AnyRuntime::new(threads.clone());
        let inside = installed.within(|| real().block_on(async { AnyRuntime::current() }));
        let here = thread::current().id();
        let task = inside.unwrap().spawn_task(async move { thread::current().id() == here }).unwrap();
        assert!(task.await.unwrap(), "what was installed was not found inside of tokio");
    });
    assert!(AnyRuntime::current().is_none());
}

#[test]
fn blocking_on_inside_a_task_ends() {
    // On a thread of a runtime our own block_on is one more thing that blocks it; it needs nothing from that runtime.
    let workers = Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let answer = workers.block_on(async {
        let blocks = || block_on(async |rt| rt.spawn_task(async { 7 }).unwrap().await.unwrap());
        Tokio.spawn_task(async move { blocks() }).unwrap().await.unwrap()
    });
    assert_eq!(answer, 7);
}

#[test]
fn inside_a_simulation_a_real_sleep_panics_and_says_so() {
    let runtime = real();
    let _inside = runtime.enter();
    let failure = Check::random(1).run(async |_| Tokio.sleep(SECOND).await).unwrap_err();
    assert!(failure.to_string().contains("used inside a simulation"), "{failure}");
}
