#!/usr/bin/env bash
# Runs the models: scenes of a few threads, in every order that so many preemptions and the memory model allow.
set -euo pipefail
cd "$(dirname "$0")/.."

export CARGO_TARGET_DIR=$PWD/target/loom # of its own: flags that change rebuild everything
export RUSTFLAGS="--cfg untether_loom"   # never `--cfg loom`, which event-listener and others take for theirs
unset CARGO_ENCODED_RUSTFLAGS            # of the caller, which would replace it
# Each further preemption takes three times as long and has found nothing that three did not find.
effort=${UNTETHER_EFFORT:-1}
export LOOM_MAX_PREEMPTIONS=$((effort > 1 ? 5 : 3))

# --lib: models are of private parts. --release: a scene is played some ten thousand times.
models=(test --lib --release models::)
# Without the flag there are no models and none fails: grep does, where it counts none.
count=$(cargo "${models[@]}" -- --list | grep --count ': test$')
echo "$count models"
cargo "${models[@]}"
