#!/usr/bin/env bash
# A cold release build of the default features beside one of tokio with what it takes to do the same: sync, time and rt of its own, and
# tokio-util for tokens and delay queues. Fails when ours takes more than twice as long. The registry must be filled; what is timed
# is the compiler.
set -euo pipefail
shopt -s inherit_errexit # a build that fails inside $(..) fails the script
cd "$(dirname "$0")/.."

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
package() { # name, dependency
    mkdir -p "$scratch/$1/src"
    printf '[package]\nname = "cold-%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n%s\n[workspace]\n' \
        "$1" "$2" >"$scratch/$1/Cargo.toml"
    : >"$scratch/$1/src/lib.rs"
    cargo fetch --quiet --manifest-path "$scratch/$1/Cargo.toml"
}
cold() { # name: in milliseconds
    rm -rf "$scratch/$1/target"
    local start
    start=$(date +%s%N)
    cargo build --quiet --release --offline --manifest-path "$scratch/$1/Cargo.toml"
    echo "$((($(date +%s%N) - start) / 1000000))"
}
package untether "untether = { path = \"$PWD\" }"
package tokio 'tokio = { version = "1", default-features = false, features = ["sync", "time", "rt"] }
tokio-util = { version = "0.7", default-features = false, features = ["rt", "time"] }'
# The fewest of three times, in turn, so that a machine that is busy for a while is busy for both.
ours= theirs=
for _ in 1 2 3; do
    took=$(cold untether)
    [[ -z $ours || $took -lt $ours ]] && ours=$took
    took=$(cold tokio)
    [[ -z $theirs || $took -lt $theirs ]] && theirs=$took
done
echo "cold release build: untether $ours ms, tokio (sync, time, rt) and tokio-util (rt, time) $theirs ms"
[ "$ours" -le $((2 * theirs)) ]
