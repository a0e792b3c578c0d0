//! A manager that does what it is told, and notes what becomes of its objects.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use untether::resource::pool::{Manage, Usage};
use untether::spawn::yield_now;

/// Where the manager is asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum At {
    Create,
    Recycle,
    IsBroken,
    Detach,
    Drop,
}

/// What it does there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Act {
    Works,
    /// Works at the second poll.
    Yields,
    /// Fails, or says that the object is broken.
    Fails,
    FailsLater,
    Hangs,
    Panics,
    PanicsLater,
}

#[derive(Default)]
struct Notes {
    made: u32,
    dropped: Vec<u32>,
    detached: Vec<u32>,
    /// What was seen by recycle.
    recycled: Vec<(u32, u64)>,
    most_alive: usize,
    script: BTreeMap<At, VecDeque<Act>>,
}

type Chooser = Box<dyn Fn(At) -> Act + Send + Sync>;

/// What became of the objects, and what the manager is to do.
pub(crate) struct Log {
    notes: Mutex<Notes>,
    chooser: Option<Chooser>,
    works: AtomicBool,
    bound: AtomicUsize,
}

impl Log {
    /// Works, unless told otherwise.
    pub(crate) fn new() -> Arc<Self> {
        Self::make(None)
    }

    pub(crate) fn choosing(chooser: impl Fn(At) -> Act + Send + Sync + 'static) -> Arc<Self> {
        Self::make(Some(Box::new(chooser)))
    }

    fn make(chooser: Option<Chooser>) -> Arc<Self> {
        let (works, bound) = (AtomicBool::new(false), AtomicUsize::new(usize::MAX));
        Arc::new(Self { notes: Mutex::default(), chooser, works, bound })
    }

    pub(crate) fn maker(self: &Arc<Self>) -> Maker {
        Maker(self.clone())
    }

    /// What is done there, the next times.
    pub(crate) fn script(&self, at: At, acts: &[Act]) {
        self.notes.lock().unwrap().script.entry(at).or_default().extend(acts);
    }

    pub(crate) fn works_from_now_on(&self) {
        self.works.store(true, Ordering::Release);
    }

    /// How many there may ever be at once.
    pub(crate) fn set_bound(&self, bound: usize) {
        self.bound.store(bound, Ordering::Release);
    }

    pub(crate) fn bound(&self) -> usize {
        self.bound.load(Ordering::Acquire)
    }

    pub(crate) fn alive(&self) -> usize {
        let notes = self.notes.lock().unwrap();
        notes.made as usize - notes.dropped.len()
    }

    pub(crate) fn most_alive(&self) -> usize {
        self.notes.lock().unwrap().most_alive
    }

    pub(crate) fn made(&self) -> u32 {
        self.notes.lock().unwrap().made
    }

    pub(crate) fn dropped(&self) -> Vec<u32> {
        self.notes.lock().unwrap().dropped.clone()
    }

    pub(crate) fn detached(&self) -> Vec<u32> {
        self.notes.lock().unwrap().detached.clone()
    }

    /// Which objects `recycle` has seen, and how often they had been used.
    pub(crate) fn recycled(&self) -> Vec<(u32, u64)> {
        self.notes.lock().unwrap().recycled.clone()
    }

    /// One that no manager made.
    pub(crate) fn thing(self: &Arc<Self>) -> Thing {
        let mut notes = self.notes.lock().unwrap();
        notes.made += 1;
        notes.most_alive = notes.most_alive.max(notes.made as usize - notes.dropped.len());
        Thing { id: notes.made - 1, is_broken: false, log: self.clone() }
    }

    fn act(&self, at: At) -> Act {
        if self.works.load(Ordering::Acquire) {
            return Act::Works;
        }
        let scripted = self.notes.lock().unwrap().script.get_mut(&at).and_then(VecDeque::pop_front);
        scripted.unwrap_or_else(|| self.chooser.as_ref().map_or(Act::Works, |chooser| chooser(at)))
    }

    async fn acts(&self, at: At) -> Result<(), &'static str> {
        match self.act(at) {
            Act::Works => Ok(()),
            Act::Yields => {
                yield_now().await;
                Ok(())
            }
            Act::Fails => Err("on purpose"),
            Act::FailsLater => {
                yield_now().await;
                Err("on purpose")
            }
            Act::Hangs => std::future::pending().await,
            Act::Panics => panic!("on purpose"),
            Act::PanicsLater => {
                yield_now().await;
                panic!("on purpose")
            }
        }
    }
}

pub(crate) struct Thing {
    pub(crate) id: u32,
    pub(crate) is_broken: bool,
    log: Arc<Log>,
}

impl Drop for Thing {
    fn drop(&mut self) {
        self.log.notes.lock().unwrap().dropped.push(self.id);
        let panics = self.log.act(At::Drop) == Act::Panics;
        assert!(!panics || std::thread::panicking(), "on purpose");
    }
}

impl std::fmt::Debug for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Thing({})", self.id)
    }
}

pub(crate) struct Maker(Arc<Log>);

impl Manage for Maker {
    type Object = Thing;
    type Error = &'static str;

    async fn create(&self) -> Result<Thing, Self::Error> {
        self.0.acts(At::Create).await?;
        Ok(self.0.thing())
    }

    async fn recycle(&self, thing: &mut Thing, usage: &Usage) -> Result<(), Self::Error> {
        self.0.notes.lock().unwrap().recycled.push((thing.id, usage.uses));
        self.0.acts(At::Recycle).await
    }

    fn is_broken(&self, thing: &mut Thing) -> bool {
        match self.0.act(At::IsBroken) {
            Act::Panics => panic!("on purpose"),
            act => thing.is_broken || act == Act::Fails,
        }
    }

    fn detach(&self, thing: Thing) {
        self.0.notes.lock().unwrap().detached.push(thing.id);
        assert!(self.0.act(At::Detach) != Act::Panics, "on purpose");
    }
}
