#!/usr/bin/env bash
# Runs an application on the real async-std, with our adapter. Packages of their own, as nothing else may build async-std.
set -euo pipefail
cd "$(dirname "$0")/async-std"

export CARGO_TARGET_DIR=$PWD/../../target/async-std
cargo fmt --check
cargo clippy --quiet -- -D warnings
output=$(cargo run --quiet)
echo "$output"
grep --quiet 'no connection left' <<<"$output"
grep --quiet 'threads before and after' <<<"$output"
