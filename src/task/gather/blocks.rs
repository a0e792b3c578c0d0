//! Children that stay where they are, 16 to an allocation.
//!
//! A pinned `Vec` cannot be projected to its elements without `unsafe`; a pinned pair can be to its halves. So a block is a pair of pairs
//! of pairs of pairs, and the way to a child is the bits of its index.

use super::ends::{Ended, drop_child, poll_child};
use crate::sys::unwind::Panic;
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::pin::Pin;
use core::task::{Context, Poll};

/// How many children a block holds. `Few` is as many as that.
pub(super) const BLOCK: usize = 16;
/// The largest block, in bytes: it is made on the stack. Larger children have an allocation each.
const LARGEST: usize = 4 * 1024;

pin_project_lite::pin_project! {
    struct Pair<H> {
        #[pin]
        left: H,
        #[pin]
        right: H,
    }
}

pin_project_lite::pin_project! {
    struct Leaf<F> {
        #[pin]
        child: Option<F>,
    }
}

type Block<F> = Pair<Pair<Pair<Pair<Leaf<F>>>>>;

/// A leaf, or two trees.
trait Tree<F> {
    const LEAVES: usize;
    fn empty() -> Self;
    fn at(self: Pin<&mut Self>, index: usize) -> Pin<&mut Option<F>>;
}

impl<F> Tree<F> for Leaf<F> {
    const LEAVES: usize = 1;

    fn empty() -> Self {
        Self { child: None }
    }

    #[inline(always)]
    fn at(self: Pin<&mut Self>, _: usize) -> Pin<&mut Option<F>> {
        self.project().child
    }
}

impl<F, H: Tree<F>> Tree<F> for Pair<H> {
    const LEAVES: usize = 2 * H::LEAVES;

    fn empty() -> Self {
        Self { left: H::empty(), right: H::empty() }
    }

    #[inline(always)]
    fn at(self: Pin<&mut Self>, index: usize) -> Pin<&mut Option<F>> {
        let this = self.project();
        let half = if index & H::LEAVES == 0 { this.left } else { this.right };
        half.at(index)
    }
}

/// Children by their index, each until it ends.
pub(super) struct Blocks<F>(Stored<F>);

enum Stored<F> {
    Together(Vec<Pin<Box<Block<F>>>>),
    Apart(Vec<Pin<Box<Leaf<F>>>>),
}

impl<F: Future> Blocks<F> {
    /// What the iterator gives, and how many that are.
    pub(super) fn new(children: impl Iterator<Item = F>) -> (Self, usize) {
        let mut count = 0;
        let counted = children.inspect(|_| count += 1);
        let blocks = if size_of::<Block<F>>() > LARGEST {
            Stored::Apart(counted.map(|child| Box::pin(Leaf { child: Some(child) })).collect())
        } else {
            Stored::Together(together(counted))
        };
        (Self(blocks), count)
    }

    #[inline(always)]
    fn at(&mut self, index: usize) -> Pin<&mut Option<F>> {
        match &mut self.0 {
            Stored::Together(blocks) => blocks[index / BLOCK].as_mut().at(index),
            Stored::Apart(leaves) => leaves[index].as_mut().at(0),
        }
    }

    /// Polls one that has yet to end. One that has ended stays as it is: it was woken late.
    #[inline(always)]
    pub(super) fn poll(&mut self, index: usize, cx: &mut Context<'_>) -> Poll<Ended<F::Output>> {
        poll_child(self.at(index), cx)
    }

    /// Drops this one, if it has yet to end.
    pub(super) fn clear(&mut self, index: usize, panicked: &mut Option<Panic>) {
        drop_child(self.at(index), panicked);
    }
}

/// Each child is written to its place in a block that is there already, so that no block of children goes through the stack.
fn together<F>(children: impl Iterator<Item = F>) -> Vec<Pin<Box<Block<F>>>> {
    let mut blocks: Vec<Pin<Box<Block<F>>>> = Vec::with_capacity(children.size_hint().0.div_ceil(BLOCK));
    for (index, child) in children.enumerate() {
        if index % BLOCK == 0 {
            blocks.push(Box::pin(Block::empty()));
        }
        let block = blocks.last_mut().expect("just pushed");
        block.as_mut().at(index).set(Some(child));
    }
    blocks
}
