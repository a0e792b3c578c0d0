//! The house's rules, checked against its source: arrows point downwards, runtimes stay in their rooms, `cfg` stays in the cellar,
//! files stay readable, and every dependency is used.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// From the cellar upwards. A module uses only modules of a smaller number.
const LAYERS: &[(&str, u32)] = &[
    ("sys", 0),
    ("observe", 10),
    ("time", 11),
    ("spawn", 12),
    ("rt", 13),
    ("testing", 14),
    ("sync", 20),
    ("queue", 30),
    ("resource", 31),
    ("retry", 40),
    ("limit", 41),
    ("fault", 50),
    ("task", 51),
    ("policy", 60),
    ("tower", 70),
    ("settings", 90),
];

/// Names of runtimes, which only `rt` may know.
const RUNTIMES: &[&str] =
    &["tokio", "async_std", "smol", "async_io", "async_executor", "async_global_executor", "embassy"];

/// Where code may depend on features and targets.
const CFG_ALLOWED: &[&str] = &["lib.rs", "rt/mod.rs"];

/// What each dependency is there for, as it appears in the source.
const USED: &[(&str, &str)] = &[
    ("futures-core", "futures_core::"),
    ("futures-util", "futures_util::"),
    ("futures-sink", "futures_sink::"),
    ("pin-project-lite", "pin_project_lite::"),
    ("async-lock", "async_lock::"),
    ("event-listener", "event_listener::"),
    ("hashbrown", "hashbrown::"),
    ("foldhash", "foldhash::"),
    ("serde", "serde::"),
    ("tower-service", "tower_service::"),
    ("tower-layer", "tower_layer::"),
    ("critical-section", "critical_section::"),
    ("tokio", "tokio::"),
    ("smol", "smol::"),
    ("async-executor", "async_executor::"),
    ("async-io", "async_io::"),
    ("async-global-executor", "async_global_executor::"),
    ("hyper", "hyper::"),
    ("signal-hook", "signal_hook::"),
];

struct Source {
    /// Relative to `src`, with `/`.
    name: String,
    text: String,
}

impl Source {
    fn module(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// Lines that are code: no comments, no docs, and nothing from the tests at the end of the file on.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let code = lines.take_while(|(_, line)| !begins_tests(line));
        code.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let src = root().join("src");
    let mut paths = Vec::new();
    walk(&src, &mut paths);
    let read = |path: PathBuf| Source {
        name: path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/"),
        text: fs::read_to_string(&path).unwrap(),
    };
    paths.into_iter().map(read).collect()
}

/// From the line that is compiled for tests alone; `testing` is a feature and no test.
fn begins_tests(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    line.starts_with("#[cfg(") && words.any(|word| word == "test")
}

/// The modules that a line names by `crate::`.
fn named_modules(line: &str) -> impl Iterator<Item = &str> {
    let named = line.split("crate::").skip(1).map(|rest| {
        rest.split_at(rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len()))
    });
    // An exported macro stands at the root, wherever it is written.
    named.filter(|(_, rest)| !rest.starts_with('!')).map(|(name, _)| name)
}

fn assert_none(rule: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}

#[test]
fn every_arrow_points_downwards() {
    let layers: BTreeMap<&str, u32> = LAYERS.iter().copied().collect();
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| source.name != "lib.rs") {
        let own = layers.get(source.module());
        let own = own.unwrap_or_else(|| panic!("{} has no layer: add it to LAYERS", source.module()));
        for (number, line) in source.code() {
            for used in named_modules(line).filter(|used| *used != source.module()) {
                if layers.get(used).is_none_or(|layer| layer >= own) {
                    offences.push(format!("{}:{number}: {}", source.name, line.trim()));
                }
            }
        }
    }
    assert_none("a module uses only modules of lower layers, by their full path", &offences);
}

#[test]
fn modules_are_declared_in_the_order_of_their_layers() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let declared = lib.lines().filter_map(|line| line.split_once("mod ")?.1.strip_suffix(';'));
    let order: Vec<&str> = declared.filter(|name| *name != "guide").collect();
    let expected: Vec<&str> = LAYERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(order, expected);
}

#[test]
fn runtimes_are_named_in_their_rooms_only() {
    let mut offences = Vec::new();
    // lib.rs names features, and holds no code.
    for source in sources().iter().filter(|source| !["rt", "lib"].contains(&source.module())) {
        for (number, line) in source.code() {
            let words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
            if words.into_iter().any(|word| RUNTIMES.contains(&word)) {
                offences.push(format!("{}:{number}: {}", source.name, line.trim()));
            }
        }
    }
    assert_none("only rt/ knows a runtime by name", &offences);
}

#[test]
fn conditional_compilation_stays_in_the_cellar() {
    let mut offences = Vec::new();
    let upstairs =
        |source: &&Source| source.module() != "sys" && !CFG_ALLOWED.contains(&source.name.as_str());
    for source in sources().iter().filter(upstairs) {
        for (number, line) in source.code() {
            if ["#[cfg", "#![cfg", "cfg!(", "cfg_attr"].iter().any(|cfg| line.contains(cfg)) {
                offences.push(format!("{}:{number}: {}", source.name, line.trim()));
            }
        }
    }
    assert_none("cfg belongs into sys/, rt/mod.rs and lib.rs", &offences);
}

#[test]
fn files_stay_readable() {
    let mut offences = Vec::new();
    for source in sources() {
        let lines = source.text.lines().take_while(|line| !begins_tests(line));
        // Models are tests, and their `mod.rs` holds what they share.
        let limit = if source.name.ends_with("mod.rs") && !source.name.contains("models") { 80 } else { 400 };
        let count = lines.count();
        if count > limit {
            offences.push(format!("{}: {count} lines of {limit}", source.name));
        }
        if !source.text.starts_with("//!") && source.name != "lib.rs" {
            offences.push(format!("{}: does not say what it is", source.name));
        }
        let bars = |line: &str| line.contains("// ===") || line.contains("// ---");
        let words = ["TODO", "FIXME", "XXX", "HACK"];
        if source.text.lines().any(|line| bars(line) || words.iter().any(|word| line.contains(word))) {
            offences.push(format!("{}: unfinished, or two files in one", source.name));
        }
    }
    assert_none("one idea per file, said in its first line", &offences);
}

#[test]
fn every_dependency_is_used_and_says_what_for() {
    let (manifest, sources) = (fs::read_to_string(root().join("Cargo.toml")).unwrap(), sources());
    let dependencies = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let lines = dependencies.lines().filter(|line| !line.starts_with('#'));
    let named: BTreeMap<&str, &str> = lines.filter_map(|line| line.split_once(" = ")).collect();
    for (name, usage) in USED {
        assert!(
            sources.iter().any(|source| source.code().any(|(_, line)| line.contains(usage))),
            "{name} is a dependency and src does not use it"
        );
        let how = named[name];
        if *name != "critical-section" {
            assert!(how.contains("default-features = false") && how.contains(" # "), "{name}: {how}");
        }
    }
    for (name, how) in named {
        assert!(USED.iter().any(|(used, _)| *used == name), "{name} is a dependency that USED does not list");
        let by_choice = ["hyper", "serde", "signal-hook", "tower-service", "tower-layer"].contains(&name);
        let by_choice = by_choice || RUNTIMES.contains(&name.replace('-', "_").as_str());
        assert_eq!(
            how.contains("optional = true"),
            by_choice,
            "{name}: a runtime, a framework or a format is everybody's own choice"
        );
    }
}

#[test]
fn a_planted_offence_is_seen() {
    let planted = |name: &str, text: &str| Source { name: name.to_string(), text: text.to_string() };
    let source =
        planted("time/x.rs", "//! Says `crate::rt`.\nuse crate::sys::lock::Lock;\nuse crate::rt::local;\n");
    let named: Vec<&str> = source.code().flat_map(|(_, line)| named_modules(line)).collect();
    assert_eq!(named, ["sys", "rt"]);
    assert_eq!(source.module(), "time");
    assert_eq!(planted("lib.rs", "").module(), "lib");
    let tested = planted("a.rs", "one();\n#[cfg(test)]\nmod tests;\n");
    assert_eq!(tested.code().count(), 1);
    let hidden = planted("time/x.rs", "#[cfg(feature = \"testing\")]\nuse crate::rt::local;\n");
    assert_eq!(hidden.code().count(), 2, "a feature is no test");
}
