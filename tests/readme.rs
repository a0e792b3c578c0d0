//! The README is the front page twice, on the web and as the crate's documentation: what it names is there.

use std::collections::BTreeSet;

/// The names of the link definitions of a page.
fn defined(page: &str) -> BTreeSet<&str> {
    let definitions = page.lines().filter(|line| line.starts_with('[') && line.contains("]: "));
    definitions.filter_map(|line| line[1..].split_once("]: ")).map(|(name, _)| name).collect()
}

#[test]
fn every_link_of_the_readme_leads_to_an_item_in_the_documentation() {
    let (readme, links) = (include_str!("../README.md"), include_str!("../docs/links.md"));
    assert_eq!(defined(readme), defined(links));
    for name in defined(readme) {
        let used = readme
            .lines()
            .filter(|line| !line.starts_with('['))
            .any(|line| line.contains(&format!("[{name}]")));
        assert!(used, "{name} is defined and not used");
    }
}

#[test]
fn the_readmes_commands_and_figures_are_those_of_ci() {
    // What decides whether a change lands runs the second, and then, among the rest, the first.
    let ci = concat!(include_str!("../.ci/run"), include_str!("../ci/test.sh"));
    let readme = include_str!("../README.md");
    for command in ["cargo run --example tour", "cargo test --all-features"] {
        assert!(readme.contains(command) && ci.lines().any(|line| line == command), "{command}");
    }
    let manifest = include_str!("../Cargo.toml");
    let msrv =
        manifest.lines().find_map(|line| line.strip_prefix("rust-version = \"")?.strip_suffix('"')).unwrap();
    assert!(readme.contains(&format!("MSRV {msrv}")));
    let screen: Vec<&str> = readme.lines().take(70).collect();
    assert!(
        screen.iter().any(|line| line.contains("cargo run --example tour")),
        "the first command is on the first screen"
    );
}
