#!/usr/bin/env bash
# Our figures beside the peers', measured in turn in one process. Compare ratios of one run, never times of two.
set -euo pipefail
cd "$(dirname "$0")/../benches/versus"

CARGO_TARGET_DIR=../../target/versus cargo run --release --quiet
