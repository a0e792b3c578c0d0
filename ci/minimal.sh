#!/usr/bin/env bash
# Builds with the oldest versions that Cargo.toml allows, so that what it says of its dependencies is true.
set -euo pipefail
cd "$(dirname "$0")/.."

# Beside the real one, whose lock file stays as it is.
copy=$PWD/target/minimal
mkdir -p "$copy/tests"
rm -rf "$copy"/{Cargo.lock,src,docs,examples,benches,tests/*}
cp -r Cargo.toml README.md DESIGN.md CHANGELOG.md CONTRIBUTING.md src docs examples benches "$copy"
cp -r tests/support tests/adapters "$copy/tests"
cd "$copy"
export CARGO_TARGET_DIR=$copy/target
RUSTC_BOOTSTRAP=1 cargo update --quiet -Z direct-minimal-versions # unstable, and all it changes is the lock file
cargo check --quiet --all-features
cargo tree --all-features --edges normal --depth 1
