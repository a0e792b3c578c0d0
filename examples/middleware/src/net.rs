//! Sockets: tokio's where tokio runs, smol's elsewhere, which bring their own reactor.

use hyper::rt::{Read, ReadBufCursor, Write};
use smol::io::{AsyncRead as _, AsyncWrite as _};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use untether::rt::smol::Smol;
use untether::rt::threads;
use untether::rt::tokio::Tokio;
use untether::spawn::AnyRuntime;

/// What a server and a client need of the net.
pub trait Net: Clone + Send + Sync + 'static {
    type Listener: Send + 'static;
    type Socket: Read + Write + Unpin + Send + 'static;

    /// Listens on a port of the system's choice.
    fn listen(&self) -> impl Future<Output = io::Result<(Self::Listener, SocketAddr)>> + Send;
    fn accept(listener: &Self::Listener) -> impl Future<Output = io::Result<Self::Socket>> + Send;
    fn connect(&self, to: SocketAddr) -> impl Future<Output = io::Result<Self::Socket>> + Send;
}

/// tokio's sockets, or smol's, for hyper.
pub struct Io<S>(S);

const BUFFER: usize = 4_096;

#[derive(Clone, Copy)]
pub struct OfTokio;

impl Net for OfTokio {
    type Listener = tokio::net::TcpListener;
    type Socket = Io<tokio::net::TcpStream>;

    async fn listen(&self) -> io::Result<(Self::Listener, SocketAddr)> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    async fn accept(listener: &Self::Listener) -> io::Result<Self::Socket> {
        Ok(Io(listener.accept().await?.0))
    }

    async fn connect(&self, to: SocketAddr) -> io::Result<Self::Socket> {
        Ok(Io(tokio::net::TcpStream::connect(to).await?))
    }
}

impl Read for Io<tokio::net::TcpStream> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; BUFFER];
        let room = buf.remaining().min(BUFFER);
        let mut read = ReadBuf::new(&mut bytes[..room]);
        ready!(Pin::new(&mut self.0).poll_read(cx, &mut read))?;
        buf.put_slice(read.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Io<tokio::net::TcpStream> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}

#[derive(Clone, Copy)]
pub struct OfSmol;

impl Net for OfSmol {
    type Listener = smol::net::TcpListener;
    type Socket = Io<smol::net::TcpStream>;

    async fn listen(&self) -> io::Result<(Self::Listener, SocketAddr)> {
        let listener = smol::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    async fn accept(listener: &Self::Listener) -> io::Result<Self::Socket> {
        Ok(Io(listener.accept().await?.0))
    }

    async fn connect(&self, to: SocketAddr) -> io::Result<Self::Socket> {
        Ok(Io(smol::net::TcpStream::connect(to).await?))
    }
}

impl Read for Io<smol::net::TcpStream> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buf: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; BUFFER];
        let room = buf.remaining().min(BUFFER);
        let read = ready!(Pin::new(&mut self.0).poll_read(cx, &mut bytes[..room]))?;
        buf.put_slice(&bytes[..read]);
        Poll::Ready(Ok(()))
    }
}

impl Write for Io<smol::net::TcpStream> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_close(cx)
    }
}

/// Runs a body on tokio, with tokio's sockets.
pub fn on_tokio<F: Future>(body: impl FnOnce(OfTokio, AnyRuntime) -> F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("tokio starts");
    runtime.block_on(body(OfTokio, AnyRuntime::new(Tokio)))
}

/// Runs a body on smol, with smol's sockets.
pub fn on_smol<F: Future>(body: impl FnOnce(OfSmol, AnyRuntime) -> F) -> F::Output {
    smol::block_on(body(OfSmol, AnyRuntime::new(Smol)))
}

/// Runs a body on no runtime at all: smol's sockets, and our own threads.
pub fn on_threads<F: Future>(body: impl FnOnce(OfSmol, AnyRuntime) -> F) -> F::Output {
    threads::block_on(|rt| body(OfSmol, AnyRuntime::new(rt)))
}
