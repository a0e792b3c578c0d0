//! Panics of tasks that nobody awaits, for whoever stands around them and wants to know: the simulator.

use super::ambient;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::RefCell;
use core::fmt::Display;

/// Collects them while it is on the ambient stack.
#[derive(Default)]
pub(crate) struct Unseen(RefCell<Vec<Panicked>>);

#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only the simulator wants to know"))]
pub(crate) struct Panicked {
    pub(crate) task: String,
    pub(crate) message: String,
}

impl Unseen {
    /// The first one that was noted.
    #[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "only the simulator wants to know"))]
    pub(crate) fn take(&self) -> Option<Panicked> {
        let mut noted = self.0.borrow_mut();
        if noted.is_empty() { None } else { Some(noted.remove(0)) }
    }
}

/// Notes the panic of a task whose outcome nobody will see.
pub(crate) fn note(task: &impl Display, message: &str) {
    if let Some(unseen) = ambient::find::<Unseen>() {
        let panicked = Panicked { task: task.to_string(), message: message.to_string() };
        unseen.0.borrow_mut().push(panicked);
    }
}
