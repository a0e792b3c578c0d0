#!/usr/bin/env bash
# Every single feature, none, and all: each must build by itself and without warnings, with its tests where it has std.
set -euo pipefail
cd "$(dirname "$0")/.."
export RUSTFLAGS="-D warnings" CARGO_TARGET_DIR=$PWD/target/features # flags of its own, so a folder of its own

features=$(awk '/^\[/ { on = ($0 == "[features]") } on && /^[a-z-]+ = / && $1 != "default" { print $1 }' Cargo.toml)
echo "no features" && cargo check --quiet --no-default-features
for feature in $features; do
    echo "$feature alone" && cargo check --quiet --no-default-features --features "$feature"
    echo "$feature and std" && cargo check --quiet --features "$feature"
done
echo "all features" && cargo check --quiet --all-features
cargo test --quiet --no-default-features --features testing --lib --test without_std # on a host, as if it had no std

# What the default features pull in: at most 14 crates, so that a library can depend on it lightly.
crates=$(cargo tree --edges normal --prefix none --no-dedupe | awk '{ print $1 }' | sort -u | wc -l)
echo "crates by default: $crates"
[ "$crates" -le 14 ]
