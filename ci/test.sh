#!/usr/bin/env bash
# The README's two commands, the other examples, the same tests at the speed of a release, and the benches for one round each.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo run --example tour
[[ ${UNTETHER_TESTED-} ]] || cargo test --all-features # said by who has run it a moment ago, as `.ci/run` has
cargo test -p untether-adapters
cargo run --example smol_app --features smol
cargo run --quiet --example settings --features serde
cargo run --quiet --example brownout --features testing
for example in permits counter cleanup producers workers retries limits boundary; do
    for runtime in threads tokio smol async-std; do
        cargo run --quiet --example "$example" --features tokio,smol,async-std -- --runtime "$runtime"
    done
done
for example in gather workflow bounded group worker_pool background files; do
    for runtime in threads tokio smol async-std; do
        cargo run --quiet --example "$example" --features signal,tokio,smol,async-std -- --runtime "$runtime"
    done
done
# It presses Ctrl-C itself, and ends as whoever pressed it expects: one failed and one was aborted.
for runtime in threads tokio smol async-std; do
    code=0
    cargo run --quiet --example shutdown --features signal,tokio,smol,async-std -- --runtime "$runtime" --after 300ms || code=$?
    [ "$code" -eq 130 ]
done
# A package of its own: nobody who tries the others is to build SQLite.
for runtime in threads smol; do
    CARGO_TARGET_DIR=target/sqlite cargo run --quiet --manifest-path examples/sqlite/Cargo.toml -- --runtime "$runtime"
done
# So is this one: hyper and tower, on sockets of three kinds.
for runtime in tokio smol threads; do
    CARGO_TARGET_DIR=target/middleware cargo run --quiet --manifest-path examples/middleware/Cargo.toml -- --runtime "$runtime"
done
CARGO_TARGET_DIR=target/middleware cargo test --quiet --manifest-path examples/middleware/Cargo.toml
cargo test --doc # the examples as they are read by those who turn nothing on
# Optimised code has other timings, and no debug assertions: what the tests find must not depend on those.
cargo test --all-features --release --tests
# That they run is what is looked at, so nothing is optimised across crates for it.
CARGO_PROFILE_BENCH_LTO=off UNTETHER_ROUNDS=1 cargo bench --all-features
