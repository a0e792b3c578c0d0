//! The runs, one above the other, as a picture.

use super::model::{BROWN, LENGTH, Second};
use std::fmt::Write as _;

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 130.0;
const LEFT: f64 = 44.0;
const TOP: f64 = 96.0;
/// As many calls a second as are drawn.
const MOST: f64 = 650.0;

const STYLE: &str = "text{font:12px sans-serif;fill:#222}.title{font:bold 18px sans-serif}.name{font-weight:bold}\
    .small{font-size:11px;fill:#666}.calls{fill:#d9601a;fill-opacity:.35;stroke:#d9601a}\
    .served{fill:none;stroke:#1a7f37;stroke-width:2}.asked{fill:none;stroke:#777;stroke-dasharray:3 3}.brown{fill:#f1e6d8}\
    .frame{fill:none;stroke:#ddd}";

pub(crate) fn svg(runs: &[(&str, [Second; LENGTH], String)]) -> String {
    let height = TOP + (HEIGHT + 56.0) * runs.len().div_ceil(2) as f64;
    let width = 2.0 * (WIDTH + LEFT) + 20.0;
    let mut body = String::new();
    for (index, (name, seconds, summary)) in runs.iter().enumerate() {
        let x = LEFT + (WIDTH + LEFT) * (index % 2) as f64;
        let y = TOP + (HEIGHT + 56.0) * (index / 2) as f64;
        panel(&mut body, x, y, name, seconds, summary);
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n\
         <style>{STYLE}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"28\" class=\"title\">A service that is four times as slow for twenty seconds, and its 200 clients</text>\n\
         <text x=\"{LEFT}\" y=\"50\" class=\"small\">per second, over {LENGTH} seconds: orange, calls that reached the service; grey, requests \
         of the clients; green, those that went well</text>\n{body}</svg>\n"
    )
}

fn panel(body: &mut String, x: f64, y: f64, name: &str, seconds: &[Second; LENGTH], summary: &str) {
    let across = |second: usize| x + WIDTH * second as f64 / LENGTH as f64;
    let down = |count: u32| y + HEIGHT * (1.0 - f64::from(count).min(MOST) / MOST);
    let points = |of: fn(&Second) -> u32| -> String {
        let points = seconds.iter().enumerate();
        points.map(|(at, second)| format!("{:.1},{:.1} ", across(at), down(of(second)))).collect()
    };
    let bottom = y + HEIGHT;
    let (from, to) = (across(BROWN.start), across(BROWN.end));
    let last = across(LENGTH - 1);
    let _ = write!(
        body,
        "<rect x=\"{from}\" y=\"{y}\" width=\"{:.1}\" height=\"{HEIGHT}\" class=\"brown\"/>\n\
         <polygon points=\"{x},{bottom} {}{last},{bottom}\" class=\"calls\"/>\n\
         <polyline points=\"{}\" class=\"asked\"/>\n<polyline points=\"{}\" class=\"served\"/>\n\
         <rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" class=\"frame\"/>\n\
         <text x=\"{x}\" y=\"{:.1}\"><tspan class=\"name\">{name}</tspan> <tspan class=\"small\">{summary}</tspan></text>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" class=\"small\" text-anchor=\"end\">600</text>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" class=\"small\" text-anchor=\"end\">200</text>\n",
        to - from,
        points(|second| second.calls),
        points(|second| second.requests),
        points(|second| second.served),
        y - 8.0,
        x - 4.0,
        down(600) + 4.0,
        x - 4.0,
        down(200) + 4.0,
    );
}
