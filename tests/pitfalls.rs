//! The page of pitfalls names tests. They are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names of all tests below a folder: functions whose attribute says so.
fn tests_below(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_below(&path, names);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut follows = false;
            for line in text.lines().map(str::trim) {
                if let Some((name, _)) = line.strip_prefix("fn ").and_then(|line| line.split_once('(')) {
                    if std::mem::take(&mut follows) {
                        names.insert(name.to_string());
                    }
                }
                follows = line == "#[test]" || (follows && line.starts_with("#["));
            }
        }
    }
}

#[test]
fn each_test_that_the_page_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut there = BTreeSet::new();
    ["src", "tests"].iter().for_each(|folder| tests_below(&root.join(folder), &mut there));
    let page = include_str!("../docs/pitfalls.md");
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut named = 0;
    for row in rows {
        let claims = row.split('|').nth(3).unwrap_or_else(|| panic!("no third column: {row}"));
        for name in claims.split('`').skip(1).step_by(2).filter(|name| name.contains('_')) {
            assert!(there.contains(name), "no test is called `{name}`");
            named += 1;
        }
    }
    assert!(named > 40, "{named}");
}
