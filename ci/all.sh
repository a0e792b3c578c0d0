#!/usr/bin/env bash
# Everything that must be green before a change lands, in the order in which it fails fastest; the seconds of each step.
set -euo pipefail
cd "$(dirname "$0")"

for step in lint test examples features loom docs async-std build-time minimal msrv no-std; do
    printf '\n=== %s\n' "$step"
    start=$SECONDS
    "./$step.sh"
    printf '=== %s: %s s\n' "$step" "$((SECONDS - start))"
done
