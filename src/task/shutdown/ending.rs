//! How what takes part in a shutdown may end.

use crate::task::{Failure, Outcome};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::convert::Infallible;
use core::error::Error;

/// The error of a participant, whatever it is.
pub type SharedError = Arc<dyn Error + Send + Sync>;

/// How what takes part in a [`Shutdown`](super::Shutdown) may end: with nothing, never, or with a result that has nothing or an error.
///
/// Of a [`Task`](crate::spawn::Task) that ends so, the handle does as well. Sealed.
pub trait Ending: seal::Sealed {
    #[doc(hidden)]
    fn into_failure(self) -> Option<Failure<SharedError>>;
}

mod seal {
    #[expect(unnameable_types, reason = "this is the seal")]
    pub trait Sealed {}

    impl Sealed for () {}
    impl Sealed for super::Never {}
    impl Sealed for core::convert::Infallible {}
    impl<T: super::Ending, E> Sealed for Result<T, E> {}
    impl<T: super::Ending, E> Sealed for super::Outcome<T, E> {}
}

/// What a loop without an end gives, which has no name in stable Rust but as what a function returns.
type Never = <fn() -> ! as Returns>::Output;

#[expect(unnameable_types, reason = "only the type of its one use is of interest")]
pub trait Returns {
    type Output;
}

impl<T> Returns for fn() -> T {
    type Output = T;
}

fn shared<E: Into<Box<dyn Error + Send + Sync>>>(error: E) -> SharedError {
    error.into().into()
}

impl Ending for () {
    fn into_failure(self) -> Option<Failure<SharedError>> {
        None
    }
}

impl Ending for Never {
    fn into_failure(self) -> Option<Failure<SharedError>> {
        self
    }
}

impl Ending for Infallible {
    fn into_failure(self) -> Option<Failure<SharedError>> {
        match self {}
    }
}

impl<T: Ending, E: Into<Box<dyn Error + Send + Sync>>> Ending for Result<T, E> {
    fn into_failure(self) -> Option<Failure<SharedError>> {
        Outcome::from(self).into_failure()
    }
}

impl<T: Ending, E: Into<Box<dyn Error + Send + Sync>>> Ending for Outcome<T, E> {
    fn into_failure(self) -> Option<Failure<SharedError>> {
        match self.into_result() {
            Ok(value) => value.into_failure(),
            Err(Failure::Error(error)) => Some(Failure::Error(shared(error))),
            Err(Failure::Cancelled(error)) => Some(Failure::Cancelled(error.map(shared))),
            Err(Failure::Panicked(panicked)) => Some(Failure::Panicked(panicked)),
        }
    }
}
