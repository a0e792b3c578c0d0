//! Stacks in structs, constants and generic code, of operations that stay on their thread and futures that cannot be moved.

use super::*;
use std::marker::PhantomPinned;
use std::rc::Rc;
use untether::policy::{Counting, IntoEnv, Runner, Stack, Standard};
use untether::retry::budget::Budget;
use untether::spawn::{AnyRuntime, Runtime, SpawnExt};

static PLACES: Bulkhead = Bulkhead::new(4);

type EverySecond = Retry<Body, Plan<Backoff<Constant>>>;

/// Written once, without a runtime.
static CALLS: Stack<(Timeout, EverySecond, &Bulkhead)> =
    stack((Timeout::new(SECOND), Retry::new(constant(SECOND).jitter(Jitter::NONE)), &PLACES));

static COMMON: Standard = standard();

#[test]
fn a_stack_is_a_static() {
    on_sim(async |sim| {
        assert_eq!(CALLS.on(&sim).run(fails(0)).await.unwrap(), 1);
        assert_eq!(COMMON.on(Env::new(&sim).entropy(&sim)).run(fails(0)).await.unwrap(), 1);
    });
}

type Policies<R> = (Timeout, EverySecond, Arc<CircuitBreaker<R>>, Arc<Bulkhead>, Hedge, Timeout);

/// What a client of a database keeps: its stack by its name, and whatever runtime it was given.
struct Client<R: Runtime> {
    calls: Runner<Stack<Policies<R>>, Env<R>>,
}

impl<R: Runtime> Client<R> {
    fn new(rt: R) -> Self {
        let breaker = Arc::new(CircuitBreaker::new(rt.clone()));
        let (whole, each) = (Timeout::new(30 * SECOND), Timeout::new(SECOND));
        let (places, hedge) = (Arc::new(Bulkhead::new(2)), Hedge::after(SECOND));
        Self { calls: stack((whole, every_second(3), breaker, places, hedge, each)).on(rt) }
    }

    /// The future borrows nothing of the client.
    fn query(&self, row: u32) -> impl Future<Output = Result<u32, Error<String>>> + Send + 'static {
        self.calls.run(move || async move { Ok(row) })
    }
}

async fn queries<R: Runtime>(rt: R) {
    let client = Client::new(rt.clone());
    let task = rt.spawn_task(client.query(7)).unwrap();
    drop(client);
    assert_eq!(task.await.unwrap().unwrap(), 7);
}

#[test]
fn a_client_keeps_its_stack_and_spawns_what_it_makes_on_any_runtime() {
    on_sim(queries);
    on_sim(async |sim| queries(AnyRuntime::new(sim)).await);
}

/// Generic code names what it needs of a stack by one bound.
async fn through<P, E, O>(calls: &Runner<P, E>, operation: O) -> Result<u32, Error<&'static str>>
where
    O: Op<Ok = u32, Err = &'static str>,
    P: Policy<untether::policy::Lifted<O>, E, Ok = u32, Err = Error<&'static str>>,
{
    calls.run(operation).await
}

#[test]
fn code_that_is_given_a_stack_needs_not_know_what_it_is_made_of() {
    on_sim(async |sim| {
        let calls = stack((Timeout::new(SECOND), &PLACES)).on(&sim);
        assert_eq!(through(&calls, once(|| ready(Ok(7)))).await.unwrap(), 7);
    });
}

fn held_by<T: IntoEnv>(env: T, budget: impl Budget + Clone) -> Runner<impl Clone, T::Env> {
    stack((every_second(3).budget(budget),)).on(env)
}

#[test]
fn what_is_shared_on_one_thread_stands_in_it_as_an_rc() {
    let clock = Rc::new(ManualClock::new());
    let (bulkhead, breaker) = (Rc::new(Bulkhead::new(1)), Rc::new(CircuitBreaker::new(clock.clone())));
    let limiter = Rc::new(RateLimiter::new(Quota::per(1, SECOND).burst(9), clock.clone()));
    let adaptive = Rc::new(AdaptiveLimit::new(Fixed::new(3), clock.clone()));
    let _ = held_by(clock.clone(), Rc::new(TokenQuota::new(20)));
    type Judge = fn(&Result<u32, Error<&'static str>>) -> Verdict;
    let verdict: Judge = |_| Verdict::Ignore;
    let adaptive: Counting<_, Judge> = counting(adaptive, verdict);
    let calls = stack((limiter.clone(), breaker, bulkhead.clone(), Reject(limiter), adaptive)).on(clock);
    let mut future = Probe::new(calls.run(never));
    future.assert_pending();
    assert_eq!(bulkhead.stats().running, 1);
    drop((calls, future));
    assert_eq!((bulkhead.stats().running, Rc::strong_count(&bulkhead)), (0, 1));
}

/// Cannot be moved, nor sent.
async fn pinned(value: Rc<Cell<u32>>) -> Result<u32, &'static str> {
    let _pinned = PhantomPinned;
    let borrowed = &value;
    untether::spawn::yield_now().await;
    borrowed.set(borrowed.get() + 1);
    if borrowed.get() < 3 { Err("busy") } else { Ok(borrowed.get()) }
}

#[test]
fn what_stays_on_its_thread_and_cannot_be_moved_goes_through_eight_policies_of_all_kinds() {
    on_sim(async |sim| {
        let (breaker, bulkhead) = (opens_after(9, &sim), Bulkhead::new(1));
        let limiter = RateLimiter::new(Quota::per(1, SECOND).burst(9), sim.clone());
        let (whole, each) = (Timeout::new(30 * SECOND), Timeout::new(SECOND));
        let hedge = Hedge::after(SECOND);
        let calls =
            stack((Fallback::value(0), whole, every_second(3), &breaker, &limiter, &bulkhead, hedge, each));
        let value = Rc::new(Cell::new(0));
        let operation = || pinned(value.clone());
        assert_eq!(calls.on(&sim).run(operation).await.unwrap(), 3);
    });
}
