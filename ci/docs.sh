#!/usr/bin/env bash
# The documentation as docs.rs builds it, with warnings as errors: every link leads somewhere. Its examples run in test.sh.
set -euo pipefail
cd "$(dirname "$0")/.."

RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --all-features
# Links from code that only some features compile.
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --target-dir target/docs-std
