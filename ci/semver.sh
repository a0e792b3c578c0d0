#!/usr/bin/env bash
# Whether the version number tells the truth about what changed since the last release.
set -euo pipefail
cd "$(dirname "$0")/.."

# Nothing to compare with before the first release.
cargo info --registry crates-io untether &>/dev/null || { echo "not released yet"; exit 0; }
command -v cargo-semver-checks >/dev/null || cargo install --quiet --locked cargo-semver-checks
cargo semver-checks --all-features
