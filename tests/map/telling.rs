//! Who is told how far the work has come.

use super::*;
use untether::observe::Lines;

type Told = Vec<(usize, usize)>;

/// All that is told of items, some of which fail, panic, or wait.
fn told<I: Iterator<Item = u32>>(items: I) -> Told {
    let mut told = Vec::new();
    let work = async |n: u32| {
        if n % 2 == 0 {
            yield_now().await;
        }
        match n % 5 {
            3 => panic!("on purpose"),
            4 => Err("fifth"),
            _ => Ok(n),
        }
    };
    _ = drive(map(items, work).limit(3).on_progress(|done, total| told.push((done, total))).tally());
    told
}

#[test]
fn each_item_is_told_once_and_the_last_is_n_of_n_also_when_some_fail() {
    assert_eq!(told(0..50), (1..=50).map(|n| (n, 50)).collect::<Told>());
    assert_eq!(told(0..0), []);
}

#[test]
fn where_the_source_does_not_know_how_many_there_are_the_total_grows() {
    let told = told((0..100).filter(|n| n % 3 != 0));
    assert!(told.iter().map(|(done, _)| *done).eq(1..=66), "once each, and never backwards");
    assert!(told.is_sorted() && told.iter().all(|(done, total)| done <= total && total - done <= 3));
    assert_eq!(told.last(), Some(&(66, 66)));
}

#[test]
fn every_way_to_take_the_results_tells() {
    let count = Cell::new(0);
    let two =
        || map(0..2, |n: u32| ready(Ok::<_, ()>(n))).on_progress(|done, _| count.set(count.get() + done));
    drop(drive(two().collect()));
    drive(two().try_collect()).unwrap();
    all(two().ordered());
    all(two().as_completed());
    assert_eq!(count.get(), 4 * (1 + 2));
}

#[test]
fn one_that_waits_for_its_turn_is_told_when_it_has_ended() {
    let (gates, last) = (Gates::default(), Cell::new((0, 0)));
    let mut all = map(0..3, |n| gates.wait(n)).on_progress(|done, total| last.set((done, total))).ordered();
    let mut all = Pin::new(&mut all);
    assert!(next(all.as_mut()).is_pending());
    gates.open(2);
    assert!(next(all.as_mut()).is_pending());
    assert_eq!(last.get(), (1, 3));
}

#[test]
fn a_panic_of_who_is_told_is_reported_and_the_next_is_told_again() {
    let (mut told, lines) = (Vec::new(), RefCell::new(Vec::new()));
    let observer = Lines::new(|line: &str| lines.borrow_mut().push(line.to_string()));
    let tell = |done, _| {
        told.push(done);
        assert!(done != 2, "the bar is broken");
    };
    let work = |n: u32| ready(Ok::<_, ()>(n));
    let tally = drive(map(0..4, work).on_progress(tell).observed(&observer).tally());
    assert_eq!((tally.ok, told), (4, vec![1, 2, 3, 4]));
    assert_eq!(*lines.borrow(), ["progress_panicked message=the bar is broken"]);
}

#[test]
fn a_source_that_promised_more_than_it_has_is_no_harm() {
    struct Boasts(u32);
    impl Iterator for Boasts {
        type Item = u32;
        fn next(&mut self) -> Option<u32> {
            self.0 = self.0.checked_sub(1)?;
            Some(self.0)
        }
        fn size_hint(&self) -> (usize, Option<usize>) {
            (usize::MAX, None)
        }
    }
    let told = told(Boasts(5));
    assert!(told.iter().map(|(done, _)| *done).eq(1..=5));
    assert_eq!(map(Boasts(5), |n| ready(Ok::<_, ()>(n))).ordered().size_hint(), (usize::MAX, None));
    assert_eq!(drive(map(Boasts(5), |n| ready(Ok::<_, ()>(n))).collect()).len(), 5);
}
