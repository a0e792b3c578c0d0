#!/usr/bin/env bash
# Format and lints. Warnings are errors here and nowhere else, so that a new compiler never breaks a user's build.
set -euo pipefail
cd "$(dirname "$0")/.."

# Where rustup brings the toolchain, a minimal one lacks these two.
cargo fmt --version &>/dev/null && cargo clippy --version &>/dev/null || rustup component add rustfmt clippy
cargo fmt --all --check
# All targets, once with every feature and once with none: code that only one of them compiles is linted as well.
cargo clippy --workspace --all-targets --all-features -- -D warnings
cargo clippy --all-targets --no-default-features -- -D warnings
cargo clippy --lib --no-default-features --features testing -- -D warnings
