//! Work that blocks: `cargo run --example files --features tokio,smol,async-std,signal -- --runtime tokio`.
//!
//! Eight files are summed up on blocking threads, four at once. What was fetched is digested there and then saved. A large file is read in chunks
//! of 1,024 bytes, of which no more are in memory than were asked for. All the while a task ticks on the loop, which nothing of it holds up.

mod on;

use futures_util::StreamExt;
use std::error::Error;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use untether::spawn::{AnyRuntime, SpawnExt};
use untether::task::Offload;
use untether::time::{Clock, Timer};

const MS: Duration = Duration::from_millis(1);

type Anyhow = Box<dyn Error + Send + Sync>;

/// Slow, as a digest of a real file is: on the loop it would stop all others for 50 ms.
#[expect(clippy::disallowed_methods, reason = "it blocks on purpose, where it may")]
fn sum(bytes: &[u8]) -> u64 {
    std::thread::sleep(50 * MS);
    bytes.iter().map(|byte| u64::from(*byte)).sum()
}

/// A file in chunks of 1,024 bytes. It is opened by the first, on the same thread as all else of it.
struct Chunks {
    path: PathBuf,
    file: Option<File>,
}

impl Chunks {
    fn of(path: &Path) -> Self {
        Self { path: path.to_path_buf(), file: None }
    }

    fn read(&mut self) -> io::Result<Option<Vec<u8>>> {
        let file = match &mut self.file {
            Some(file) => file,
            unopened => unopened.insert(File::open(&self.path)?),
        };
        let mut chunk = Vec::with_capacity(1_024);
        file.take(1_024).read_to_end(&mut chunk)?;
        Ok((!chunk.is_empty()).then_some(chunk))
    }
}

impl Iterator for Chunks {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read().transpose()
    }
}

/// A temporary directory with files in it.
struct Files(PathBuf);

impl Files {
    fn new() -> io::Result<Self> {
        let directory = std::env::temp_dir().join(format!("untether-files-{}", std::process::id()));
        fs::create_dir_all(&directory)?;
        for n in 1..=8_u8 {
            fs::write(directory.join(format!("{n}.txt")), vec![n; 10_000])?;
        }
        fs::write(directory.join("large.bin"), vec![1; 4 << 20])?;
        Ok(Self(directory))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Many files at once, each on a thread of its own.
async fn process_files(offload: &Offload<AnyRuntime>, files: &Files) {
    let mut paths: Vec<PathBuf> = (1..=8).map(|n| files.path(&format!("{n}.txt"))).collect();
    paths.push(files.path("missing.txt"));
    let sums = offload.map(paths, |path| fs::read(path).map(|bytes| sum(&bytes))).collect().await;
    // None is left out: the one that could not be read is there, at its index.
    for (n, outcome) in (1..).zip(sums) {
        match outcome.into_result().expect("none of them panics") {
            Ok(sum) => println!("  {n}.txt sums up to {sum}"),
            Err(error) => println!("  the {n}th could not be read: {error}"),
        }
    }
}

/// Fetch, then digest where it may block, then save.
async fn fetch_digest_save(
    rt: &AnyRuntime,
    offload: &Offload<AnyRuntime>,
    files: &Files,
) -> Result<(), Anyhow> {
    rt.sleep(20 * MS).await; // The network.
    let fetched = vec![7_u8; 1_000];
    let digest = offload.run(move || sum(&fetched)).await?;
    let path = files.path("digest.txt");
    offload.run(move || fs::write(path, digest.to_string())).await??;
    println!("  fetched, digested to {digest}, saved");
    Ok(())
}

/// A large file in constant memory.
async fn stream_a_large_file(offload: &Offload<AnyRuntime>, files: &Files) -> Result<(), Anyhow> {
    let chunks = Chunks::of(&files.path("large.bin"));
    let mut stream = offload.stream(|| chunks).ahead(16);
    let (mut bytes, mut most) = (0, 0);
    while let Some(chunk) = stream.next().await {
        bytes += chunk??.len();
        most = most.max(stream.len() + 1);
    }
    println!("  read {bytes} bytes, never more than {most} chunks of them at a time");
    assert!(bytes == 4 << 20 && most <= 17);
    Ok(())
}

async fn all(rt: AnyRuntime) -> Result<(), Anyhow> {
    let (files, ticks) = (Files::new()?, Arc::new(AtomicU64::new(0)));
    // One for the whole program: its limit is for all of it.
    let offload = Offload::builder(rt.clone()).limit(4).build();
    let (clock, counts) = (rt.clone(), ticks.clone());
    let ticking = rt.spawn_task(async move {
        loop {
            clock.sleep(5 * MS).await;
            counts.fetch_add(1, Ordering::Relaxed);
        }
    })?;
    let start = rt.now();
    let elapsed = || rt.now().saturating_duration_since(start).as_millis();
    process_files(&offload, &files).await;
    println!("eight files of 50 ms each, four at once: {} ms", elapsed());
    fetch_digest_save(&rt, &offload, &files).await?;
    println!("and a digest of what was fetched: {} ms", elapsed());
    stream_a_large_file(&offload, &files).await?;
    println!("and four megabytes in chunks: {} ms", elapsed());
    drop(ticking);
    let ticks = ticks.load(Ordering::Relaxed);
    println!("meanwhile the loop ticked {ticks} times: nothing of it held it up");
    assert!(ticks >= 10, "the loop stood still");
    Ok(())
}

fn main() -> Result<(), Anyhow> {
    on::run(|rt| on::until_ctrl_c(all(rt)))
}
