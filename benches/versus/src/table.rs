//! A row as text: for the screen, and in Markdown.

use crate::row::{Bar, Case, Kind, Row, Verdict};
use std::fmt::Write as _;

pub fn print(row: &Row) {
    println!("\n{:<62} {:>9} {:>7} {:>7} {:>6}  owed", row.name, "ns", "× peer", "allocs", "bytes");
    for case in &row.cases {
        let [ns, ratio, allocations, size, owed] = columns(row, case);
        let name = format!("{} {}", sign(case.kind), case.name);
        println!("  {name:<60} {ns:>9} {ratio:>7} {allocations:>7} {size:>6}  {owed}");
    }
}

pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| workload | | ns | × best peer | allocations | bytes | owed |\n|---|---|--:|--:|--:|--:|---|\n",
    );
    for row in rows {
        for (index, case) in row.cases.iter().enumerate() {
            let workload = if index == 0 { format!("{}, per {}", row.name, row.unit) } else { String::new() };
            let name = match case.kind {
                Kind::Ours => format!("**{}**", case.name),
                Kind::Floor | Kind::Shown => format!("*{}*", case.name),
                Kind::Peer => case.name.to_string(),
            };
            let columns = columns(row, case).join(" | ");
            writeln!(text, "| {workload} | {name} | {columns} |").expect("a string takes all");
        }
    }
    text
}

/// On the screen, where nothing is bold.
fn sign(kind: Kind) -> char {
    match kind {
        Kind::Peer => ' ',
        Kind::Ours => '*',
        Kind::Shown => '-',
        Kind::Floor => '_',
    }
}

fn columns(row: &Row, case: &Case) -> [String; 5] {
    let ns = case.watch.median();
    let ratio = row.ratio(case).map_or_else(String::new, multiple);
    let size = case.size.map_or_else(String::new, |size| size.to_string());
    [figures(ns), ratio, format!("{:.2}", case.watch.allocations()), size, owed(row, case)]
}

/// No more digits than repeat.
pub fn figures(ns: f64) -> String {
    if ns < 100.0 { format!("{ns:.1}") } else { format!("{ns:.0}") }
}

pub fn multiple(ratio: f64) -> String {
    if ratio < 0.095 { format!("{ratio:.3}") } else { format!("{ratio:.2}") }
}

fn owed(row: &Row, case: &Case) -> String {
    let mut told: Vec<String> = case.note.iter().map(|note| note()).collect();
    if case.kind == Kind::Shown && !row.is_bar(case) {
        told.push(String::from("shown, no bar"));
    }
    told.extend(row.verdicts(case).iter().map(verdict));
    told.join("; ")
}

fn verdict(verdict: &Verdict) -> String {
    let met = if verdict.met { "met" } else { "missed" };
    let of = match verdict.of {
        Bar::All(Kind::Peer) => return format!("≤ {:.2}: {met}", verdict.owed),
        Bar::All(Kind::Floor | Kind::Ours | Kind::Shown) => "the floor",
        Bar::Some { called, .. } => called,
    };
    format!("≤ {:.2} of {of}: {met} ({:.2})", verdict.owed, verdict.ratio)
}
