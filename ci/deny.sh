#!/usr/bin/env bash
# Licences, advisories and sources of everything we build with, by deny.toml.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v cargo-deny >/dev/null || cargo install --quiet --locked cargo-deny
cargo deny --all-features check
