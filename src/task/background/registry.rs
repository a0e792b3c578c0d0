//! Who goes by which name.

use super::cell::{Cell, Wishes};
use super::error::StartErrorKind;
use crate::observe::Observer;
use crate::sys::atomic::AtomicWaker;
use crate::sys::lock::Lock;
use crate::sys::unwind;
use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::task::Waker;

/// Who is told of what happens.
pub(super) type Told = Arc<dyn Observer + Send + Sync>;

pub(super) struct Registry {
    jobs: Lock<Jobs>,
    /// Of the [`Driver`](super::Driver), if there is one.
    driver: AtomicWaker,
}

struct Jobs {
    named: BTreeMap<Cow<'static, str>, Arc<Cell>>,
    closed: bool,
}

impl Registry {
    pub(super) fn new() -> Arc<Self> {
        let jobs = Lock::new(Jobs { named: BTreeMap::new(), closed: false });
        Arc::new(Self { jobs, driver: AtomicWaker::new() })
    }

    /// Takes a name.
    pub(super) fn enter(&self, cell: &Arc<Cell>) -> Result<(), StartErrorKind> {
        let name = cell.name().clone();
        self.jobs.with(|jobs| {
            if jobs.closed {
                return Err(StartErrorKind::Closed);
            }
            if jobs.named.contains_key(&name) {
                return Err(StartErrorKind::NameTaken);
            }
            jobs.named.insert(name, cell.clone());
            Ok(())
        })
    }

    /// Gives a name back: each is taken by one job at a time.
    pub(super) fn leave(&self, cell: &Cell) {
        let left = self.jobs.with(|jobs| jobs.named.remove(cell.name()));
        drop(left);
    }

    pub(super) fn get(&self, name: &str) -> Option<Arc<Cell>> {
        self.jobs.with(|jobs| jobs.named.get(name).cloned())
    }

    /// In the order of their names.
    pub(super) fn all(&self) -> Vec<Arc<Cell>> {
        self.jobs.with(|jobs| jobs.named.values().cloned().collect())
    }

    /// From now on there are no new ones. Those there are.
    pub(super) fn close(&self) -> Vec<Arc<Cell>> {
        let cells = self.jobs.with(|jobs| {
            jobs.closed = true;
            jobs.named.values().cloned().collect()
        });
        self.driver.wake();
        cells
    }

    pub(super) fn is_closed(&self) -> bool {
        self.jobs.with(|jobs| jobs.closed)
    }

    /// Sees to it that the driver is woken when it is closed.
    pub(super) fn register_driver(&self, waker: &Waker) {
        self.driver.register(waker);
    }

    /// The driver is gone. What comes back is foreign.
    #[must_use = "a waker is dropped where it harms nobody"]
    pub(super) fn forget_driver(&self) -> Option<Waker> {
        self.driver.take()
    }
}

/// The one who owns the jobs: without it they are aborted.
pub(super) struct Owner(pub(super) Arc<Registry>);

impl Drop for Owner {
    fn drop(&mut self) {
        wish_all(&self.0.close(), |wishes| wishes.abort = true);
    }
}

/// Wishes the same of all, whichever of their wakers panics. The first panic goes on.
pub(super) fn wish_all(cells: &[Arc<Cell>], wish: impl Fn(&mut Wishes)) {
    let mut first = None;
    for cell in cells {
        if let Err(panic) = unwind::catch(|| cell.wish(&wish)) {
            match first {
                Some(_) => unwind::discard(panic),
                None => first = Some(panic),
            }
        }
    }
    if let Some(panic) = first {
        unwind::resume_unless_unwinding(panic);
    }
}
