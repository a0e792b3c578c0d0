//! Runs a body on the runtime that the command line names: `--runtime threads|tokio|smol|async-std`, `threads` unless said.

use untether::rt::async_std::AsyncStd;
use untether::rt::smol::Smol;
use untether::rt::threads;
use untether::rt::tokio::Tokio;
use untether::spawn::AnyRuntime;

/// The same body for all of them: what it is given is a value.
pub(crate) fn run<F: Future>(body: impl FnOnce(AnyRuntime) -> F) -> F::Output {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--runtime");
    let name = arguments.nth(1).unwrap_or_else(|| "threads".to_string());
    println!("on {name}");
    match name.as_str() {
        "threads" => threads::block_on(|rt| body(AnyRuntime::new(rt))),
        "tokio" => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
            runtime.expect("tokio starts").block_on(body(AnyRuntime::new(Tokio)))
        }
        "smol" => smol::block_on(body(AnyRuntime::new(Smol))),
        "async-std" => async_global_executor::block_on(body(AnyRuntime::new(AsyncStd))),
        other => panic!("no runtime '{other}': threads, tokio, smol or async-std"),
    }
}

/// Ends with the body, or at Ctrl-C: then the body is dropped, and with it all that it has begun. Without the feature `signal`, Ctrl-C ends the
/// program as it always did.
#[allow(dead_code, reason = "not every example is one that a person would stop")]
pub(crate) async fn until_ctrl_c<T>(body: impl Future<Output = T>) -> T {
    #[cfg(feature = "signal")]
    {
        let mut signals = untether::rt::signal::signals().expect("the system tells of signals");
        let interrupted = async { Err(signals.recv().await) };
        let ended = async { Ok(body.await) };
        match untether::task::race((interrupted, ended)).await {
            Ok(output) => output,
            // The body is gone by now, and its tasks with it.
            Err(signal) => {
                println!("\n{signal}: all that was begun is dropped");
                std::process::exit((128 + signal.number()).into());
            }
        }
    }
    #[cfg(not(feature = "signal"))]
    body.await
}
