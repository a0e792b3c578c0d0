//! What tasks promise, whether they are `Send` or not.

use crate::spawn::{AbortHandle, Task, yield_now};
use crate::sys::host;
use crate::time::{TimeoutExt, Timer};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::{pending, poll_fn};
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use core::task::Poll;
use core::time::Duration;

/// What is not over by then hangs.
pub(super) const LIMIT: Duration = Duration::from_secs(30);

/// Something that starts tasks: with or without `Send`, as a runtime can.
pub(super) trait Starts: Clone + 'static {
    type Timer: Timer + Clone;

    fn timer(&self) -> &Self::Timer;
    fn start<F: Future<Output: Send> + Send + 'static>(&self, future: F) -> Task<F::Output>;
    fn start_without_handle(&self, future: impl Future<Output = ()> + Send + 'static);
    /// A tree of tasks, each of which starts two, so many deep; counts those that ended.
    fn start_from_within(&self, count: Arc<AtomicUsize>, depth: usize);
}

/// Says when it is dropped.
pub(super) struct Dropped(Arc<AtomicBool>);

/// Sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch(Arc<AtomicBool>);

impl Watch {
    pub(super) fn bomb(&self) -> Dropped {
        Dropped(self.0.clone())
    }

    pub(super) fn went_off(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

/// Gives the others time until something is true.
pub(super) async fn until(timer: &impl Timer, what: &str, mut is_true: impl FnMut() -> bool) {
    let waiting = async {
        while !is_true() {
            timer.sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(waiting.timeout(LIMIT, timer).await.is_ok(), "{what}: not within {LIMIT:?}");
}

/// A task that waits for ever, and has begun to.
async fn waits_for_ever<S: Starts>(tasks: &S, watch: &Watch) -> Task<()> {
    let (bomb, began) = (watch.bomb(), Arc::new(AtomicBool::new(false)));
    let begin = began.clone();
    let task = tasks.start(async move {
        let _bomb = bomb;
        begin.store(true, Ordering::Release);
        pending::<()>().await;
    });
    until(tasks.timer(), "a task begins", || began.load(Ordering::Acquire)).await;
    task
}

pub(super) async fn a_task_gives_its_result<S: Starts>(tasks: S) {
    let timer = tasks.timer();
    assert_eq!(tasks.start(async { 7 }).await.expect("it ends"), 7);
    let later = tasks.start(async {
        yield_now().await;
        Vec::from([1, 2, 3])
    });
    let result = later.timeout(LIMIT, timer).await.expect("it ends in time");
    assert_eq!(result.expect("it ends"), [1, 2, 3]);
}

pub(super) async fn a_task_without_a_handle_runs<S: Starts>(tasks: S) {
    let count = Arc::new(AtomicUsize::new(0));
    for _ in 0..200 {
        let count = count.clone();
        tasks.start_without_handle(async move {
            yield_now().await;
            count.fetch_add(1, Ordering::AcqRel);
        });
    }
    until(tasks.timer(), "200 tasks run", || count.load(Ordering::Acquire) == 200).await;
}

pub(super) async fn dropping_the_handle_drops_the_future<S: Starts>(tasks: S) {
    let watch = Watch::default();
    drop(waits_for_ever(&tasks, &watch).await);
    until(tasks.timer(), "the future is dropped", || watch.went_off()).await;
}

pub(super) async fn a_detached_task_runs_on<S: Starts>(tasks: S) {
    let done = Arc::new(AtomicUsize::new(0));
    for _ in 0..200 {
        let done = done.clone();
        let task = tasks.start(async move {
            for _ in 0..3 {
                yield_now().await;
            }
            done.fetch_add(1, Ordering::AcqRel);
        });
        task.detach();
    }
    until(tasks.timer(), "200 detached tasks run", || done.load(Ordering::Acquire) == 200).await;
}

pub(super) async fn abort_wakes_a_task_that_waits<S: Starts>(tasks: S) {
    let watch = Watch::default();
    let task = waits_for_ever(&tasks, &watch).await;
    let handle: AbortHandle = task.abort_handle();
    handle.abort();
    let outcome = task.timeout(LIMIT, tasks.timer()).await.expect("abort wakes it");
    assert!(outcome.expect_err("it was aborted").is_cancelled());
    assert!(watch.went_off(), "it ended and its future is still there");
}

pub(super) async fn abort_before_the_first_poll_drops_the_future<S: Starts>(tasks: S) {
    let watch = Watch::default();
    let bomb = watch.bomb();
    let task = tasks.start(async move {
        let _bomb = bomb;
        pending::<()>().await;
    });
    task.abort();
    let outcome = task.timeout(LIMIT, tasks.timer()).await.expect("it ends in time");
    assert!(outcome.expect_err("it was aborted").is_cancelled());
    assert!(watch.went_off());
}

pub(super) async fn cancel_ends_when_the_future_is_gone<S: Starts>(tasks: S) {
    let watch = Watch::default();
    let task = waits_for_ever(&tasks, &watch).await;
    let outcome = task.cancel().timeout(LIMIT, tasks.timer()).await.expect("it ends in time");
    assert!(outcome.expect_err("it was cancelled").is_cancelled());
    assert!(watch.went_off());
    let finished = tasks.start(async { 7 });
    until(tasks.timer(), "a task ends", || finished.is_finished()).await;
    assert_eq!(finished.cancel().await.expect("it had ended before"), 7);
}

pub(super) async fn a_panic_comes_back_to_who_awaits<S: Starts>(tasks: S) {
    let watch = Watch::default();
    let bomb = watch.bomb();
    let task = tasks.start(async move {
        let _bomb = bomb;
        yield_now().await;
        panic!("on purpose: a conformance test sees what becomes of it");
    });
    let outcome: Result<(), _> = task.timeout(LIMIT, tasks.timer()).await.expect("it ends in time");
    assert!(outcome.expect_err("it panicked").is_panic());
    assert!(watch.went_off());
    a_task_gives_its_result(tasks).await;
}

pub(super) async fn a_panic_of_a_detached_task_harms_nobody<S: Starts>(tasks: S) {
    for _ in 0..20 {
        let task = tasks.start(async { panic!("on purpose: a conformance test sees that others go on") });
        task.detach();
    }
    yield_now().await;
    a_task_without_a_handle_runs(tasks).await;
}

pub(super) async fn a_task_may_start_tasks<S: Starts>(tasks: S) {
    let count = Arc::new(AtomicUsize::new(0));
    tasks.start_from_within(count.clone(), 5);
    until(tasks.timer(), "a tree of tasks ends", || count.load(Ordering::Acquire) == 63).await;
}

pub(super) async fn a_wake_from_another_thread_arrives<S: Starts>(tasks: S) {
    for _ in 0..20 {
        let mut told = false;
        let task = tasks.start(poll_fn(move |cx| {
            if core::mem::replace(&mut told, true) {
                return Poll::Ready(());
            }
            let waker = cx.waker().clone();
            host::on_another_thread(move || waker.wake());
            Poll::Pending
        }));
        let outcome = task.timeout(LIMIT, tasks.timer()).await.expect("the wake arrives");
        outcome.expect("it ends");
    }
}

pub(super) async fn a_task_that_yields_lets_others_run<S: Starts>(tasks: S) {
    let (stop, turns) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let (stopped, turn) = (stop.clone(), turns.clone());
    let busy = tasks.start(async move {
        while !stopped.load(Ordering::Acquire) {
            turn.fetch_add(1, Ordering::AcqRel);
            yield_now().await;
        }
    });
    // By yielding and not by a sleep: while somebody is ready the time of a simulation stands still.
    while turns.load(Ordering::Acquire) == 0 {
        yield_now().await;
    }
    tasks.start(async move { stop.store(true, Ordering::Release) }).await.expect("it is let in");
    busy.timeout(LIMIT, tasks.timer()).await.expect("it sees it in time").expect("it ends");
}

pub(super) async fn a_thousand_tasks_all_end<S: Starts>(tasks: S) {
    let started: Vec<_> = (0..1_000)
        .map(|n| {
            tasks.start(async move {
                for _ in 0..n % 3 {
                    yield_now().await;
                }
                n
            })
        })
        .collect();
    for (n, task) in started.into_iter().enumerate() {
        assert_eq!(task.await.expect("it ends"), n);
    }
}
