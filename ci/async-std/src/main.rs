//! An application on async-std: the same service as `examples/smol_app`, with async-std's sockets, and proof that both stand on
//! the same threads.

#[path = "../../../examples/smol_app/service.rs"]
mod service;

use async_std::net::{TcpListener, TcpStream};
use async_std::task;
use futures_util::stream;
use std::collections::BTreeSet;
use std::time::Duration;
use std::{fs, io, thread};
use untether::rt::async_std::AsyncStd;
use untether::spawn::{SpawnExt, yield_now};
use untether::time::{TimeoutExt, Timer};

fn threads() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}

/// The names of the threads that run our tasks, and of those that run async-std's own.
async fn who_runs_what() -> [BTreeSet<Option<String>>; 2] {
    let mut seen = [BTreeSet::new(), BTreeSet::new()];
    let name = || thread::current().name().map(str::to_string);
    for _ in 0..200 {
        let ours = AsyncStd.spawn_task(async move {
            yield_now().await;
            name()
        });
        seen[0].insert(ours.expect("it is running").await.expect("it ends"));
        seen[1].insert(task::spawn(async move { name() }).await);
    }
    seen
}

async fn stands_on_the_same_threads() -> io::Result<()> {
    // async-std's own things first, so that everything it needs is there.
    task::spawn(task::sleep(Duration::from_millis(1))).await;
    let before = threads()?;
    let [ours, theirs] = who_runs_what().await;
    AsyncStd.sleep(Duration::from_millis(1)).await;
    assert_eq!(threads()?, before, "the adapter started a thread");
    assert_eq!(ours, theirs);
    println!("{before} threads before and after; tasks of either run on {ours:?}");
    // Either's sleep under the other's limit.
    assert!(task::sleep(Duration::from_millis(1)).timeout(Duration::from_secs(5), AsyncStd).await.is_ok());
    let slept = AsyncStd.sleep(Duration::from_secs(60));
    assert!(async_std::future::timeout(Duration::from_millis(5), slept).await.is_err());
    // And tasks that are not `Send`, in async-std's own block_on.
    let stays = std::rc::Rc::new(7);
    let local = AsyncStd.spawn_local_task(async move { *stays }).expect("it is running");
    assert_eq!(local.await.expect("it ends"), 7);
    Ok(())
}

fn main() -> io::Result<()> {
    task::block_on(application())
}

async fn application() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let ends = [TcpStream::connect(address).await?, TcpStream::connect(address).await?];
    let incoming = stream::unfold(listener, async |listener| {
        Some((listener.accept().await.map(|(socket, _)| socket), listener))
    });
    service::run(AsyncStd, Box::pin(incoming), ends).await?;
    stands_on_the_same_threads().await
}
