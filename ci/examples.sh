#!/usr/bin/env bash
# Every example but the tour, on every runtime that it is for.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo run --example smol_app --features smol
cargo run --quiet --example settings --features serde
cargo run --quiet --example brownout --features testing

# With all features they are built already, by the tests. They mostly sleep, so each is run on its four runtimes at the same time.
cargo build --quiet --all-features --examples
on_each_runtime() { # EXAMPLE CODE [ARGUMENT]...
    local example=$1 expected=$2 runs=() failed=0
    shift 2
    for runtime in threads tokio smol async-std; do
        "target/debug/examples/$example" --runtime "$runtime" "$@" > "target/$example-$runtime.txt" 2>&1 &
        runs+=("$runtime:$!")
    done
    for run in "${runs[@]}"; do
        code=0
        wait "${run#*:}" || code=$?
        cat "target/$example-${run%:*}.txt"
        [ "$code" -eq "$expected" ] || { echo "$example on ${run%:*} ended with $code"; failed=1; }
    done
    return "$failed"
}
for example in permits counter cleanup producers workers retries limits boundary gather workflow bounded group worker_pool background files; do
    on_each_runtime "$example" 0
done
# It presses Ctrl-C itself, and ends as whoever pressed it expects: one failed and one was aborted.
on_each_runtime shutdown 130 --after 300ms
# Packages of their own: nobody who tries the others is to build SQLite, or hyper and tower, on sockets of three kinds.
export CARGO_TARGET_DIR=target/sqlite
for runtime in threads smol; do cargo run --quiet --manifest-path examples/sqlite/Cargo.toml -- --runtime "$runtime"; done
export CARGO_TARGET_DIR=target/middleware
for runtime in tokio smol threads; do cargo run --quiet --manifest-path examples/middleware/Cargo.toml -- --runtime "$runtime"; done
cargo test --quiet --manifest-path examples/middleware/Cargo.toml
