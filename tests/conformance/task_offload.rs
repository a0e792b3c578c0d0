//! One program of what blocks, the same on every adapter that has threads for it: who gives up is back at once, a pool that is shared, and files
//! that are read in chunks and closed when nobody reads on.
#![expect(clippy::disallowed_methods, reason = "what blocks here blocks for a while that is known")]

use super::*;
use futures_util::StreamExt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use untether::spawn::SpawnBlocking;
use untether::task::Offload;
use untether::time::{TimeoutExt, Timer};

const MS: Duration = Duration::from_millis(1);

/// A file in chunks, opened by the first. Says whether it is open.
struct Chunks {
    path: PathBuf,
    file: Option<File>,
    open: Arc<AtomicBool>,
}

impl Iterator for Chunks {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

impl Chunks {
    fn of(path: &Path, open: &Arc<AtomicBool>) -> Self {
        Self { path: path.to_path_buf(), file: None, open: open.clone() }
    }

    fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        let file = match &mut self.file {
            Some(file) => file,
            closed => {
                let file = closed.insert(File::open(&self.path)?);
                self.open.store(true, Ordering::Release);
                file
            }
        };
        let mut chunk = Vec::with_capacity(1_024);
        file.take(1_024).read_to_end(&mut chunk)?;
        Ok(if chunk.is_empty() { None } else { Some(chunk) })
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        drop(self.file.take());
        self.open.store(false, Ordering::Release);
    }
}

/// A file of so many chunks and a bit, of which no two begin alike; gone with this.
struct OnDisk(PathBuf);

impl OnDisk {
    fn new(chunks: u32) -> Self {
        static NUMBER: AtomicUsize = AtomicUsize::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("untether-{}-{number}", std::process::id()));
        let chunk = |n: u32| n.to_le_bytes().into_iter().cycle().take(1_024);
        let bytes: Vec<u8> = (0..chunks).flat_map(chunk).chain([1, 2, 3]).collect();
        fs::write(&path, bytes).unwrap();
        Self(path)
    }
}

impl Drop for OnDisk {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

async fn until(rt: &impl Timer, what: &str, mut holds: impl FnMut() -> bool) {
    let waits = async {
        while !holds() {
            rt.sleep(MS).await;
        }
    };
    assert!(waits.timeout(Duration::from_secs(20), rt).await.is_ok(), "it never came: {what}");
}

/// Guide G's time-out of 50 ms came back after 500 ms, when its pool had waited for its thread. Bug 29.
async fn who_gives_up_is_back_at_once<R: Timer + SpawnBlocking + Clone>(rt: &R) {
    let offload = Offload::new(rt.clone());
    let ended = Arc::new(AtomicBool::new(false));
    let ends = ended.clone();
    let start = Instant::now();
    let work = move || {
        thread::sleep(500 * MS);
        ends.store(true, Ordering::Release);
    };
    let outcome = offload.run(work).timeout(50 * MS, rt).await;
    let took = start.elapsed();
    assert!(outcome.is_err() && took >= 50 * MS && took < 300 * MS, "{took:?}");
    assert_eq!(offload.stats().running, 1, "it runs on, and its place is taken");
    assert!(!ended.load(Ordering::Acquire));
    until(rt, "it runs to its end", || ended.load(Ordering::Acquire)).await;
    until(rt, "its place is free", || offload.stats().running == 0).await;
}

async fn one_pool_for_many_callers<R: Timer + SpawnBlocking + Clone>(rt: &R) {
    let offload = Offload::new(rt.clone());
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counts, notes) = (running.clone(), most.clone());
    let outcomes = offload.map(0..40_u32, move |n| {
        notes.fetch_max(counts.fetch_add(1, Ordering::AcqRel) + 1, Ordering::AcqRel);
        thread::sleep(MS);
        counts.fetch_sub(1, Ordering::AcqRel);
        n
    });
    let values = outcomes.collect().await.all().unwrap();
    assert!(values.into_iter().eq(0..40));
    assert!(most.load(Ordering::Acquire) <= 4);
}

/// Guide G's generator blocked the loop at each read, and left early it kept its file open. Bug 30.
async fn files_are_read_in_chunks_and_closed<R: Timer + SpawnBlocking + Clone>(rt: &R) {
    let (offload, file, open) =
        (Offload::new(rt.clone()), OnDisk::new(100), Arc::new(AtomicBool::new(false)));
    let chunks = Chunks::of(&file.0, &open);
    let mut stream = offload.stream(|| chunks).ahead(8);
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        bytes.extend(chunk.unwrap().unwrap());
        assert!(stream.len() <= 8);
    }
    assert!(!open.load(Ordering::Acquire), "it is closed when the end is read");
    assert_eq!(bytes, fs::read(&file.0).unwrap());

    for read in [0, 1, 3, 9] {
        let chunks = Chunks::of(&file.0, &open);
        let mut stream = offload.stream(|| chunks).ahead(4);
        for _ in 0..read {
            stream.next().await.unwrap().unwrap().unwrap();
        }
        drop(stream);
        until(rt, "the file is closed", || !open.load(Ordering::Acquire)).await;
    }
    let chunks = Chunks::of(Path::new("/there/is/no/such/file"), &open);
    let missing = offload.stream(|| chunks).next().await.unwrap().unwrap();
    assert_eq!(missing.unwrap_err().kind(), io::ErrorKind::NotFound);
    until(rt, "all is quiet", || offload.stats().running == 0).await;
}

async fn program<R: Timer + SpawnBlocking + Clone>(rt: R) {
    who_gives_up_is_back_at_once(&rt).await;
    simulated_program(rt).await;
}

/// Without threads, what blocks blocks everybody: the time that passes in `tests/offload` is virtual.
async fn simulated_program<R: Timer + SpawnBlocking + Clone>(rt: R) {
    one_pool_for_many_callers(&rt).await;
    files_are_read_in_chunks_and_closed(&rt).await;
}

on_every_runtime! { program:
    threads = on_threads;
    tokio = on_tokio;
    tokio_on = from_outside_of_tokio;
    tokio_local = on_a_local_set;
    smol = on_smol;
    smol_on = on_an_executor;
    smol_local = on_a_local_executor;
    async_std = on_async_std;
    erased = on_any_runtime;
}

on_every_runtime! { simulated_program:
    sim = in_a_simulation;
}
