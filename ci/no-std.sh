#!/usr/bin/env bash
# Proves that untether needs no operating system: builds it for a Cortex-M3 and runs it there, under QEMU, then builds
# it for the browser. By Debian's compiler, as Debian packages the sources of `core`, `alloc` and `std` with it.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(rustc-web cargo-web rust-web-src lld qemu-system-arm)
if ! dpkg --status "${packages[@]}" &>/dev/null; then
    echo "installing ${packages[*]}"
    apt-get -o Acquire::Retries=5 update -qq
    DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=5 install -qq --no-install-recommends "${packages[@]}" >/dev/null
fi

cargo() { # In full: rustup's cargo comes first in the path, and so does the rustc that Debian's cargo would look up.
    RUSTC=/usr/bin/rustc /usr/bin/cargo "$@"
}
export RUSTC_BOOTSTRAP=1 # -Zbuild-std, from a stable compiler
export CARGO_TARGET_DIR=$PWD/target/no-std
# Debian's rustc comes without rust-lld, the default of both targets.
export CARGO_TARGET_THUMBV7M_NONE_EABI_LINKER=ld.lld CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld
# link.x is the memory map of cortex-m-rt. It includes our memory.x, which is found because cargo links from there.
export CARGO_TARGET_THUMBV7M_NONE_EABI_RUSTFLAGS=-Clink-arg=-Tlink.x
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS # of the caller, which would replace it

echo "thumbv7m-none-eabi"
(cd ci/no-std && cargo build --quiet --release --target thumbv7m-none-eabi -Zbuild-std=core,alloc)
# -icount: the clock counts instructions and skips what the core sleeps through, so a slow host changes nothing.
# QEMU's "Timer with period zero" is about a clock input that this board leaves open.
timeout --foreground 60 qemu-system-arm -M lm3s6965evb -nographic -icount shift=6,sleep=off \
    -semihosting-config enable=on,target=native -kernel "$CARGO_TARGET_DIR/thumbv7m-none-eabi/release/untether-no-std"

wasm=(--quiet --lib --target wasm32-unknown-unknown -Zbuild-std=std,panic_abort) # panic_abort: it cannot unwind
echo "wasm32-unknown-unknown --no-default-features"
cargo build --no-default-features "${wasm[@]}"
echo "wasm32-unknown-unknown"
cargo rustc --crate-type cdylib "${wasm[@]}" # cdylib: a plain library is not linked
