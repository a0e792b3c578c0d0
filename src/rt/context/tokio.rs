//! The runtime around this call: tokio's, which can be asked.

use crate::rt::tokio::TokioOn;
use crate::spawn::AnyRuntime;
use tokio::runtime::Handle;

/// By its handle: whoever keeps it may use it elsewhere.
pub(super) fn find() -> Option<AnyRuntime> {
    Handle::try_current().ok().map(|runtime| AnyRuntime::new(TokioOn(runtime)))
}
