//! Many pieces of work at once.
//!
//! | I want to | use |
//! |---|---|
//! | run what blocks, so much at once | [`Offload`] |
//! | know how each of many ended | [`Outcomes`], of [`Outcome`]s |
//! | have named jobs run again and again | [`Background`] |
//! | have workers that take inputs from a queue | [`WorkerPool`] |

pub mod background;

pub mod group;
pub mod in_flight;
pub mod offload;
//! | count what is in flight, and wait until all are gone | [`InFlight`] |
//! | stop in order, under one deadline, with a report by name | [`Shutdown`] |

pub mod in_flight;
//! | do the same with each of many items, so many at a time | [`map`](fn@map), [`map_stream`] |

pub mod map;
mod outcome;
mod outcomes;
mod progress;
pub mod shutdown;
pub mod worker_pool;

pub use background::Background;
pub use group::TaskGroup;
pub use in_flight::InFlight;
pub use offload::Offload;
pub use in_flight::InFlight;
pub use map::{map, map_stream};
pub use outcome::{Failure, Outcome};
pub use outcomes::{Oks, Outcomes, Split};
pub use shutdown::{DrainPlan, DrainReport, Shutdown};
pub use worker_pool::WorkerPool;
//! | run a few things together, in this task | [`gather`](fn@gather), [`try_gather`], [`race`], [`first_ok`] |
//! | begin more while others run, borrowing what is around | [`scope`](fn@scope) |
//!
//! # What becomes of the others when one fails
//! | | the others | returns |
//! |---|---|---|
//! | [`gather`](fn@gather) | run on | when all have ended, with every outcome |
//! | [`try_gather`] | are dropped | at once, with the first error |
//! | a group of spawned tasks | are cancelled | when all have ended, with every error |

pub mod gather;
mod outcome;
mod outcomes;
mod progress;
pub mod scope;

pub use gather::{AllFailed, first_ok, gather, race, try_gather};
pub use outcome::{Failure, Outcome};
pub use outcomes::{Oks, Outcomes, Split};
pub use scope::{Scope, scope};
