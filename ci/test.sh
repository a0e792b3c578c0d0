#!/usr/bin/env bash
# The README's two commands, the documentation's examples, the same tests at the speed of a release, and the benches for one round each.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo run --example tour
[[ ${UNTETHER_TESTED-} ]] || cargo test --all-features # said by who has run it a moment ago, as `.ci/run` has
cargo test -p untether-adapters
cargo test --doc # the examples as they are read by those who turn nothing on
# Optimised code has other timings, and no debug assertions: what the tests find must not depend on those. Not of conformance, which is every program on
# every executor: to optimise that one takes as long as all others, and more than a third of the time there is.
others=()
for path in tests/*.rs tests/*/main.rs; do
    name=${path#tests/} && name=${name%/main.rs} && name=${name%.rs}
    [ "$name" = conformance ] || others+=(--test "$name")
done
cargo test --all-features --release --lib "${others[@]}"
# That they run is what is looked at, so nothing is optimised across crates for it.
CARGO_PROFILE_BENCH_LTO=off UNTETHER_ROUNDS=1 cargo bench --all-features
