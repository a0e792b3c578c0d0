//! An application on smol: `cargo run --example smol_app --features smol`.
//!
//! What it does stands in `service.rs`, which names no runtime: `ci/async-std` runs the same file on async-std. Here is the rest,
//! the sockets and one value.

mod service;

use smol::net::{TcpListener, TcpStream};
use std::io;
use untether::rt::smol::Smol;

fn main() -> io::Result<()> {
    smol::block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let ends = [TcpStream::connect(address).await?, TcpStream::connect(address).await?];
        // The stream of connections borrows its listener, and a task owns what it works on.
        let incoming = smol::stream::unfold(listener, async |listener| {
            Some((listener.accept().await.map(|(socket, _)| socket), listener))
        });
        service::run(Smol, Box::pin(incoming), ends).await
    })
}
