#!/usr/bin/env bash
# Our figures beside the peers', measured in turn in one process. Compare ratios of one run, never times of two.
# Words pick the rows whose names contain them; `--markdown FILE` and `--svg FILE` also write a table and a chart.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

export CARGO_TARGET_DIR="$root/target/versus"
cargo run --release --quiet --manifest-path "$root/benches/versus/Cargo.toml" -- "$@"
