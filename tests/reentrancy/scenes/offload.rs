//! The offload, on a runtime that keeps what it is passed until it is told: those in line, those at the runtime, and those who read ahead.

use super::*;
use std::pin::Pin;
use untether::spawn::{BoxBlocking, SpawnBlocking, SpawnError, SpawnErrorKind};
use untether::task::Failure;
use untether::task::offload::{Offload, ReadAhead, Run};

/// Enough for all who wait, whatever else was taken.
const PLENTY: usize = 100;

type Work = fn();

#[derive(Clone, Default)]
pub(crate) struct Keeps(Arc<(Mutex<Vec<BoxBlocking>>, AtomicBool)>);

impl SpawnBlocking for Keeps {
    fn spawn_blocking_boxed(&self, work: BoxBlocking) -> Result<(), SpawnError<BoxBlocking>> {
        if self.0.1.load(Ordering::Acquire) {
            work.run();
        } else {
            self.0.0.lock().unwrap().push(work);
        }
        Ok(())
    }
}

impl Keeps {
    /// From now on closures are run where they are passed.
    fn run_all(&self) {
        self.0.1.store(true, Ordering::Release);
        let all = std::mem::take(&mut *self.0.0.lock().unwrap());
        all.into_iter().for_each(BoxBlocking::run);
    }

    fn offload(&self, limit: usize) -> Offload<Self> {
        Offload::builder(self.clone()).limit(limit).build()
    }
}

fn touch_offload(offload: &Offload<Keeps>) {
    let _ = (offload.stats(), format!("{offload:?}"));
    use_up(offload.run(|| ()));
    use_up(offload.map([1], drop).collect());
    use_up(OfStreamed(offload.stream(|| [1])));
}

fn nobody_waits(offload: &Offload<Keeps>) -> bool {
    let stats = offload.stats();
    (stats.waiting, stats.granted) == (0, 0)
}

/// Places come free.
pub(crate) struct OfOffloadLine(Keeps, Offload<Keeps>);

impl Scene for OfOffloadLine {
    type Wait = Run<Keeps, Work, ()>;

    const NAME: &'static str = "Offload, in line";

    const WAKE_PANIC_GOES_ON: bool = false;

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let keeps = Keeps::default();
        let offload = keeps.offload(PLENTY);
        (0..PLENTY).for_each(|_| use_up(offload.run(|| ())));
        Self(keeps, offload)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.1.run(|| ())
    }

    fn tell(&self) {
        self.0.run_all();
    }

    fn touch(self: &Arc<Self>) {
        touch_offload(&self.1);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.1)
    }
}

/// Closures end.
pub(crate) struct OfOffloaded(Keeps, Offload<Keeps>);

impl Scene for OfOffloaded {
    type Wait = Run<Keeps, Work, ()>;

    const NAME: &'static str = "Offload, at the runtime";

    const WAKE_PANIC_GOES_ON: bool = false;

    fn new() -> Self {
        let keeps = Keeps::default();
        let offload = keeps.offload(10 * PLENTY);
        Self(keeps, offload)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        self.1.run(|| ())
    }

    fn tell(&self) {
        self.0.run_all();
    }

    fn touch(self: &Arc<Self>) {
        touch_offload(&self.1);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.1)
    }
}

/// The next of a stream.
pub(crate) struct OfStreamed(ReadAhead<Keeps, u32>);

impl Future for OfStreamed {
    type Output = Option<Result<u32, Failure<SpawnErrorKind>>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        futures_util::Stream::poll_next(Pin::new(&mut self.0), cx)
    }
}

/// Items come.
pub(crate) struct OfReadAhead(Keeps, Offload<Keeps>);

impl Scene for OfReadAhead {
    type Wait = OfStreamed;

    const NAME: &'static str = "Offload, read ahead";

    const WAKE_PANIC_GOES_ON: bool = false;

    fn new() -> Self {
        let keeps = Keeps::default();
        let offload = keeps.offload(10 * PLENTY);
        Self(keeps, offload)
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        OfStreamed(self.1.stream(|| 0..3).ahead(2))
    }

    fn tell(&self) {
        self.0.run_all();
    }

    fn touch(self: &Arc<Self>) {
        touch_offload(&self.1);
    }

    fn is_left_by_all(&self) -> bool {
        nobody_waits(&self.1)
    }
}
