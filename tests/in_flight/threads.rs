//! On threads.

use super::*;
use std::thread;
use std::time::Duration;

#[test]
fn a_thread_waits_as_a_task_does() {
    let in_flight = Arc::new(InFlight::new());
    let entry = InFlight::enter_owned(in_flight.clone()).unwrap();
    let still_waits = in_flight.wait_idle().wait_timeout(Duration::from_millis(1));
    let still_waits = still_waits.expect_err("one is in");
    let goes = thread::spawn(move || drop(entry));
    still_waits.wait();
    goes.join().unwrap();
}

#[test]
fn of_many_who_come_and_go_while_it_is_closed_each_was_counted_or_refused() {
    for _ in 0..untether_support::cases(50) {
        let (in_flight, inside) = (Arc::new(InFlight::new()), Arc::new(AtomicUsize::new(0)));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let (in_flight, inside) = (in_flight.clone(), inside.clone());
                thread::spawn(move || {
                    let mut times = 0_u32;
                    while let Ok(entry) = in_flight.enter() {
                        inside.fetch_add(1, Ordering::Relaxed);
                        inside.fetch_sub(1, Ordering::Relaxed);
                        drop(entry);
                        times += 1;
                    }
                    times
                })
            })
            .collect();
        in_flight.wait_idle().wait();
        in_flight.close();
        in_flight.wait_idle().wait();
        assert_eq!(inside.load(Ordering::Relaxed), 0, "closed and idle is the end of it");
        threads.into_iter().for_each(|thread| _ = thread.join().unwrap());
        assert!(in_flight.is_empty());
    }
}
