//! A service with a queue, its clients, and what they count: on virtual time, so that a hundred seconds take one.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::time::Duration;
use untether::policy::{Error, Lifted, Op, Policy, Runner};
use untether::retry::Attempt;
use untether::spawn::SpawnExt;
use untether::testing::sim::{Check, Sim};
use untether::time::{Clock, Entropy, Instant, Timer};

/// How long a run is, and from when to when the service is four times as slow as it should be, in seconds.
pub(crate) const LENGTH: usize = 90;
pub(crate) const BROWN: std::ops::Range<usize> = 20..40;

/// Ten processes of twenty clients each, and each client asks once a second, on the average.
const PROCESSES: usize = 10;
const CLIENTS: usize = 20;

/// Twenty at once, each in 50 ms: twice as much as the clients ask for.
const WORKERS: usize = 20;
const QUICK: Duration = Duration::from_millis(50);
const SLOW: Duration = Duration::from_millis(200);
/// Who would wait longer in its queue than that is refused at once.
const QUEUE: Duration = Duration::from_secs(2);

/// What one second saw.
#[derive(Clone, Copy, Default)]
pub(crate) struct Second {
    pub(crate) requests: u32,
    pub(crate) served: u32,
    pub(crate) calls: u32,
}

/// Works off what comes, in order, also what nobody waits for any more: it does not know.
pub(crate) struct Service {
    sim: Sim,
    began: Instant,
    /// When each worker is free.
    free: RefCell<[Instant; WORKERS]>,
    seconds: RefCell<[Second; LENGTH]>,
}

/// The queue is full.
#[derive(Debug)]
pub(crate) struct Overloaded;

impl fmt::Display for Overloaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("overloaded")
    }
}

impl Service {
    fn new(sim: Sim) -> Self {
        let began = sim.now();
        let (free, seconds) = (RefCell::new([began; WORKERS]), RefCell::new([Second::default(); LENGTH]));
        Self { sim, began, free, seconds }
    }

    fn count(&self, at: Instant, count: impl FnOnce(&mut Second)) {
        let second = at.saturating_duration_since(self.began).as_secs() as usize;
        if let Some(second) = self.seconds.borrow_mut().get_mut(second) {
            count(second);
        }
    }

    /// One call: when it will be done.
    fn arrive(&self) -> Result<Instant, Overloaded> {
        let now = self.sim.now();
        self.count(now, |second| second.calls += 1);
        let mut free = self.free.borrow_mut();
        let worker = free.iter_mut().min().expect("there are workers");
        let start = now.max(*worker);
        if start.saturating_duration_since(now) > QUEUE {
            return Err(Overloaded);
        }
        let second = start.saturating_duration_since(self.began).as_secs() as usize;
        *worker = start.saturating_add(if BROWN.contains(&second) { SLOW } else { QUICK });
        Ok(*worker)
    }
}

/// A call of the service, as a stack takes it.
#[derive(Clone)]
pub(crate) struct Fetch(Rc<Service>);

impl Op for Fetch {
    type Ok = ();
    type Err = Overloaded;
    type Future = Pin<Box<dyn Future<Output = Result<(), Overloaded>>>>;

    fn call(self, _: Attempt) -> Self::Future {
        Box::pin(async move {
            let done = self.0.arrive()?;
            self.0.sim.sleep_until(done).await;
            Ok(())
        })
    }

    fn again(&self) -> Option<Self> {
        Some(self.clone())
    }
}

/// How the clients of one process ask: whether it went well.
pub(crate) type Request = Rc<dyn Fn(Fetch) -> Pin<Box<dyn Future<Output = bool>>>>;

/// Through a stack.
pub(crate) fn through<P, E: 'static>(calls: Runner<P, E>) -> Request
where
    P: Policy<Lifted<Fetch>, E, Ok = (), Err = Error<Overloaded>> + 'static,
{
    Rc::new(move |fetch| {
        let asked = calls.run(fetch);
        Box::pin(async move { asked.await.is_ok() })
    })
}

/// Plays it so often, with stacks that are made for each process, and gives what each second saw.
pub(crate) fn play(times: u64, stack: impl Fn(Sim) -> Request) -> Vec<[Second; LENGTH]> {
    let seen = RefCell::new(Vec::new());
    let played = Check::random(times).run(async |sim: Sim| {
        let service = Rc::new(Service::new(sim.clone()));
        let mut clients = Vec::new();
        for _ in 0..PROCESSES {
            let request = stack(sim.clone());
            for _ in 0..CLIENTS {
                clients.push(sim.local().spawn_local_task(client(service.clone(), request.clone())).unwrap());
            }
        }
        for client in clients {
            client.await.unwrap();
        }
        seen.borrow_mut().push(*service.seconds.borrow());
    });
    played.unwrap_or_else(|failure| panic!("{failure}"));
    seen.into_inner()
}

/// Asks once a second, give or take a half, whatever became of the request before.
async fn client(service: Rc<Service>, request: Request) {
    let sim = service.sim.clone();
    let end = service.began.saturating_add(Duration::from_secs(LENGTH as u64));
    let mut next = service.began.saturating_add(up_to(&sim, 1_000));
    while next < end {
        sim.sleep_until(next).await;
        let asked = sim.now();
        service.count(asked, |second| second.requests += 1);
        if request(Fetch(service.clone())).await {
            service.count(asked, |second| second.served += 1);
        }
        next = sim.now().max(next.saturating_add(Duration::from_millis(500) + up_to(&sim, 1_000)));
    }
}

fn up_to(sim: &Sim, millis: u64) -> Duration {
    Duration::from_millis(sim.next_u64() % millis)
}

/// What a run comes to.
pub(crate) struct Figures {
    /// Calls per request while the service was slow.
    pub(crate) amplification: f64,
    /// Parts of the requests that went well: before, meanwhile, and afterwards.
    pub(crate) before: f64,
    pub(crate) meanwhile: f64,
    pub(crate) after: f64,
    /// Seconds after the service was well again until nineteen of twenty requests went well, for good.
    pub(crate) recovered: Option<usize>,
}

impl Figures {
    pub(crate) fn of(seconds: &[Second; LENGTH]) -> Self {
        let sum = |range: std::ops::Range<usize>, of: fn(&Second) -> u32| -> f64 {
            seconds[range].iter().map(|second| f64::from(of(second))).sum()
        };
        let well = |range: std::ops::Range<usize>| {
            sum(range.clone(), |second| second.served) / sum(range, |second| second.requests)
        };
        let is_well = |second: &Second| f64::from(second.served) >= 0.95 * f64::from(second.requests);
        let last_bad = seconds.iter().rposition(|second| !is_well(second)).unwrap_or(0);
        Self {
            amplification: sum(BROWN, |second| second.calls) / sum(BROWN, |second| second.requests),
            before: well(0..BROWN.start),
            meanwhile: well(BROWN),
            after: well(BROWN.end..LENGTH),
            recovered: (last_bad + 1 < LENGTH).then(|| (last_bad + 1).saturating_sub(BROWN.end)),
        }
    }
}
