//! The locks of async-lock, and a value that is made once.

use super::*;
use futures_util::FutureExt;
use std::future::poll_fn;
use std::pin::Pin;
use untether::sync::{Mutex as AsyncMutex, OnceCell, RwLock};

type Boxed<T = ()> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What keeps the others out.
type Held = Mutex<Option<Box<dyn Send>>>;

fn holding(guard: Option<impl Send + 'static>) -> Held {
    Mutex::new(guard.map(|guard| Box::new(guard) as Box<dyn Send>))
}

fn let_go(held: &Held) {
    let guard = held.lock().unwrap().take();
    drop(guard);
}

pub(crate) struct OfMutex(Arc<AsyncMutex<()>>, Held);

impl Scene for OfMutex {
    type Wait = Boxed;

    const NAME: &'static str = "async-lock, Mutex";

    const ALL: bool = false;

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let mutex = Arc::new(AsyncMutex::new(()));
        let held = mutex.try_lock_arc();
        Self(mutex, holding(held))
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Box::pin(self.0.lock_arc().map(drop))
    }

    fn tell(&self) {
        let_go(&self.1);
    }

    fn touch(self: &Arc<Self>) {
        use_up(Box::pin(self.0.lock()));
        let _ = (self.0.try_lock().is_some(), format!("{:?}", self.0));
    }
}

macro_rules! of_rwlock {
    ($name:ident, $said:literal, $wait:ident) => {
        pub(crate) struct $name(&'static RwLock<()>, Held);

        impl Scene for $name {
            type Wait = Boxed;

            const NAME: &'static str = $said;

            const ALL: bool = false;

            const DROP_PANIC_GOES_ON: bool = true;

            fn new() -> Self {
                let lock: &'static RwLock<()> = Box::leak(Box::new(RwLock::new(())));
                let held = lock.try_write();
                Self(lock, holding(held))
            }

            fn wait(self: &Arc<Self>) -> Self::Wait {
                Box::pin(self.0.$wait().map(drop))
            }

            fn tell(&self) {
                let_go(&self.1);
            }

            fn touch(self: &Arc<Self>) {
                use_up(Box::pin(self.0.read()));
                use_up(Box::pin(self.0.write()));
                let _ = (self.0.try_read().is_some(), self.0.try_write().is_some(), format!("{:?}", self.0));
            }
        }
    };
}

of_rwlock!(OfRead, "async-lock, RwLock::read", read);
of_rwlock!(OfWrite, "async-lock, RwLock::write", write);

/// A cell, and the one who makes its value when it is told to.
pub(crate) struct OfOnceCell {
    cell: &'static OnceCell<u8>,
    maker: Mutex<Option<Boxed>>,
    go: Arc<AtomicBool>,
}

impl Scene for OfOnceCell {
    type Wait = Boxed;

    const NAME: &'static str = "async-lock, OnceCell";

    const DROP_PANIC_GOES_ON: bool = true;

    fn new() -> Self {
        let (cell, go): (&'static OnceCell<u8>, _) =
            (Box::leak(Box::new(OnceCell::new())), Arc::new(AtomicBool::new(false)));
        let may = go.clone();
        let make = move || {
            poll_fn(move |_| if may.load(Ordering::Acquire) { Poll::Ready(1) } else { Poll::Pending })
        };
        let mut maker: Boxed = Box::pin(cell.get_or_init(make).map(|_| ()));
        assert!(!poll(&mut maker, Waker::noop()));
        Self { cell, maker: Mutex::new(Some(maker)), go }
    }

    fn wait(self: &Arc<Self>) -> Self::Wait {
        Box::pin(self.cell.get_or_init(async || 2).map(|_| ()))
    }

    fn tell(&self) {
        self.go.store(true, Ordering::Release);
        let maker = self.maker.lock().unwrap().take();
        maker.into_iter().for_each(use_up);
    }

    fn touch(self: &Arc<Self>) {
        use_up(Box::pin(self.cell.get_or_init(async || 3)));
        use_up(Box::pin(self.cell.wait()));
        let _ = (self.cell.get(), self.cell.is_initialized(), format!("{:?}", self.cell));
    }
}
