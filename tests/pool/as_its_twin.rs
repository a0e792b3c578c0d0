//! The pool beside a naive one, which is a list of what lies idle and a list of what is out.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::task::Poll;
use untether::time::{Clock, Instant};

#[derive(Clone, Copy, Debug)]
enum Step {
    Get,
    TryGet,
    GiveBack(usize),
    Break(usize),
    Take(usize),
    Add,
    Replenish(usize),
    Maintain,
    Retain(u32),
    Resize(usize),
    Advance(u32),
    Close,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => Just(Step::Get),
        1 => Just(Step::TryGet),
        4 => (0..8_usize).prop_map(Step::GiveBack),
        1 => (0..8_usize).prop_map(Step::Break),
        1 => (0..8_usize).prop_map(Step::Take),
        1 => Just(Step::Add),
        1 => (0..4_usize).prop_map(Step::Replenish),
        1 => Just(Step::Maintain),
        1 => (1..4_u32).prop_map(Step::Retain),
        1 => (0..6_usize).prop_map(Step::Resize),
        2 => (0..5_u32).prop_map(Step::Advance),
    ];
    (vec(step, 0..60), prop::bool::weighted(0.2)).prop_map(|(mut steps, closes)| {
        if closes {
            steps.insert(steps.len() / 2, Step::Close);
        }
        steps
    })
}

#[derive(Clone, Copy)]
struct Twin {
    id: u32,
    created: Instant,
    returned: Instant,
}

#[derive(Default)]
struct Naive {
    fifo: bool,
    max_size: usize,
    closed: bool,
    made: u32,
    idle: Vec<Twin>,
    out: Vec<Twin>,
    detached: Vec<u32>,
}

const LIFETIME: Duration = Duration::from_secs(9);
const IDLE_TIME: Duration = Duration::from_secs(4);
const MIN_IDLE: usize = 1;

impl Naive {
    fn size(&self) -> usize {
        self.idle.len() + self.out.len()
    }

    fn make(&mut self, now: Instant) -> Twin {
        self.made += 1;
        Twin { id: self.made - 1, created: now, returned: now }
    }

    fn is_too_old(twin: &Twin, now: Instant) -> bool {
        now.saturating_duration_since(twin.created) >= LIFETIME
    }

    fn is_stale(twin: &Twin, now: Instant) -> bool {
        Self::is_too_old(twin, now) || now.saturating_duration_since(twin.returned) >= IDLE_TIME
    }

    /// `None` if it would have to wait, or is refused.
    fn get(&mut self, now: Instant, makes: bool) -> Option<u32> {
        if self.closed || self.out.len() >= self.max_size {
            return None;
        }
        while !self.idle.is_empty() {
            let twin = if self.fifo { self.idle.remove(0) } else { self.idle.pop().unwrap() };
            if !Self::is_stale(&twin, now) {
                self.out.push(twin);
                return Some(twin.id);
            }
            self.detached.push(twin.id);
        }
        makes.then(|| {
            let twin = self.make(now);
            self.out.push(twin);
            twin.id
        })
    }

    fn give_back(&mut self, place: usize, is_broken: bool, now: Instant) {
        let keeps = !is_broken && !self.closed && self.size() <= self.max_size;
        let mut twin = self.out.remove(place);
        if keeps && !Self::is_too_old(&twin, now) {
            twin.returned = now;
            self.idle.push(twin);
        } else {
            self.detached.push(twin.id);
        }
    }

    /// Makes one that lies idle, if there is room.
    fn add(&mut self, now: Instant) -> bool {
        let adds = !self.closed && self.size() < self.max_size;
        if adds {
            let twin = self.make(now);
            self.idle.push(twin);
        }
        adds
    }

    fn keep(&mut self, keep: impl Fn(&Twin) -> bool) {
        // Who looks takes a place.
        if self.out.len() < self.max_size && !self.closed {
            self.detached.extend(self.idle.iter().filter(|twin| !keep(twin)).map(|twin| twin.id));
            self.idle.retain(keep);
        }
    }

    fn maintain(&mut self, now: Instant) {
        self.keep(|twin| !Self::is_stale(twin, now));
        while self.idle.len() < MIN_IDLE && self.add(now) {}
    }

    fn resize(&mut self, max_size: usize) {
        self.max_size = max_size;
        while self.size() > max_size && !self.idle.is_empty() {
            self.detached.push(self.idle.remove(0).id);
        }
    }

    fn close(&mut self) {
        self.closed = true;
        self.detached.extend(self.idle.drain(..).map(|twin| twin.id));
    }
}

fn compare(steps: &[Step], fifo: bool) {
    let (clock, log) = (ManualClock::new(), Log::new());
    let pool = Pool::builder(3, log.maker()).min_idle(MIN_IDLE).timer(clock.clone());
    let pool = pool.max_lifetime(LIFETIME).idle_time(IDLE_TIME);
    let pool = if fifo { pool.fifo().build() } else { pool.build() };
    let mut naive = Naive { fifo, max_size: 3, ..Naive::default() };
    let mut out = Vec::new();
    for step in steps {
        let now_is = clock.now();
        match *step {
            Step::Get => match (Probe::new(pool.get()).poll(), naive.get(now_is, true)) {
                (Poll::Ready(Ok(object)), id) => {
                    assert_eq!(Some(object.id), id);
                    out.push(object);
                }
                (Poll::Ready(Err(error)), id) => {
                    assert_eq!((error, naive.closed, id), (GetError::Closed, true, None));
                }
                (Poll::Pending, id) => assert_eq!((naive.closed, id), (false, None)),
            },
            Step::TryGet => {
                let object = pool.try_get().ok();
                assert_eq!(object.as_ref().map(|object| object.id), naive.get(now_is, false));
                out.extend(object);
            }
            Step::GiveBack(at) if at < out.len() => {
                drop(out.remove(at));
                naive.give_back(at, false, now_is);
            }
            Step::Break(at) if at < out.len() => {
                out.remove(at).is_broken = true;
                naive.give_back(at, true, now_is);
            }
            Step::Take(at) if at < out.len() => {
                assert_eq!(Object::take(out.remove(at)).id, naive.out.remove(at).id);
            }
            Step::Add => {
                // Numbers are given by what was made; what is refused has had one.
                let added = pool.add(log.thing()).is_ok();
                assert_eq!(added, naive.add(now_is));
                naive.made += u32::from(!added);
            }
            Step::Replenish(n) => {
                let made = (0..n).take_while(|_| naive.add(now_is)).count();
                assert_eq!(now(pool.replenish(n)), Ok(made));
            }
            Step::Maintain => {
                now(pool.maintain()).unwrap();
                naive.maintain(now_is);
            }
            Step::Retain(by) => {
                pool.retain(|thing, _| thing.id % by != 0);
                naive.keep(|twin| twin.id % by != 0);
            }
            Step::Resize(n) => {
                pool.resize(n);
                naive.resize(n);
            }
            Step::Advance(seconds) => clock.advance(seconds * SECOND),
            Step::Close => {
                pool.close();
                naive.close();
            }
            Step::GiveBack(_) | Step::Break(_) | Step::Take(_) => {}
        }
        let stats = pool.stats();
        assert_eq!(
            (stats.idle, stats.in_use, stats.creating, stats.waiting, stats.max_size, stats.closed),
            (naive.idle.len(), naive.out.len(), 0, 0, naive.max_size, naive.closed),
            "{step:?}"
        );
        assert_eq!((log.detached(), log.made()), (naive.detached.clone(), naive.made), "{step:?}");
    }
    drop(out);
    assert_whole(&pool, &log);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(untether_support::cases(256)))]

    #[test]
    fn it_does_what_a_naive_one_does(steps in steps(), fifo in any::<bool>()) {
        compare(&steps, fifo);
    }
}
