//! All rows as bars, in SVG: how much slower, or faster, than the best peer each case is.
//!
//! The scale is logarithmic, so that half the time is as far from the middle as twice the time. Rows without a peer are left out.

use crate::row::{Case, Kind, Row};
use crate::table::{figures, multiple};
use std::fmt::Write as _;

const WIDTH: f64 = 980.0;
/// Where the names end and the bars begin, and where these end.
const LEFT: f64 = 300.0;
const RIGHT: f64 = 860.0;
const LINE: f64 = 18.0;
const HEADING: f64 = 34.0;
const TOP: f64 = 64.0;
/// The ends of the scale; what lies beyond is drawn up to here.
const LEAST: f64 = 1.0 / 64.0;
const MOST: f64 = 4.0;
const TICKS: [(f64, &str); 9] = [
    (1.0 / 64.0, "1/64"),
    (1.0 / 32.0, "1/32"),
    (1.0 / 16.0, "1/16"),
    (0.125, "1/8"),
    (0.25, "1/4"),
    (0.5, "1/2"),
    (1.0, "1"),
    (2.0, "2"),
    (4.0, "4"),
];

const STYLE: &str = "text{font:12px sans-serif;fill:#222}.row{font-weight:bold}.end{text-anchor:end}\
    .mid{text-anchor:middle}.small{font-size:11px;fill:#555}.grid{stroke:#e3e3e3}.one{stroke:#555}\
    .ours{fill:#d9601a}.peer{fill:#8fa3b5}.shown{fill:#bccad6}.floor{fill:#d5dce2}.owed{stroke:#1a7f37;stroke-width:2}";

fn x(ratio: f64) -> f64 {
    let share = (ratio.clamp(LEAST, MOST) / LEAST).ln() / (MOST / LEAST).ln();
    LEFT + share * (RIGHT - LEFT)
}

pub fn svg(rows: &[Row]) -> String {
    let rows: Vec<&Row> =
        rows.iter().filter(|row| row.cases.iter().any(|case| case.kind == Kind::Peer)).collect();
    let lines: usize = rows.iter().map(|row| row.cases.len()).sum();
    let height = TOP + HEADING * rows.len() as f64 + LINE * lines as f64 + 16.0;
    let mut body = String::new();
    let mut y = TOP;
    for row in rows {
        y = draw(&mut body, row, y);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
         height=\"{height}\">\n<style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         {}{body}</svg>\n",
        frame(height)
    )
}

/// The legend and the grid.
fn frame(height: f64) -> String {
    let mut text = String::new();
    let keys = [
        ("ours", "ours", 62.0),
        ("peer", "peer", 62.0),
        ("shown", "shown, no bar", 118.0),
        ("floor", "floor: what the parts cost", 192.0),
    ];
    let mut left = LEFT;
    for (class, words, width) in keys {
        text += &format!("<rect class=\"{class}\" x=\"{left}\" y=\"12\" width=\"12\" height=\"12\"/>");
        text += &format!("<text x=\"{}\" y=\"22\">{words}</text>\n", left + 18.0);
        left += width;
    }
    text += &format!(
        "<path class=\"owed\" d=\"M{left} 11v14\"/><text x=\"{}\" y=\"22\">owed</text>\n",
        left + 8.0
    );
    text += "<text class=\"small\" x=\"12\" y=\"22\">time, as a multiple of the best peer's</text>\n";
    text += &format!("<text class=\"small end\" x=\"{}\" y=\"44\">ratio · ns</text>\n", WIDTH - 8.0);
    for (ratio, words) in TICKS {
        let (x, class) = (x(ratio), if ratio == 1.0 { "one" } else { "grid" });
        text += &format!("<path class=\"{class}\" d=\"M{x:.1} 50V{}\"/>", height - 10.0);
        text += &format!("<text class=\"small mid\" x=\"{x:.1}\" y=\"44\">{words}</text>\n");
    }
    text
}

fn draw(body: &mut String, row: &Row, top: f64) -> f64 {
    let title = escape(&row.name);
    writeln!(body, "<text class=\"row\" x=\"12\" y=\"{}\">{title}</text>", top + 20.0)
        .expect("a string takes all");
    let first = top + HEADING - 6.0;
    for (index, case) in row.cases.iter().enumerate() {
        bar(body, row, case, first + LINE * index as f64);
    }
    if let Some(owed) = row.bar() {
        let length = LINE * row.cases.len() as f64 - 2.0;
        writeln!(body, "<path class=\"owed\" d=\"M{:.1} {first}v{length}\"/>", x(owed))
            .expect("a string takes all");
    }
    top + HEADING + LINE * row.cases.len() as f64
}

fn bar(body: &mut String, row: &Row, case: &Case, top: f64) {
    let class = match case.kind {
        Kind::Ours => "ours",
        Kind::Peer => "peer",
        Kind::Shown => "shown",
        Kind::Floor => "floor",
    };
    let ratio = row.ratio(case).unwrap_or(1.0);
    let (from, to) = (x(ratio.min(1.0)), x(ratio.max(1.0)));
    // The best peer itself has no length; it is shown all the same.
    let width = (to - from).max(3.0);
    let (name, ns) = (escape(case.name), figures(case.watch.median()));
    let (base, end) = (top + 12.0, WIDTH - 8.0);
    writeln!(
        body,
        "<text class=\"end\" x=\"{}\" y=\"{base}\">{name}</text>\
         <rect class=\"{class}\" x=\"{from:.1}\" y=\"{top}\" width=\"{width:.1}\" height=\"{}\"/>\
         <text class=\"end\" x=\"{end}\" y=\"{base}\">{} · {ns}</text>",
        LEFT - 10.0,
        LINE - 3.0,
        multiple(ratio)
    )
    .expect("a string takes all");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
