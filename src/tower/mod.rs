//! Policies and stacks as layers of tower: around any `Service` that is `Clone`, with errors that keep their type.
//!
//! | I want to | use |
//! |---|---|
//! | put a stack around a service | [`layer`] |
//! | have requests repeated that are `Clone`, or that a function can copy | [`PolicyLayer::cloning`], [`PolicyLayer::repeated_by`] |
//! | answer an error in HTTP | [`answer`], and [its table](answer#the-table) |
//! | have a service that cannot fail, for a server or a router | [`answering`] |
//! | go on with tower's layers that box errors | [`boxed`] |
//!
//! ```
//! # untether::rt::threads::block_on(|rt| async move {
//! use core::convert::Infallible;
//! use core::future::{Ready, poll_fn, ready};
//! use core::task::{Context, Poll};
//! use core::time::Duration;
//! use tower_layer::Layer;
//! use tower_service::Service;
//! use untether::limit::Bulkhead;
//! use untether::policy::{Timeout, stack};
//!
//! #[derive(Clone)]
//! struct Greeter;
//!
//! impl Service<&'static str> for Greeter {
//!     type Response = String;
//!     type Error = Infallible;
//!     type Future = Ready<Result<String, Infallible>>;
//!
//!     fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
//!         Poll::Ready(Ok(()))
//!     }
//!
//!     fn call(&mut self, name: &'static str) -> Self::Future {
//!         ready(Ok(format!("hello, {name}")))
//!     }
//! }
//!
//! static GREETINGS: Bulkhead = Bulkhead::new(10);
//! let layer = untether::tower::layer(stack((&GREETINGS, Timeout::new(Duration::from_secs(1)))), &rt);
//! let mut service = layer.layer(Greeter);
//!
//! poll_fn(|cx| Service::<&str>::poll_ready(&mut service, cx)).await.unwrap();
//! assert_eq!(service.call("ada").await.unwrap(), "hello, ada");
//! # });
//! ```
//!
//! # Which service is called
//! The one that was polled ready: it goes into the call, and a clone takes its place, to be polled ready for the next. A repeat calls a
//! clone, which is polled ready first. If a policy lets nothing through, the service that was ready is dropped uncalled, and with it
//! whatever its readiness held.
//!
//! # Backpressure
//! `poll_ready` is that of the service inside. What policies have to say comes out of the call: a bulkhead or a limit lets its callers wait there
//! or refuses them, so tower's `LoadShed` around it sheds nothing. Who waits in the line of a bulkhead holds what the service's
//! readiness holds; put a limit of tower's outside of the layer, or leave it to the bulkhead.
//!
//! # Comparison
//! tower's own layers for the same box their errors, count a limit for each clone or ask for another task, and repeat only what is `Clone`. These keep
//! the type of the error, share their state by reference or by `Arc`, start nothing, and allocate nothing.
mod answer;
mod answering;
mod boxed;
mod call;
mod copies;
mod layer;
mod service;

pub use answer::{Answer, answer};
pub use answering::{Answered, Answering, AnsweringLayer, answering};
pub use boxed::{Boxed, boxed};
pub use call::{Call, Calling};
pub use copies::{CalledOnce, Cloned, Copies, RepeatedBy};
pub use layer::{PolicyLayer, layer};
pub use service::PolicyService;
