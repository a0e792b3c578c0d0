//! What the current thread stands in: a stack of values, found by type, innermost first.

use alloc::rc::Rc;
use alloc::vec::Vec;
use core::any::Any;
use core::cell::RefCell;
use core::marker::PhantomData;

std::thread_local! {
    static STACK: RefCell<Vec<Rc<dyn Any>>> = const { RefCell::new(Vec::new()) };
}

/// Puts `value` on the stack until the guard is dropped.
pub(crate) fn enter(value: Rc<dyn Any>) -> Entered {
    let _ = STACK.try_with(|stack| stack.borrow_mut().push(value));
    Entered(PhantomData)
}

/// The innermost value of type `T`, if this thread stands in one.
pub(crate) fn find<T: 'static>() -> Option<Rc<T>> {
    find_where(|_| true)
}

/// The innermost value of type `T` that is the right one.
pub(crate) fn find_where<T: 'static>(is_right: impl Fn(&T) -> bool) -> Option<Rc<T>> {
    let found = STACK.try_with(|stack| {
        let stack = stack.borrow();
        stack.iter().rev().find(|value| value.downcast_ref::<T>().is_some_and(&is_right)).cloned()
    });
    found.ok().flatten().and_then(|value| value.downcast().ok())
}

/// Guards are dropped in reverse order, since they never leave the function that entered.
#[must_use]
pub(crate) struct Entered(PhantomData<*const ()>);

impl Drop for Entered {
    fn drop(&mut self) {
        // Popped in one step and dropped in another: the value's own `Drop` may look at the stack.
        let popped = STACK.try_with(|stack| stack.borrow_mut().pop());
        drop(popped);
    }
}
