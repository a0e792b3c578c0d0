//! One program of what is in flight, the same on every adapter: eight requests, a close, one that comes too late.

use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use untether::spawn::{LocalRuntime, Runtime, SpawnExt};
use untether::task::InFlight;
use untether::time::Timer;

async fn request(done: Arc<AtomicUsize>, timer: impl Timer) {
    timer.sleep(Duration::from_millis(1)).await;
    done.fetch_add(1, Ordering::Relaxed);
}

async fn the_end(in_flight: &InFlight, done: &AtomicUsize) {
    in_flight.close();
    assert!(in_flight.enter().is_err());
    in_flight.wait_idle().await;
    assert_eq!((in_flight.len(), done.load(Ordering::Relaxed)), (0, 8));
}

async fn program(rt: impl Runtime) {
    let (in_flight, done) = (Arc::new(InFlight::new()), Arc::new(AtomicUsize::new(0)));
    for _ in 0..8 {
        let request = InFlight::track_owned(in_flight.clone(), request(done.clone(), rt.clone()));
        rt.spawn_task(request.unwrap()).unwrap().detach();
    }
    the_end(&in_flight, &done).await;
}

async fn local_program(rt: impl LocalRuntime) {
    let (in_flight, done) = (Rc::new(InFlight::new()), Arc::new(AtomicUsize::new(0)));
    for _ in 0..8 {
        let request = InFlight::track_owned(in_flight.clone(), request(done.clone(), rt.clone()));
        rt.spawn_local_task(request.unwrap()).unwrap().detach();
    }
    the_end(&in_flight, &done).await;
}

on_every_runtime!(program, local_program);
