//! `Send`, `Sync` and `Unpin` of every public type, so that none is lost or gained unseen.
#![cfg(all(
    feature = "testing",
    feature = "tokio",
    feature = "smol",
    feature = "async-std",
    feature = "hyper",
    feature = "tower",
    feature = "serde",
    feature = "signal"
))]

use std::marker::PhantomPinned;
use std::rc::Rc;
use std::sync::Arc;
use untether::fault::{self, boundary, fallback};
use untether::fault::{CircuitBreaker, breaker};
use untether::limit::{AdaptiveLimit, Bulkhead, KeyedLimiter, Quota, RateLimiter, adaptive, bulkhead, rate};
use untether::observe::{Event, Lines, Value};
use untether::queue::delay::{self, DelayKey, Expired, Leftovers};
use untether::queue::{self, DelayQueue, KeyedQueue, Queue, WorkQueue, keyed, work};
use untether::resource::{Pool, pool};
use untether::retry::budget::{RateBudget, RateRules, TokenQuota, Unlimited, Withdrawal};
use untether::retry::schedule::{self, Backoff, Hint, Jitter, JitterError, Step};
use untether::retry::{self, Attempt, AttemptError, Plan, Retry, RetryError, StopReason, Verdict};
use untether::rt::Scoped;
use untether::rt::futures::Futures;
use untether::rt::hyper::Hyper;
use untether::rt::local::{Local, LocalSpawner, Run, RunUntil, Spawner};
use untether::rt::threads::{Handle, StartError, Threads, ThreadsBuilder, ThreadsStats};
use untether::rt::{async_std, smol, tokio};
use untether::settings::{self, Settings, Span};
use untether::spawn::{
    AbortHandle, AnyRuntime, BoxBlocking, BoxTask, Cancel, JoinError, Label, LocalBoxTask, Panicked, Parts,
    SpawnError, SpawnErrorKind, Task, TaskBuilder, Unspawned, YieldEvery, YieldNow,
};
use untether::sync::cancel::{
    self, CancelAt, CancelGuard, Cancelled, Cause, During, Inherited, Registration, WhenCancelled,
    WhenFlagged,
};
use untether::sync::semaphore::{
    self, Acquire, AcquireError, CapacityError, Permit, Project, TryAcquireError,
};
use untether::sync::{Barrier, Event as SyncEvent, Latch, Semaphore, barrier, event, latch, oneshot, watch};
use untether::sync::{CancelFlag, CancelToken};
use untether::task::scope::{Child, Ended, LocalScope};
use untether::task::{AllFailed, Scope, gather, scope as task_scope};
use untether::task::{Offload, WorkerPool, background, offload, worker_pool};
use untether::testing::conformance::shutdown::Left;
use untether::testing::sim::{
    Check, Drifted, Failure, FailureKind, HeldTime, Idle, LastWake, LocalSim, ParseTapeError, Passed, Shrunk,
    Sim, Tape, TaskReport, WokenBy,
};
use untether::testing::{CountingWaker, HookWaker, ManualClock, Probe};
use untether::time::{
    AnySleep, AnyTimer, Deadline, DriverSleep, DriverTimer, Elapsed, Instant, Interval, Missed, NextTick,
    NoTimer, Or, OrDefault, Seed, StaticTimer, SystemEntropy, Tick, Timeout, WakeKey, WakeQueue, ZeroPeriod,
};

/// Tells whether a type has an auto trait: the inherent constant is found first, where its bound holds.
struct Is<T: ?Sized>(std::marker::PhantomData<T>);

trait Otherwise {
    const SEND: bool = false;
    const SYNC: bool = false;
    const UNPIN: bool = false;
}

impl<T: ?Sized> Otherwise for Is<T> {}

impl<T: ?Sized + Send> Is<T> {
    const SEND: bool = true;
}

impl<T: ?Sized + Sync> Is<T> {
    const SYNC: bool = true;
}

impl<T: ?Sized + Unpin> Is<T> {
    const UNPIN: bool = true;
}

macro_rules! expect {
    ($($type:ty => $send:literal $sync:literal $unpin:literal;)*) => {$(
        assert_eq!(
            (Is::<$type>::SEND, Is::<$type>::SYNC, Is::<$type>::UNPIN),
            ($send, $sync, $unpin),
            "Send, Sync, Unpin of {}",
            stringify!($type)
        );
    )*};
}

/// `Send` and not `Sync`; neither; and not `Unpin`.
type Sends = std::cell::Cell<u8>;
type Stays = Rc<u8>;
type Pinned = PhantomPinned;

#[test]
fn of_time() {
    expect! {
        Instant => true true true;
        Deadline => true true true;
        Elapsed => true true true;
        Tick => true true true;
        Missed => true true true;
        ZeroPeriod => true true true;
        NoTimer => true true true;
        Seed => true true true;
        SystemEntropy => true true true;
        WakeQueue => true true true;
        WakeKey => true true true;
        StaticTimer => true true true;
        AnyTimer => true true true;
        AnySleep => true false true;
        DriverTimer<ManualClock> => true true true;
        DriverSleep<ManualClock> => true true true;
        Interval<ManualClock> => true true true;
        NextTick<'static, ManualClock> => true true true;
        Timeout<Sends, ManualClock> => true false true;
        Timeout<Stays, ManualClock> => false false true;
        Timeout<Pinned, ManualClock> => true true false;
        Or<Sends, u8> => true false true;
        Or<u8, Stays> => false false true;
        OrDefault<Pinned> => true true false;
    }
}

#[test]
fn of_spawn() {
    expect! {
        Task<u8> => true true true;
        Task<Sends> => true true true;
        Task<Stays> => false false true;
        Task<Pinned> => true true true;
        Cancel<Sends> => true true true;
        AbortHandle => true true true;
        TaskBuilder => true true true;
        TaskBuilder<Stays> => false false true;
        Label => true true true;
        BoxTask => true false true;
        BoxBlocking => true false true;
        LocalBoxTask => false false true;
        Unspawned<u8> => true false true;
        SpawnError<Unspawned<u8>> => true true true;
        SpawnError<LocalBoxTask> => false false true;
        SpawnErrorKind => true true true;
        JoinError => true true true;
        Panicked => true true true;
        AnyRuntime => true true true;
        Parts<ManualClock, Spawner> => true true true;
        Parts<ManualClock, LocalSpawner> => false false true;
        YieldNow => true true true;
        YieldEvery => true true true;
    }
}

#[test]
fn of_rt() {
    expect! {
        Threads => true true true;
        ThreadsBuilder => true true true;
        ThreadsStats => true true true;
        StartError => true true true;
        Handle => true true true;
        Scoped<Sends> => true false true;
        Scoped<Pinned> => true true false;
        Spawner => true true true;
        LocalSpawner => false false true;
        Local => false false true;
        Run<'static> => false false true;
        RunUntil<'static, Pinned> => false false false;
    }
}

#[test]
fn of_sync() {
    expect! {
        Semaphore => true true true;
        Permit<&'static Semaphore> => true true true;
        Permit<Arc<Semaphore>> => true true true;
        Permit<Rc<Semaphore>> => false false true;
        Acquire<&'static Semaphore> => true true true;
        Acquire<Rc<Semaphore>> => false false true;
        Project<Arc<Sends>> => false false true;
        Project<Arc<u8>> => true true true;
        semaphore::Builder => true true true;
        semaphore::Stats => true true true;
        AcquireError => true true true;
        TryAcquireError => true true true;
        CapacityError => true true true;
    }
}

#[test]
fn of_sync_that_tells_gathers_and_hands_over() {
    type Wanted = fn(&u8) -> bool;
    expect! {
        SyncEvent => true true true;
        event::Wait<&SyncEvent> => true true true;
        event::Wait<Rc<SyncEvent>> => false false true;
        Latch => true true true;
        latch::Wait<&Latch> => true true true;
        latch::Wait<Rc<Latch>> => false false true;
        Barrier => true true true;
        barrier::Wait<&Barrier> => true true true;
        barrier::Passage => true true true;
        barrier::ZeroParties => true true true;
        oneshot::Sender<Sends> => true true true;
        oneshot::Sender<Stays> => false false true;
        oneshot::Receiver<Sends> => true true true;
        oneshot::Receiver<Pinned> => true true true;
        oneshot::Closed<'static, Sends> => true true true;
        oneshot::SendError<Sends> => true false true;
        oneshot::RecvError => true true true;
        oneshot::TryRecvError => true true true;
        watch::Sender<u8> => true true true;
        watch::Sender<Sends> => false false true;
        watch::Receiver<Pinned> => true true true;
        watch::Changed<'static, u8> => true true true;
        watch::WaitFor<'static, u8, Wanted> => true true true;
        watch::WaitFor<'static, u8, Pinned> => true true true;
        watch::Closed<'static, u8> => true true true;
        watch::SendError<Sends> => true false true;
        watch::ChangedError => true true true;
    }
}

#[test]
fn of_sync_that_cancels() {
    expect! {
        CancelToken => true true true;
        CancelFlag => true true true;
        WhenCancelled<CancelToken> => true true true;
        WhenCancelled<&'static CancelToken> => true true true;
        WhenFlagged<&'static CancelFlag> => true true true;
        WhenFlagged<Rc<CancelFlag>> => false false true;
        cancel::Run<CancelToken, Sends> => true false true;
        cancel::Run<&'static CancelToken, Stays> => false false true;
        cancel::Run<CancelToken, Pinned> => true true false;
        CancelAt<ManualClock> => true true true;
        During<Sends, ManualClock> => true false true;
        During<Pinned, ManualClock> => true true false;
        CancelGuard<CancelToken> => true true true;
        CancelGuard<&'static CancelToken> => true true true;
        Registration => true true true;
        Cause => true true true;
        Inherited => true true true;
        Cancelled => true true true;
    }
}

#[test]
fn of_queues_of_delays() {
    type Owned<T> = Arc<DelayQueue<T, ManualClock>>;
    type Borrowed<T> = &'static DelayQueue<T, ManualClock>;
    expect! {
        DelayQueue<Sends, ManualClock> => true true true;
        DelayQueue<Stays, ManualClock> => false false true;
        DelayQueue<Pinned, ManualClock> => true true true;
        DelayQueue<u8, Rc<ManualClock>> => false false true;
        DelayQueue<u8, tokio::Tokio> => true true true;
        delay::Recv<Owned<Sends>, Sends, ManualClock> => true true true;
        delay::Recv<Borrowed<Stays>, Stays, ManualClock> => false false true;
        delay::Recv<Owned<Pinned>, Pinned, ManualClock> => true true true;
        delay::Recv<&'static DelayQueue<u8, tokio::Tokio>, u8, tokio::Tokio> => true true false;
        delay::RecvMany<'static, Sends, ManualClock> => true false true;
        delay::RecvMany<'static, u8, ManualClock> => true true true;
        delay::RecvMany<'static, u8, tokio::Tokio> => true true false;
        delay::RecvStream<Owned<Sends>, Sends, ManualClock> => true true true;
        delay::RecvStream<&'static DelayQueue<u8, tokio::Tokio>, u8, tokio::Tokio> => true true true;
        DelayKey => true true true;
        Expired<Sends> => true false true;
        Leftovers<Sends> => true false true;
        Leftovers<Pinned> => true true true;
        delay::InsertError<Sends> => true false true;
        delay::TryRecvError => true true true;
    }
}

#[test]
fn of_queue() {
    type By<T> = queue::ByWeight<T>;
    expect! {
        Queue<u8> => true true true;
        Queue<Sends> => true true true;
        Queue<Stays> => false false true;
        Queue<Sends, queue::Lifo<Sends>> => true true true;
        Queue<Sends, By<Sends>> => true true true;
        queue::Fifo<Sends> => true false true;
        queue::Lifo<Stays> => false false true;
        By<Sends> => true false true;
        queue::Builder<queue::Fifo<u8>> => true true true;
        queue::Overflow => true true true;
        queue::Stats => true true true;
        queue::Drained<queue::Fifo<Sends>> => true false true;
        queue::Displaced<Sends> => true false true;
        queue::SendError<Sends> => true false true;
        queue::ReserveError => true true true;
        queue::TryRecvError => true true true;
    }
}

#[test]
fn of_queue_that_is_in_halves() {
    expect! {
        queue::Sender<Sends> => true true true;
        queue::Sender<Stays> => false false true;
        queue::Receiver<Sends> => true true true;
        queue::Receiver<Pinned> => true true true;
        queue::WeakSender<Sends> => true true true;
        queue::WeakReceiver<Stays> => false false true;
    }
}

#[test]
fn of_queue_that_waits_and_holds() {
    type Of<T> = &'static Queue<T>;
    expect! {
        queue::Send<Of<u8>> => true true true;
        queue::Send<Of<Sends>> => true false true;
        queue::Send<Of<Stays>> => false false true;
        queue::Send<Of<Pinned>> => true true true;
        queue::Send<Arc<Queue<u8>>> => true true true;
        queue::SendMany<Of<Pinned>, Pinned> => true true true;
        queue::SendTimeout<Of<Sends>, ManualClock> => true false true;
        queue::SendSink<Of<Pinned>> => true true true;
        queue::Recv<Of<Sends>> => true true true;
        queue::Recv<queue::Receiver<Sends>> => true true true;
        queue::Recv<Of<Stays>> => false false true;
        queue::RecvMany<'static, Of<Sends>> => true false true;
        queue::RecvStream<queue::Receiver<Pinned>> => true true true;
        queue::Reserve<Of<Sends>> => true true true;
        queue::Permit<queue::Sender<Sends>> => true true true;
        queue::Peek<Of<Sends>> => true false true;
        queue::Until<Of<Sends>> => true true true;
    }
}

#[test]
fn of_adapters() {
    expect! {
        tokio::Tokio => true true true;
        tokio::TokioOn => true true true;
        tokio::TokioLocal => false false true;
        tokio::Sleep => true true false;
        tokio::Sleep<tokio::TokioOn> => true true false;
        smol::Smol => true true true;
        smol::SmolOn => true true true;
        smol::SmolLocal => false false true;
        smol::Sleep => true true true;
        async_std::AsyncStd => true true true;
        Futures<Sends> => true false true;
        Hyper<Sends> => true false true;
        Hyper<Pinned> => true true true;
    }
}

#[test]
fn of_observe_and_testing() {
    expect! {
        Event<'static> => true true true;
        Lines<Sends> => true false true;
        Lines<Stays> => false false true;
        Value<'static> => true true true;
        ManualClock => true true true;
        Probe<Pinned> => true true true;
        Probe<Stays> => false false true;
        CountingWaker => true true true;
        HookWaker => true true true;
        Left<Sends> => true false true;
        Sim => true true true;
        LocalSim => false false true;
        Check => true true true;
        Passed => true true true;
        Tape => true true true;
        ParseTapeError => true true true;
        Failure => true true true;
        FailureKind => true true true;
        TaskReport => true true true;
        LastWake => true true true;
        WokenBy => true true true;
        Shrunk => true true true;
        Drifted => true true true;
        HeldTime => true true true;
        Idle => true true true;
    }
}

#[test]
fn of_queues_with_keys() {
    type Q<K, V> = &'static KeyedQueue<K, V>;
    type Merge = fn(&mut u8, u8);
    expect! {
        KeyedQueue<Sends, Sends> => true true true;
        KeyedQueue<u8, Stays> => false false true;
        KeyedQueue<Stays, u8> => false false true;
        KeyedQueue<u8, Pinned> => true true true;
        keyed::Send<Q<u8, u8>> => true true true;
        keyed::Send<Q<u8, Sends>> => true false true;
        keyed::Send<Q<u8, Pinned>> => true true true;
        keyed::Send<Rc<KeyedQueue<u8, u8>>> => false false true;
        keyed::Upsert<Q<u8, u8>, Merge> => true true true;
        keyed::Upsert<Q<u8, u8>, Stays> => false false true;
        keyed::Upsert<Q<u8, u8>, Pinned> => true true true;
        keyed::Upserted => true true true;
        keyed::Recv<Q<u8, Sends>> => true true true;
        keyed::Recv<Rc<KeyedQueue<u8, u8>>> => false false true;
        keyed::RecvStream<Arc<KeyedQueue<u8, Pinned>>> => true true true;
        keyed::InFlight<Q<u8, u8>> => true true true;
        keyed::InFlight<Arc<KeyedQueue<u8, Sends>>> => true false true;
        keyed::InFlight<Q<u8, Stays>> => false false true;
        keyed::Held<Q<Sends, u8>> => true false true;
        keyed::Held<Rc<KeyedQueue<u8, u8>>> => false false true;
        keyed::Until<Q<u8, Sends>> => true true true;
        keyed::Leftovers<u8, Sends> => true false true;
        keyed::Leftovers<Stays, u8> => false false true;
        keyed::Stats => true true true;
    }
}

#[test]
fn of_queues_of_jobs() {
    type Owned<T> = Arc<WorkQueue<T, ManualClock>>;
    type OnTokio = WorkQueue<u8, tokio::Tokio>;
    expect! {
        WorkQueue<Sends, ManualClock> => true true true;
        WorkQueue<Stays, ManualClock> => false false true;
        WorkQueue<Pinned, ManualClock> => true true false;
        WorkQueue<u8, Rc<ManualClock>> => false false true;
        OnTokio => true true true;
        work::Builder<Sends, ManualClock> => true true true;
        work::Push<'static, Sends, ManualClock, u8> => true false true;
        work::Lease<Owned<Sends>> => true true true;
        work::Lease<Owned<Pinned>> => true true true;
        work::Lease<Owned<Stays>> => false false true;
        work::Lease<&'static OnTokio> => true true false;
        work::LeaseMany<'static, 'static, u8, ManualClock, u8> => true true true;
        work::LeaseMany<'static, 'static, u8, tokio::Tokio, u8> => true true false;
        work::Job<Owned<Sends>> => true false true;
        work::Job<Owned<Stays>> => false false true;
        work::JobId => true true true;
        work::Join<'static, Sends, ManualClock, u8> => true true true;
        work::Join<'static, u8, tokio::Tokio, u8> => true true false;
        work::DeadLetter<Sends> => true false true;
        work::Why => true true true;
        work::Stats => true true true;
        work::PushError<Sends> => true false true;
        work::TryLeaseError => true true true;
        work::LeaseLost => true true true;
    }
}

/// What makes objects of a kind.
type Makes<T> = fn() -> core::future::Ready<Result<T, ()>>;

#[test]
fn of_the_pool() {
    expect! {
        Pool<Makes<u8>> => true true true;
        Pool<Makes<Sends>> => true true true;
        Pool<Makes<u8>, Rc<ManualClock>> => false false true;
        pool::Object<Arc<Pool<Makes<u8>>>> => true true true;
        pool::Object<&'static Pool<Makes<Sends>>> => true false true;
        pool::Object<Rc<Pool<Makes<u8>>>> => false false true;
        pool::Builder<Makes<u8>> => true true true;
        pool::CancelledRecycle => true true true;
        pool::GetError<u8> => true true true;
        pool::CreateError<u8> => true true true;
        pool::AddError<u8> => true true true;
        pool::TryGetError => true true true;
        pool::Usage => true true true;
        pool::Stats => true true true;
    }
}

#[test]
fn of_retry() {
    expect! {
        Attempt => true true true;
        Retry<Sends, Plan<Sends>> => true false true;
        Retry<Stays, Plan<u8>> => false false true;
        Retry<u8, Plan<u8, Stays>> => false false true;
        Retry<u8, Plan<Pinned>> => true true false;
        retry::Numbered<Sends> => true false true;
        retry::Plain<Stays> => false false true;
        retry::Carrying<Sends, u8> => true false true;
        retry::Lending<Stays> => false false true;
        retry::Guarded<Sends> => true false true;
        retry::Body => true true true;
        retry::Course<Sends, u8, Unlimited, u8> => true false true;
        retry::Course<Stays, u8, Unlimited, u8> => false false true;
        retry::Retrying<Calls, Course, ManualClock> => true true false;
        retry::Retrying<Calls, Course, StaysTimer> => false false false;
        retry::GuardedAttempt<Sends, ManualClock> => true false true;
        retry::Attempts<Sends, Stays> => false false true;
        retry::Attempts<Sends, u8> => true false true;
        retry::NextAttempt<'static, Sends, ManualClock> => true false true;
        retry::Try<'static, Sends, ManualClock> => true false true;
        RetryError<Sends> => true false true;
        AttemptError<Stays> => false false true;
        retry::Stopped => true true true;
        retry::Failed<'static, Sends> => false false true;
        StopReason => true true true;
        Verdict => true true true;
        retry::Judged<Sends, u8> => true false true;
        retry::EveryError => true true true;
        retry::When<u8, Sends> => true false true;
        retry::ByVerdict<Stays> => false false true;
        retry::Hinted<u8, Sends> => true false true;
        retry::OnRetry<u8, Stays> => false false true;
        retry::Observed<u8, Sends> => true false true;
        RateBudget<Sends> => true false true;
        RateBudget<Stays> => false false true;
        RateRules => true true true;
        TokenQuota => true true true;
        Unlimited => true true true;
        retry::budget::Within<Sends> => true false true;
        Withdrawal => true true true;
        Backoff<Sends> => true false true;
        Step => true true true;
        Hint => true true true;
        Jitter => true true true;
        JitterError => true true true;
        schedule::Curve => true true true;
        schedule::Constant => true true true;
        schedule::Linear => true true true;
        schedule::Exponential => true true true;
        schedule::Fibonacci => true true true;
        schedule::Decorrelated => true true true;
        schedule::Each<Sends> => true false true;
        schedule::And<Sends, u8> => true false true;
        schedule::Or<u8, Stays> => false false true;
        schedule::Then<Sends, u8> => true false true;
        schedule::Map<u8, Sends> => true false true;
        schedule::While<u8, Stays> => false false true;
        schedule::Delays<u8, Sends> => true false true;
    }
}

#[test]
fn of_hedges_fallbacks_and_boundaries() {
    expect! {
        fault::Kind => true true true;
        fault::Hedge => true true true;
        fault::Hedge<Sends, u8, u8> => true false true;
        fault::Hedge<u8, Stays, u8> => false false true;
        fault::Hedge<u8, u8, Sends> => true false true;
        fault::hedge::After => true true true;
        fault::hedge::By<Sends> => true false true;
        fault::hedge::FirstOk => true true true;
        fault::hedge::Accepting<Stays> => false false true;
        fault::hedge::Observed<u8, Sends> => true false true;
        fault::hedge::Hedging<Calls, u8, ManualClock> => true true false;
        fault::hedge::Hedging<Calls, u8, StaysTimer> => false false false;
        fault::hedge::Hedging<Calls, Stays, ManualClock> => false false false;
        fault::Fallback<Sends> => true false true;
        fault::Fallback<u8, Stays> => false false true;
        fallback::Value<Sends> => true false true;
        fallback::With<Stays> => false false true;
        fallback::Calls<Sends> => true false true;
        fallback::Untaken => true true true;
        fallback::EveryError => true true true;
        fallback::When<u8, Sends> => true false true;
        fallback::Observed<u8, Stays> => false false true;
        fallback::Outcome<Sends, u8> => true false true;
        fallback::Outcome<u8, Stays> => false false true;
        fallback::Run<Pinned, u8, u8> => true true false;
        fallback::Run<u8, Sends, u8> => true false true;
        fallback::Run<u8, u8, Stays> => false false true;
        fallback::WithOutcome<Sends, u8, Pinned> => true false false;
        fallback::Falling<Pinned, Sends> => true false false;
        fallback::Falling<u8, Stays> => false false true;
        fault::Boundary => true true true;
        fault::Boundary<Sends, u8, u8> => true false true;
        fault::Boundary<u8, Stays, u8> => false false true;
        boundary::Watch<Sends, u8> => true false true;
        boundary::Watch<u8, Stays> => false false true;
        boundary::Judging<u8, Sends> => true false true;
        boundary::ButPanics => true true true;
        boundary::RecoverableBy<Stays> => false false true;
        boundary::Observed<Sends> => true false true;
        boundary::Told<'static, u8> => true true true;
        boundary::Told<'static, Sends> => false false true;
        boundary::Scope<'static, ()> => true true true;
        boundary::NoArms => true true true;
        boundary::OnKind<u8, Sends> => true false true;
        boundary::When<u8, Stays, u8> => false false true;
        boundary::Otherwise<Sends, u8> => true false true;
        boundary::GoesOn<u8, Sends> => true false true;
        boundary::Either<Sends, u8> => true false true;
        boundary::Either<u8, Pinned> => true true false;
    }
}

#[test]
fn of_settings() {
    expect! {
        Settings => true true true;
        settings::Async => true true true;
        settings::Performance => true true true;
        settings::ErrorHandling => true true true;
        settings::Module => true true true;
        Span => true true true;
        settings::BulkheadRules => true true true;
    }
}

/// A future that is pinned, of an operation that is called.
type Calls = retry::Plain<fn() -> Holds>;
type Course = retry::Course<u8, u8, Unlimited, u8>;
type StaysTimer = Rc<ManualClock>;

struct Holds(PhantomPinned);

impl Future for Holds {
    type Output = Result<(), ()>;

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Self::Output> {
        let Self(_) = &*self;
        std::task::Poll::Pending
    }
}

#[test]
fn of_the_bulkhead() {
    type Of = &'static Bulkhead;
    type OnTokio = &'static Bulkhead<tokio::Tokio>;
    expect! {
        Bulkhead => true true true;
        Bulkhead<Rc<ManualClock>> => false false true;
        bulkhead::Builder => true true true;
        bulkhead::Acquire<Arc<Bulkhead>> => true true true;
        bulkhead::Acquire<Rc<Bulkhead>> => false false true;
        bulkhead::Acquire<OnTokio> => true true false;
        bulkhead::Permit<Arc<Bulkhead>> => true true true;
        bulkhead::Permit<Rc<Bulkhead>> => false false true;
        bulkhead::Run<Of, Sends, u8> => true false true;
        bulkhead::Run<Of, Stays, u8> => false false true;
        bulkhead::Run<Of, Pinned, u8> => true true true;
        bulkhead::Run<Of, u8, Pinned> => true true false;
        bulkhead::Run<Arc<Bulkhead<ManualClock>>, u8, Sends> => true false true;
        bulkhead::Rejected<Sends> => true false true;
        bulkhead::AcquireError => true true true;
        bulkhead::TryAcquireError => true true true;
        bulkhead::ConcurrencyError => true true true;
        bulkhead::Stats => true true true;
    }
}

#[test]
fn of_the_adaptive_limit() {
    type By<C> = AdaptiveLimit<adaptive::Aimd, C>;
    type Of = &'static By<ManualClock>;
    expect! {
        By<ManualClock> => true true true;
        By<tokio::Tokio> => true true true;
        By<Rc<ManualClock>> => false false true;
        AdaptiveLimit<Box<dyn adaptive::Algorithm + Send>, ManualClock> => true true true;
        AdaptiveLimit<Box<dyn adaptive::Algorithm>, ManualClock> => false false true;
        adaptive::Acquire<Of> => true true true;
        adaptive::Acquire<Rc<By<ManualClock>>> => false false true;
        adaptive::Permit<Arc<By<ManualClock>>> => true true true;
        adaptive::Permit<Rc<By<ManualClock>>> => false false true;
        adaptive::Aimd => true true true;
        adaptive::AimdBuilder => true true true;
        adaptive::AimdError => true true true;
        adaptive::Fixed => true true true;
        adaptive::Sample => true true true;
        adaptive::Outcome => true true true;
        adaptive::AcquireError => true true true;
        adaptive::TryAcquireError => true true true;
        adaptive::LimitError => true true true;
        adaptive::Rejected<Sends> => true false true;
        adaptive::Stats => true true true;
    }
}

#[test]
fn of_limits() {
    type Owned = Arc<RateLimiter<ManualClock>>;
    type Borrowed<T> = &'static RateLimiter<T>;
    type Items<T> = futures_util::stream::Pending<T>;
    expect! {
        Quota => true true true;
        rate::QuotaError => true true true;
        RateLimiter<ManualClock> => true true true;
        RateLimiter<Rc<ManualClock>> => false false true;
        RateLimiter<tokio::Tokio> => true true true;
        rate::Acquire<Owned, ManualClock> => true true true;
        rate::Acquire<Borrowed<Rc<ManualClock>>, Rc<ManualClock>> => false false true;
        rate::Acquire<Borrowed<tokio::Tokio>, tokio::Tokio> => true true false;
        rate::Reservation<Owned, ManualClock> => true true true;
        rate::Reservation<Borrowed<tokio::Tokio>, tokio::Tokio> => true true true;
        rate::Throttle<Items<u8>, Owned, ManualClock> => true true true;
        rate::Throttle<Items<Sends>, Owned, ManualClock> => true false true;
        rate::Throttle<Items<Stays>, Owned, ManualClock> => false false true;
        rate::Throttle<Items<u8>, Borrowed<tokio::Tokio>, tokio::Tokio> => true true false;
        rate::Stats => true true true;
        rate::TryAcquireError => true true true;
        rate::AcquireError => true true true;
        KeyedLimiter<u8, ManualClock> => true true true;
        KeyedLimiter<Sends, ManualClock> => true true true;
        KeyedLimiter<Stays, ManualClock> => false false true;
        rate::KeyedBuilder<ManualClock> => true true true;
        rate::KeyedStats => true true true;
    }
}

#[test]
fn of_stacks() {
    use untether::fault::Hedge;
    use untether::policy::{self, Cause, Env, Error, Op, Runner, Stack, Timeout as Within};
    type Sync = Env<ManualClock>;
    type Call<V> = policy::Lifted<policy::Once<fn() -> Gives<V>>>;
    type Gives<V> = std::future::Ready<Result<V, ()>>;
    type Outcome<O> = Result<<O as Op>::Ok, <O as Op>::Err>;
    expect! {
        Stack<(Within, Retry<retry::Body, Plan<Backoff<schedule::Constant>>>, Within)> => true true true;
        policy::Standard => true true true;
        Stack<(Arc<Bulkhead>, Rc<Bulkhead>)> => false false true;
        Runner<policy::Standard, Sync> => true true true;
        Runner<policy::Standard, Env<Rc<ManualClock>>> => false false true;
        Env<ManualClock, Sends, Stays> => false false true;
        policy::Named<Sends> => true false true;
        Within => true true true;
        policy::CatchPanic => true true true;
        policy::Reject<Arc<RateLimiter<ManualClock>>> => true true true;
        policy::Seen<Stays> => false false true;
        policy::Counting<Sends, u8> => true false true;
        policy::Wrapped<u8, Sends, u8> => true false true;
        policy::Plain<Sends> => true false true;
        policy::Numbered<Stays> => false false true;
        policy::Once<Sends> => true false true;
        policy::Lifted<Sends> => true false true;
        policy::Lift<Pinned> => true true false;
        policy::Repeated<Sends> => true false true;
        policy::Admission<Pinned> => true true false;
        policy::CountingAdmission<Sends, u8> => true false true;
        policy::Catching<Pinned> => true true false;
        policy::Limited<Stays, ManualClock, ()> => false false true;
        policy::Passing<Arc<Bulkhead>, Call<u8>, ()> => true true true;
        policy::Passing<Arc<Bulkhead>, Call<Stays>, ()> => false false true;
        policy::Passing<Rc<Bulkhead>, Call<u8>, ()> => false false true;
        policy::Retried<Call<u8>, Sends, ManualClock> => true false true;
        policy::Stacked<Sends, ()> => true false true;
        policy::Refusal => true true true;
        Hedge => true true true;
        Error<Sends> => true false true;
        Cause<Stays> => false false true;
        Outcome<Call<u8>> => true true true;
    }
}

#[test]
fn of_layers_of_tower() {
    use untether::policy::{Env, Error, Stack, Timeout as Limit};
    use untether::tower::{self, PolicyLayer, PolicyService};
    type Shared<B> = Stack<(Limit, Arc<B>)>;
    type On<T> = Env<T>;
    expect! {
        PolicyLayer<Shared<Bulkhead>, On<ManualClock>> => true true true;
        PolicyLayer<Shared<Bulkhead>, On<tokio::Tokio>> => true true true;
        PolicyLayer<Limit, On<Rc<ManualClock>>> => false false true;
        PolicyLayer<Limit, On<ManualClock>, tower::RepeatedBy<Sends>> => true false true;
        PolicyService<u8, Shared<Bulkhead>, On<ManualClock>> => true true true;
        PolicyService<Sends, Limit, On<ManualClock>> => true false true;
        PolicyService<Stays, Limit, On<ManualClock>> => false false true;
        PolicyService<Pinned, Limit, On<ManualClock>> => true true false;
        tower::Call<u8, Sends, tower::CalledOnce> => true false true;
        tower::Call<Stays, u8, tower::CalledOnce> => false false true;
        tower::Calling<u8, u8, Pinned> => true true false;
        tower::Calling<Sends, u8, u8> => true false true;
        tower::Calling<u8, Stays, u8> => false false true;
        tower::CalledOnce => true true true;
        tower::Cloned => true true true;
        tower::RepeatedBy<Stays> => false false true;
        tower::Answer => true true true;
        tower::AnsweringLayer<u8, Stays> => true true true;
        tower::AnsweringLayer<Sends, u8> => true false true;
        tower::Answering<u8, u8, Error<u8>> => true true true;
        tower::Answering<u8, u8, Sends> => true false true;
        tower::Answering<Stays, u8, u8> => false false true;
        tower::Answered<Pinned, u8, u8> => true true false;
        tower::Answered<u8, Sends, Error<u8>> => true false true;
        tower::Boxed => true true true;
    }
}

#[test]
fn of_the_circuit_breaker() {
    type Of<C> = CircuitBreaker<C>;
    type Own = Arc<Of<ManualClock>>;
    type By<S> = CircuitBreaker<ManualClock, Backoff<S>>;
    expect! {
        Of<ManualClock> => true true true;
        Of<tokio::Tokio> => true true true;
        Of<Rc<ManualClock>> => false false true;
        By<Box<dyn schedule::Schedule + Send + Sync>> => true true true;
        By<Sends> => true false true;
        CircuitBreaker<ManualClock, u8, Rc<Seed>> => false false true;
        breaker::Builder => true true true;
        breaker::Permit<Own> => true true true;
        breaker::Permit<&'static Of<tokio::Tokio>> => true true true;
        breaker::Permit<Rc<Of<ManualClock>>> => false false true;
        breaker::Isolation<Own> => true true true;
        breaker::Isolation<Rc<Of<ManualClock>>> => false false true;
        breaker::Transitions<Own> => true true true;
        breaker::Transitions<Rc<Of<ManualClock>>> => false false true;
        breaker::Run<Own, Sends, u8> => true false true;
        breaker::Run<Own, Stays, u8> => false false true;
        breaker::Run<Own, u8, Pinned> => true true false;
        breaker::Run<Own, u8, u8, Sends> => true false true;
        breaker::Rejected<Sends> => true false true;
        breaker::Rejected => true true true;
        breaker::RunError<Sends, u8> => true false true;
        breaker::RunError<u8, Stays> => false false true;
        breaker::RulesError => true true true;
        breaker::Reason => true true true;
        breaker::State => true true true;
        breaker::Stats => true true true;
        breaker::Transition => true true true;
        breaker::Verdict => true true true;
        breaker::EveryError => true true true;
        breaker::Why => true true true;
        breaker::Window => true true true;
    }
}

type ChildOf<T> = core::future::Ready<Result<T, ()>>;
type ManyOf<T> = gather::Many<ChildOf<T>, gather::Each>;
type TupleOf<T> = <(ChildOf<u8>, ChildOf<T>) as gather::Children<gather::Each, gather::Together>>::Running;
type PinnedTuple = gather::Tuple<Pinned, gather::Each>;

#[test]
fn of_groups_of_tasks() {
    use untether::task::group::{
        self, Anywhere, Failed, GroupError, Here, JoinAll, JoinNext, Opening, Spawning, Started, TaskId,
    };
    use untether::task::{Failure, Oks, Outcome, Outcomes, Split, TaskGroup};
    expect! {
        Outcome<Sends, u8> => true false true;
        Outcome<u8, u8> => true true true;
        Failure<Stays> => false false true;
        Outcomes<u8, u8> => true true true;
        Oks<Stays> => false false true;
        Split<u8, u8> => true true true;
        TaskGroup<Spawner, Sends, Sends> => true true true;
        TaskGroup<LocalSpawner, u8, u8> => false false true;
        TaskGroup<Spawner, Stays, u8> => false false true;
        group::Handle<Spawner, Sends, u8> => true true true;
        group::Handle<Spawner, u8, Stays> => false false true;
        group::Builder<Spawner, Sends> => true true true;
        Opening<'static, Spawner, u8, u8> => true true true;
        Spawning<'static, Spawner, u8, u8, Sends, Anywhere> => true false true;
        Spawning<'static, LocalSpawner, u8, u8, Pinned, Here> => false false true;
        JoinNext<'static, Spawner, Sends, u8> => true true true;
        JoinAll<Spawner, Sends, u8> => true true true;
        Started => true true true;
        TaskId => true true true;
        group::Ended<Sends, u8> => true false true;
        Failed<u8> => true true true;
        GroupError<Stays> => false false true;
        group::SpawnError<Sends> => true false true;
        group::TrySpawnError<u8> => true true true;
        group::Stats => true true true;
    }
}

#[test]
fn of_the_offload() {
    type Of = Threads;
    type OnLocal = tokio::TokioLocal;
    type Items = std::ops::Range<u32>;
    type ItemsThatStay = std::iter::Once<Stays>;
    expect! {
        Offload<Of> => true true true;
        Offload<OnLocal> => false false true;
        offload::Builder<Of> => true true true;
        offload::Builder<Pinned> => true true false;
        offload::Run<Of, Sends, Sends> => true false true;
        offload::Run<Of, Pinned, Pinned> => true true true;
        offload::Run<Of, Stays, u8> => false false true;
        offload::Run<OnLocal, u8, u8> => false false true;
        offload::Map<Of, Items, Sends> => true true true;
        offload::Map<Of, ItemsThatStay, u8> => false false true;
        offload::Map<OnLocal, Items, u8> => false false true;
        offload::Collect<Of, Items, Sends> => true false true;
        offload::ReadAhead<Of, Sends> => true true true;
        offload::ReadAhead<OnLocal, Sends> => false false true;
        offload::LimitError => true true true;
        offload::Stats => true true true;
    }
}

#[test]
fn of_jobs_in_the_background() {
    expect! {
        background::Background<AnyRuntime> => true true true;
        background::Background<Stays, Sends> => false false true;
        background::JobBuilder<'static, AnyRuntime, Sends, SystemEntropy> => true false true;
        background::JobBuilder<'static, AnyRuntime, Pinned, SystemEntropy> => true true false;
        background::JobHandle => true true true;
        background::RunNow => true true true;
        background::Stop => true true true;
        background::ShuttingDown<AnyRuntime> => true false true;
        background::Report => true true true;
        background::Driver => true false true;
        background::DriverSpawner => true true true;
        background::StartError<Sends> => true true true;
        background::StartErrorKind => true true true;
        background::Status => true true true;
        background::State => true true true;
        background::LastRun => true true true;
        background::RunError => true true true;
        background::Overlap => true true true;
        background::OnFailure => true true true;
    }
}

#[test]
fn of_what_is_in_flight() {
    use untether::task::{InFlight, in_flight};
    expect! {
        InFlight => true true true;
        in_flight::Entry<Arc<InFlight>> => true true true;
        in_flight::Entry<Rc<InFlight>> => false false true;
        in_flight::WaitIdle<&'static InFlight> => true true true;
        in_flight::WaitIdle<Rc<InFlight>> => false false true;
        in_flight::Track<Arc<InFlight>, Sends> => true false true;
        in_flight::Track<Arc<InFlight>, Stays> => false false true;
        in_flight::Track<&'static InFlight, Pinned> => true true false;
        in_flight::Closed => true true true;
        in_flight::TrackError<Sends> => true false true;
        in_flight::TrackError<Stays> => false false true;
    }
}

#[test]
fn of_the_shutdown() {
    use untether::rt::{Signal, signal};
    use untether::task::{DrainPlan, DrainReport, Shutdown, shutdown};
    expect! {
        Shutdown => true true true;
        DrainPlan => true true true;
        DrainReport => true true true;
        shutdown::Failed => true true true;
        shutdown::Participant => true true true;
        shutdown::OnFailure => true true true;
        shutdown::Phase => true true true;
        shutdown::Run<Sends> => true false true;
        shutdown::Run<Stays> => false false true;
        shutdown::Run<Pinned> => true true false;
        shutdown::Drain<ManualClock> => true true true;
        shutdown::Drain<tokio::Tokio> => true true false;
        shutdown::Drain<Rc<ManualClock>> => false false true;
        shutdown::Drain<ManualClock, Stays> => false false true;
        shutdown::NoSignals => true true true;
        shutdown::TaskError<Sends> => true false true;
        shutdown::TaskError<Stays> => false false true;
        shutdown::SharedError => true true true;
        Signal => true true true;
        signal::Signals => true true true;
        signal::Recv<'static> => true true true;
    }
}

#[test]
fn of_the_worker_pool() {
    type Of = worker_pool::Tickets<u8, u8, u8>;
    type Cells = worker_pool::Tickets<Sends, Sends, Sends>;
    type Items = std::vec::IntoIter<u8>;
    expect! {
        WorkerPool<Of> => true true true;
        WorkerPool<Cells> => true true true;
        WorkerPool<WorkQueue<u8, tokio::Tokio>> => true true true;
        worker_pool::Inputs<queue::Fifo<u8>> => true true true;
        worker_pool::Inputs<queue::Fifo<Stays>> => false false true;
        worker_pool::Builder<'static, tokio::Tokio> => true true true;
        worker_pool::Builder<'static, u8, u8, Stays> => false false true;
        worker_pool::Bounded => true true true;
        worker_pool::Told<Sends> => true false true;
        worker_pool::OnPanic => true true true;
        worker_pool::Submission<Sends, u8, u8> => true false true;
        worker_pool::Submission<u8, Sends, Sends> => true true true;
        worker_pool::Submission<u8, Stays, u8> => false false true;
        worker_pool::Ticket<Sends, Sends> => true true true;
        worker_pool::Ticket<Stays, u8> => false false true;
        worker_pool::Submit<'static, Of> => true true true;
        worker_pool::Submit<'static, Cells> => true false true;
        worker_pool::Map<'static, Of, Items> => true true true;
        worker_pool::Map<'static, Of, Items, Sends> => true false true;
        worker_pool::Map<'static, Of, Items, Stays> => false false true;
        worker_pool::Collect<'static, Of, Items> => true true true;
        worker_pool::WaitIdle<'static, Of> => true true true;
        worker_pool::Stop<'static, Of> => true true true;
        worker_pool::StopWithin<'static, Of, ManualClock> => true true true;
        worker_pool::StopWithin<'static, Of, tokio::Tokio> => true true false;
        worker_pool::Stopped<Sends> => true false true;
        worker_pool::SubmitError<Sends> => true false true;
        worker_pool::ResizeError => true true true;
        worker_pool::Stats => true true true;
        worker_pool::Tally => true true true;
    }
}

#[test]
fn of_maps() {
    use untether::task::map::{
        self, Collect, Items, LimitError, Map, Ordered, Tally, Tallying, Told, TryCollect,
    };
    type Work<F, W = ()> = fn(u8) -> Fut<F, W>;
    type Fut<T, E> = std::future::Ready<Result<T, E>>;
    type Of<T, E = ()> = Map<Items<std::ops::Range<u8>>, Work<T, E>>;
    type Kept<F> = (F, Rc<u8>);
    // What is done with an item is in a box, so that only the source has to be pinned.
    expect! {
        Of<Sends> => true true true;
        Map<Items<Stays>, u8> => false false true;
        Map<Items<Pinned>, Sends> => true false true;
        Map<Pinned, u8> => true true false;
        Map<u8, u8, Told<Sends, u8>> => true false true;
        Map<u8, u8, Told<u8, Stays>> => false false true;
        Ordered<Of<Sends>> => true false true;
        Ordered<Of<Stays>> => false false true;
        map::AsCompleted<Of<u8, Sends>> => true false true;
        map::AsCompleted<Of<Stays>> => false false true;
        Collect<Of<u8, Sends>> => true false true;
        TryCollect<Of<Kept<u8>>> => false false true;
        TryCollect<Of<u8>> => true true true;
        Tallying<Of<Sends>> => true false true;
        Items<Pinned> => true true true;
        Told<Sends> => true false true;
        Tally => true true true;
        LimitError => true true true;
    }
}

#[test]
fn of_children_in_one_task() {
    expect! {
        gather::Gather<u8> => true true true;
        gather::Gather<Pinned> => true true false;
        gather::TryGather<Sends> => true false true;
        gather::Race<Stays> => false false true;
        gather::FirstOk<Pinned> => true true false;
        ManyOf<u8> => true true true;
        ManyOf<Sends> => true false true;
        ManyOf<Stays> => false false true;
        gather::Many<Holds, gather::First> => true true true;
        TupleOf<u8> => true true true;
        TupleOf<Sends> => true false true;
        TupleOf<Stays> => false false true;
        PinnedTuple => true true false;
        gather::Each => true true true;
        gather::EachOk => true true true;
        gather::First => true true true;
        gather::FirstGood => true true true;
        gather::Listed => true true true;
        gather::Together => true true true;
        AllFailed<Sends> => true false true;
        Scope<'static> => true true true;
        LocalScope<'static> => false false true;
        Child<u8> => true true true;
        Child<Sends> => true true true;
        Child<Stays> => false false true;
        Ended<Sends> => true false true;
        task_scope::Running<ChildOf<u8>, Scope<'static>> => true false true;
        task_scope::Running<ChildOf<Stays>, Scope<'static>> => false false true;
        task_scope::Running<Holds, Scope<'static>> => true false false;
        task_scope::Running<ChildOf<u8>, LocalScope<'static>> => false false true;
    }
}
