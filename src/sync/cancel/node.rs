//! One token in the tree, and how it hangs in it.
//!
//! A child keeps its parents; a parent knows its children without keeping them, each in a place of its own, which the child gives up
//! when it is dropped. So nothing is left behind in a parent that lives long, and a chain is taken apart from below, link by link.

use super::callback::{Callback, Callbacks};
use super::cause::{Cause, Inherited};
use super::signal::{Signal, State};
use super::walk::Request;
use crate::sys::arena::{Arena, Key};
use alloc::boxed::Box;
use alloc::sync::{Arc, Weak};
use alloc::vec::Vec;

pub(super) struct Node {
    pub(super) signal: Signal<Origin, Kin>,
    /// The parent, or the first of several.
    up: Option<Link>,
    others: Option<Box<[Link]>>,
}

/// What a node keeps under its lock, beside who waits.
#[derive(Default)]
pub(super) struct Kin {
    pub(super) callbacks: Callbacks,
    children: Arena<Weak<Node>>,
}

/// The request that reached a node first.
#[derive(Clone)]
pub(super) struct Origin {
    pub(super) request: Arc<Request>,
    /// It was made further up.
    pub(super) inherited: bool,
}

/// A parent, and the place there.
struct Link {
    parent: Arc<Node>,
    place: Key,
}

impl Origin {
    pub(super) fn cause(&self) -> Cause {
        if self.inherited {
            return Cause::Parent(Inherited(self.request.clone()));
        }
        self.request.cause().clone()
    }

    fn handed_down(&self) -> Self {
        Self { request: self.request.clone(), inherited: true }
    }
}

impl Node {
    #[inline]
    const fn new(up: Option<Link>, others: Option<Box<[Link]>>) -> Self {
        Self { signal: Signal::new(), up, others }
    }

    pub(super) const fn root() -> Self {
        Self::new(None, None)
    }

    /// Whether other parents than the one that a walk came from may have nobody but this node.
    pub(super) const fn has_several_parents(&self) -> bool {
        self.others.is_some()
    }

    pub(super) fn origin(&self) -> Option<Origin> {
        self.signal.why()
    }

    /// A child. That of a cancelled node is cancelled, and hangs nowhere.
    pub(super) fn child(self: &Arc<Self>) -> Arc<Self> {
        self.signal.with(|state| match state.why() {
            Some(origin) => {
                Arc::new(Self { signal: Signal::set_for(origin.handed_down()), up: None, others: None })
            }
            // LOCK: it is made in here, as it has to know its place, and the place has to know it.
            None => {
                let mut child = None;
                state.children().insert_with(|place| {
                    let up = Link { parent: self.clone(), place };
                    Arc::downgrade(child.insert(Arc::new(Self::new(Some(up), None))))
                });
                child.expect("made in the lines above")
            }
        })
    }

    /// A child of several.
    pub(super) fn child_of(parents: impl Iterator<Item = Arc<Self>>) -> Arc<Self> {
        // All of them before the first place is taken: the iterator is somebody else's code.
        let parents: Vec<_> = parents.collect();
        let mut links = parents.into_iter().map(|parent| {
            let place = parent.signal.with(|state| state.children().insert(Weak::new()));
            Link { parent, place }
        });
        let child = Arc::new(Self::new(links.next(), Some(links.collect())));
        let mut first = None;
        for Link { parent, place } in child.up.iter().chain(child.others.iter().flatten()) {
            let origin = parent.signal.with(|state| {
                state.hang(*place, &child);
                state.why().map(Origin::handed_down)
            });
            first = first.or(origin);
        }
        if let Some(origin) = first {
            // A request that came since the child was hung up may have been faster.
            let unneeded = child.signal.with(|state| child.signal.set(state, origin).err());
            drop(unneeded);
        }
        child
    }
}

impl State<Origin, Kin> {
    pub(super) fn callbacks(&mut self) -> &mut Callbacks {
        &mut self.make_more().callbacks
    }

    fn children(&mut self) -> &mut Arena<Weak<Node>> {
        &mut self.make_more().children
    }

    /// Takes the first callback out, to be called outside of the lock.
    pub(super) fn take_callback(&mut self) -> Option<Callback> {
        self.more_mut()?.callbacks.take_first()
    }

    /// Adds the children that are there to the list. Nobody's code runs here, so this may be called under the lock.
    pub(super) fn gather(&self, children: &mut Vec<Arc<Node>>) {
        if let Some(kin) = self.more() {
            children.reserve(kin.children.len());
            children.extend(kin.children.iter().filter_map(Weak::upgrade));
        }
    }

    /// Whether somebody is to be told.
    pub(super) fn has_listeners(&self) -> bool {
        self.has_waiters() || self.more().is_some_and(|kin| !kin.callbacks.is_empty())
    }

    fn hang(&mut self, place: Key, child: &Arc<Node>) {
        if let Some(empty) = self.children().get_mut(place) {
            *empty = Arc::downgrade(child);
        }
    }
}

/// Takes the node out of its parents, and then those that nobody else kept, one after the other and not one inside the other.
impl Drop for Node {
    #[inline]
    fn drop(&mut self) {
        let Some(up) = self.up.take() else { return };
        let (parent, others) = (Arc::into_inner(up.unhang()), self.others.take());
        if parent.is_some() || others.is_some() {
            take_apart(parent, others);
        }
    }
}

#[cold]
fn take_apart(mut last: Option<Node>, others: Option<Box<[Link]>>) {
    let mut waiting = others.map_or(Vec::new(), Vec::from);
    loop {
        let mut next = None;
        if let Some(mut node) = last.take() {
            next = node.up.take();
            waiting.extend(node.others.take().map_or(Vec::new(), Vec::from));
        }
        let Some(link) = next.or_else(|| waiting.pop()) else { return };
        last = Arc::into_inner(link.unhang());
    }
}

impl Link {
    #[inline]
    fn unhang(self) -> Arc<Node> {
        let child = self.parent.signal.with(|state| state.children().remove(self.place));
        drop(child);
        self.parent
    }
}

#[cfg(all(test, not(untether_loom)))]
mod tests {
    use super::*;
    use crate::sync::cancel::walk;
    use alloc::string::ToString;
    use alloc::vec;
    use proptest::prelude::*;

    #[derive(Clone, Debug)]
    enum Step {
        Child(usize),
        Any(Vec<usize>),
        Cancel(usize),
        Drop(usize),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            4 => any::<usize>().prop_map(Step::Child),
            2 => prop::collection::vec(any::<usize>(), 0..4).prop_map(Step::Any),
            1 => any::<usize>().prop_map(Step::Cancel),
            3 => any::<usize>().prop_map(Step::Drop),
        ]
    }

    /// A family that knows all its members for ever.
    #[derive(Default)]
    struct Twin(Vec<Member>);

    struct Member {
        /// Who has a place for it.
        parents: Vec<usize>,
        /// The number of the request, and whether it was made here.
        cancelled: Option<(usize, bool)>,
        /// None once the test has dropped it.
        handle: Option<Arc<Node>>,
    }

    impl Twin {
        fn push(&mut self, handle: Arc<Node>, parents: Vec<usize>, places_if_cancelled: bool) {
            let inherited = parents.iter().find_map(|parent| self.0[*parent].cancelled);
            let parents = if inherited.is_some() && !places_if_cancelled { Vec::new() } else { parents };
            let cancelled = inherited.map(|(request, _)| (request, false));
            self.0.push(Member { parents, cancelled, handle: Some(handle) });
        }

        fn cancel(&mut self, member: usize, request: (usize, bool)) {
            if self.0[member].cancelled.is_some() {
                return;
            }
            self.0[member].cancelled = Some(request);
            for child in 0..self.0.len() {
                if self.0[child].parents.contains(&member) {
                    self.cancel(child, (request.0, false));
                }
            }
        }

        fn children(&self, member: usize) -> impl Iterator<Item = usize> + '_ {
            let members = self.0.iter().enumerate();
            members.flat_map(move |(child, other)| {
                other.parents.iter().filter(move |parent| **parent == member).map(move |_| child)
            })
        }

        fn lives(&self, member: usize) -> bool {
            self.0[member].handle.is_some() || self.children(member).any(|child| self.lives(child))
        }

        /// Members that the test still holds.
        fn held(&self) -> Vec<usize> {
            (0..self.0.len()).filter(|member| self.0[*member].handle.is_some()).collect()
        }

        fn handle(&self, member: usize) -> Arc<Node> {
            self.0[member].handle.clone().expect("held")
        }
    }

    proptest! {
        #[test]
        fn it_behaves_as_a_family_that_knows_all_its_members(steps in prop::collection::vec(step(), 0..60)) {
            let mut twin = Twin::default();
            twin.push(Arc::new(Node::root()), Vec::new(), false);
            for (number, step) in steps.into_iter().enumerate() {
                let held = twin.held();
                let pick = |which: usize| held[which % held.len()];
                match step {
                    Step::Child(of) if !held.is_empty() => {
                        let child = twin.handle(pick(of)).child();
                        twin.push(child, vec![pick(of)], false);
                    }
                    Step::Any(of) if !held.is_empty() => {
                        let parents: Vec<usize> = of.into_iter().map(pick).collect();
                        let child = Node::child_of(parents.iter().map(|parent| twin.handle(*parent)));
                        twin.push(child, parents, true);
                    }
                    Step::Cancel(which) if !held.is_empty() => {
                        let member = pick(which);
                        let first = walk::cancel(&twin.handle(member), Cause::error(number.to_string()));
                        prop_assert_eq!(first, twin.0[member].cancelled.is_none());
                        twin.cancel(member, (number, true));
                    }
                    Step::Drop(which) if !held.is_empty() => twin.0[pick(which)].handle = None,
                    _ => {}
                }
                for member in twin.held() {
                    let node = twin.handle(member);
                    let seen = node.origin().map(|origin| {
                        let Cause::Error(error) = origin.request.cause() else { unreachable!("only errors") };
                        (error.to_string(), !origin.inherited)
                    });
                    let expected = twin.0[member].cancelled.map(|(request, own)| (request.to_string(), own));
                    prop_assert_eq!(node.signal.is_set(), expected.is_some());
                    prop_assert_eq!(seen, expected);
                    let places = node.signal.with(|state| state.more().map_or(0, |kin| kin.children.len()));
                    let living = twin.children(member).filter(|child| twin.lives(*child)).count();
                    prop_assert_eq!(places, living, "of {} at step {}", member, number);
                }
            }
        }
    }

    #[test]
    fn a_token_is_small() {
        assert!(size_of::<Node>() <= 96, "{}", size_of::<Node>());
    }
}
