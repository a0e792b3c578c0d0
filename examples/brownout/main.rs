//! What retries, hedges, budgets and breakers make of a service that browns out: a table, and a picture.
//!
//! `cargo run --example brownout --features testing`
//!
//! It runs on the simulator's time: twelve minutes in a few seconds, and the same figures every time. The picture is written to
//! `target/brownout.svg`, or to the file that is named.

mod drawing;
mod model;
mod stacks;

use model::Figures;
use std::fs;

fn main() -> std::io::Result<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "target/brownout.svg".to_owned());
    println!("a service for 400 calls a second is slow for 20 s; 200 clients ask 200 times a second\n");
    println!(
        "{:<20} {:>13} {:>8} {:>10} {:>7}  well again",
        "", "calls/request", "before", "meanwhile", "after"
    );
    let mut runs = Vec::new();
    for (name, stack) in stacks::ALL {
        let seconds = model::play(1, stack)[0];
        let Figures { amplification, before, meanwhile, after, recovered } = Figures::of(&seconds);
        let recovered = recovered.map_or_else(|| "never".to_owned(), |seconds| format!("after {seconds} s"));
        let [before, meanwhile, after] =
            [before, meanwhile, after].map(|part| format!("{:.0} %", part * 100.0));
        println!("{name:<20} {amplification:>13.2} {before:>8} {meanwhile:>10} {after:>7}  {recovered}");
        let summary = format!("{amplification:.2} calls per request; well again: {recovered}");
        runs.push((*name, seconds, summary));
    }
    if let Some(folder) = std::path::Path::new(&file).parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, drawing::svg(&runs))?;
    println!("\ndrawn in {file}");
    Ok(())
}
