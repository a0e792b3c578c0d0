#!/usr/bin/env bash
# Checks the library with the oldest compiler it promises to support: Debian's, unpacked aside, so that neither rustup
# nor what is installed matters.
set -euo pipefail
cd "$(dirname "$0")/.."

msrv=1.85
home=$PWD/target/msrv
rust=$home/rust-$msrv
if [[ ! -d $rust ]]; then
    apt-get -o Acquire::Retries=5 update -qq
    version=$(apt-cache madison rustc-web | awk -v msrv="$msrv.0" 'index($3, msrv) == 1 { v = $3 } END { print v }')
    [[ -n $version ]] || { echo "Debian's archive has no rustc-web $msrv.0" >&2; exit 1; }
    rm -rf "$home/new"
    mkdir -p "$home/new/deb"
    # User=root: no warning that apt's own user may not write here. The libraries are what is linked by that version.
    (cd "$home/new/deb" && apt-get download -qq -o Acquire::Retries=5 -o APT::Sandbox::User=root libllvm19 libpcre3 libhttp-parser2.9 \
        {rustc-web,cargo-web,libstd-rust-web-$msrv,libstd-rust-web-dev}="$version")
    for deb in "$home"/new/deb/*.deb; do
        dpkg --extract "$deb" "$home/new"
    done
    rm -r "$home/new/deb"
    mv "$home/new" "$rust" # last, so that an interrupted run leaves nothing that looks whole
fi

arch=$(uname -m)-linux-gnu
export LD_LIBRARY_PATH=$rust/usr/lib/$arch:$rust/lib/$arch
export RUSTC=$rust/usr/bin/rustc # else cargo takes the `rustc` of the path
export CARGO_TARGET_DIR=$home/build
export CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS=fallback # without a lock file: the newest crates it can build
[[ -f Cargo.lock ]] && locked=(--locked) || locked=()

"$RUSTC" --version | grep "^rustc $msrv\." # says what it found, and fails if that is another
for features in --all-features --no-default-features; do
    echo "check $features"
    "$rust/usr/bin/cargo" check --quiet --lib "${locked[@]}" "$features"
done
