//! Settings from a file: `cargo run --example settings --features serde`.
//!
//! A part of the keys is enough; policies are tables as well; and a mistake is told by the name of its key.

use std::fs;
use untether::limit::Quota;
use untether::retry::schedule::{Backoff, Curve};
use untether::settings::{BulkheadRules, Settings};
use untether::time::Seed;

const POLICIES: &str = r#"
    [retry]
    first = "250ms"
    cap = "2s"
    jitter = "full"
    attempts = 6

    [rate]
    cells = 600
    per = "1m"
    burst = 10

    [bulkhead]
    concurrency = 4
    queue = 16
    max_wait = "2s"
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/settings.toml");
    let settings: Settings = toml::from_str(&fs::read_to_string(file)?)?;
    println!("{}: {:#?}", settings.module.name, settings.r#async);

    let policies: toml::Table = toml::from_str(POLICIES)?;
    let retry: Backoff<Curve> = policies["retry"].clone().try_into()?;
    let delays: Vec<_> = retry.delays(Seed::random()).map(|delay| format!("{delay:.0?}")).collect();
    println!("retries after {}", delays.join(", "));
    println!("{:?}", policies["rate"].clone().try_into::<Quota>()?);
    println!("{:?}", policies["bulkhead"].clone().try_into::<BulkheadRules>()?);

    println!("and what is wrong has a name:");
    for mistake in ["[async]\nmax_workers = 0", "[async]\ntimeout = 'soon'", "[async]\nmax_wokers = 4"] {
        let error = toml::from_str::<Settings>(mistake).expect_err("it is a mistake");
        println!("  {}", error.message().lines().next().unwrap_or_default());
    }
    Ok(())
}
