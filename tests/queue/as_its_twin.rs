//! Any sequence of calls on a queue of any kind, beside a naive one; and who is told, exactly when it can go on.

use super::model::{Item, Twin};
use super::pair::{Pair, Step, pick};
use super::*;
use proptest::prelude::*;

fn step() -> impl Strategy<Value = Step> {
    let (any, few) = (any::<usize>(), 0..5_usize);
    prop_oneof![
        8 => few.clone().prop_map(Step::Send),
        4 => few.clone().prop_map(Step::TrySend),
        2 => few.clone().prop_map(Step::Force),
        2 => few.clone().prop_map(Step::SendMany),
        4 => few.clone().prop_map(Step::Reserve),
        2 => few.clone().prop_map(Step::TryReserve),
        9 => Just(Step::Recv),
        4 => Just(Step::TryRecv),
        2 => (1..5_usize).prop_map(Step::RecvMany),
        2 => Just(Step::Empty),
        16 => any.prop_map(Step::Poll),
        8 => any.prop_map(Step::Drop),
        4 => (any, few.clone()).prop_map(|(which, weight)| Step::SendInto(which, weight)),
        3 => any.prop_map(Step::DropPermit),
        2 => Just(Step::Peek),
        2 => any.prop_map(Step::PutBack),
        1 => any.prop_map(Step::Take),
        1 => few.clone().prop_map(Step::Retain),
        1 => Just(Step::Drain),
        1 => few.prop_map(Step::SetCapacity),
        1 => prop_oneof![3 => Just(Step::TryRecv), 2 => Just(Step::Close), 1 => Just(Step::CloseNow)],
    ]
}

fn run<S: Storage<Item = Item>>(queue: &Queue<Item, S>, counts: bool, mut twin: Twin, steps: &[Step]) {
    twin.capacity = queue.capacity().unwrap_or(usize::MAX / 2);
    let mut pair = Pair::new(queue, counts, twin);
    steps.iter().for_each(|step| pair.step(*step));
    // All go, one after the other, and leave what is there.
    while let Some(id) = pick(&pair.waiting, 0) {
        pair.step(Step::Drop(id));
    }
    while !pair.permits.is_empty() {
        pair.step(Step::DropPermit(0));
    }
    while !pair.guards.is_empty() {
        pair.step(Step::PutBack(0));
    }
    let stats = queue.stats();
    assert_eq!((stats.senders_waiting, stats.receivers_waiting, stats.granted, stats.reserved), (0, 0, 0, 0));
    pair.step(Step::CloseNow);
}

fn overflow() -> impl Strategy<Value = Overflow> {
    let others = vec![Overflow::Reject, Overflow::DropOldest, Overflow::DropNewest];
    prop_oneof![3 => Just(Overflow::Wait), 1 => prop::sample::select(others)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(150)))]

    #[test]
    fn first_in_first_out_it_does_what_a_naive_one_does(
        capacity in 1..5_usize, overflow in overflow(), steps in prop::collection::vec(step(), 0..100),
    ) {
        let queue = Queue::builder(capacity).overflow(overflow).build();
        run(&queue, true, Twin::new(false, overflow), &steps);
    }

    #[test]
    fn so_does_one_without_a_bound(steps in prop::collection::vec(step(), 0..100)) {
        run(&Queue::unbounded(), true, Twin::new(false, Overflow::Wait), &steps);
    }

    #[test]
    fn so_does_one_that_goes_from_hand_to_hand(steps in prop::collection::vec(step(), 0..100)) {
        run(&Queue::rendezvous(), true, Twin::new(false, Overflow::Wait), &steps);
    }

    #[test]
    fn so_does_one_of_the_freshest_first(
        capacity in 1..5_usize, overflow in overflow(), steps in prop::collection::vec(step(), 0..100),
    ) {
        let queue = Queue::builder(capacity).overflow(overflow).lifo().build();
        run(&queue, true, Twin::new(true, overflow), &steps);
    }

    #[test]
    fn so_does_one_by_weight(
        capacity in 1..8_usize, overflow in overflow(), steps in prop::collection::vec(step(), 0..100),
    ) {
        let queue = Queue::builder(capacity).overflow(overflow).weight(|item: &Item| item.weight).build();
        run(&queue, false, Twin::new(false, overflow), &steps);
    }
}
