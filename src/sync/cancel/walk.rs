//! A request on its way through the tree.
//!
//! First every node below is marked, then all who wait are woken, then callbacks run. Until the last node is marked nobody's code runs: when the
//! first waker or callback does, all below is cancelled already, and none of them can keep the request from the rest by a panic.
//!
//! Nodes that are found are kept in a list, so a chain takes no stack. One that another request has marked is left to that one if it
//! is through with everything below; if it is still on its way, this walk goes down there as well and waits for nobody. So when a request
//! returns, all below is cancelled, whoever came first.

use super::cause::Cause;
use super::node::{Node, Origin};
use crate::sys::atomic::AtomicBool;
use crate::sys::unwind::{self, Panic};
use crate::sys::wake::{self, Round};
use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::sync::atomic::Ordering;

/// One for all nodes that it reaches first.
pub(super) struct Request {
    cause: Cause,
    /// All below the node it was made at is marked.
    is_through: AtomicBool,
}

impl Request {
    fn new(cause: Cause) -> Arc<Self> {
        let request = Self { cause, is_through: AtomicBool::new(false) };
        // A model makes its atomics at their first use, which has to come before they are shared.
        request.is_through.load(Ordering::Relaxed);
        Arc::new(request)
    }

    pub(super) const fn cause(&self) -> &Cause {
        &self.cause
    }

    fn is_through(&self) -> bool {
        // ORDERING: Acquire, pairs with the Release in `cancel`: whoever leaves the rest to this request returns after all of it was marked.
        self.is_through.load(Ordering::Acquire)
    }
}

/// Cancels a node and all below it. `false` if it was cancelled before.
pub(super) fn cancel(top: &Arc<Node>, cause: Cause) -> bool {
    if top.signal.is_set() && top.origin().is_some_and(|origin| origin.request.is_through()) {
        return false;
    }
    let request = Request::new(cause);
    let mut walk = Walk::new(&request);
    let first = walk.visit(top.clone(), false);
    while let Some(node) = walk.found.pop() {
        walk.visit(node, true);
    }
    // ORDERING: Release, pairs with the Acquire of `is_through`.
    request.is_through.store(true, Ordering::Release);
    if !walk.told.is_empty() || !walk.kept.is_empty() {
        tell(walk.told, walk.kept);
    }
    first
}

struct Walk<'a> {
    request: &'a Arc<Request>,
    /// Still to be visited.
    found: Vec<Arc<Node>>,
    /// To be told: marked by this request, and somebody waits there.
    told: Vec<Arc<Node>>,
    /// Not to be dropped on the way: the last of a node may be here, and with it an error that another request brought.
    kept: Vec<Arc<Node>>,
    /// Nodes of other requests below which this one has gone.
    helped: BTreeSet<usize>,
}

impl<'a> Walk<'a> {
    const fn new(request: &'a Arc<Request>) -> Self {
        Self { request, found: Vec::new(), told: Vec::new(), kept: Vec::new(), helped: BTreeSet::new() }
    }

    /// Marks a node and finds what is below it. `true` if this was the first request to come here.
    fn visit(&mut self, node: Arc<Node>, inherited: bool) -> bool {
        let origin = Origin { request: self.request.clone(), inherited };
        let (unneeded, is_told) = node.signal.with(|state| match node.signal.set(state, origin) {
            Ok(()) => {
                state.gather(&mut self.found);
                (None, state.has_listeners())
            }
            Err(unneeded) => {
                let first = state.why().map(|origin| &origin.request);
                let is_done =
                    first.is_none_or(|first| Arc::ptr_eq(first, self.request) || first.is_through());
                if !is_done && self.helped.insert(Arc::as_ptr(&node).addr()) {
                    state.gather(&mut self.found);
                }
                (Some(unneeded), false)
            }
        });
        let is_first = unneeded.is_none();
        if is_told {
            self.told.push(node);
        } else if !is_first || node.has_several_parents() {
            self.kept.push(node);
        }
        is_first
    }
}

/// Wakes who waits and runs callbacks. Whatever panics, the others are told; then the first panic goes on.
fn tell(nodes: Vec<Arc<Node>>, kept: Vec<Arc<Node>>) {
    let mut panicked = None;
    let mut left = nodes.iter();
    let mut next = left.next();
    let wake = || {
        wake::drain(|batch| {
            while let Some(node) = next {
                if node.signal.take_waiters(batch) == Round::More {
                    return Round::More;
                }
                next = left.next();
            }
            Round::Last
        });
    };
    keep_first(&mut panicked, wake);
    for node in &nodes {
        call_back(node, &mut panicked);
    }
    keep_first(&mut panicked, || drop((nodes, kept)));
    if let Some(panic) = panicked {
        unwind::resume_unless_unwinding(panic);
    }
}

/// One after the other, so that a callback can unregister those after it.
fn call_back(node: &Arc<Node>, panicked: &mut Option<Panic>) {
    while let Some((callback, origin)) =
        node.signal.with(|state| state.take_callback().zip(state.why().cloned()))
    {
        keep_first(panicked, || callback(&origin.cause()));
    }
}

fn keep_first(panicked: &mut Option<Panic>, body: impl FnOnce()) {
    if let Err(panic) = unwind::catch(body) {
        match panicked {
            Some(_) => unwind::discard(panic),
            None => *panicked = Some(panic),
        }
    }
}
