//! stub
use core::{fmt, time::Duration};
/// stub
#[derive(Clone, Copy, Debug)]
pub struct Rejected;
impl Rejected { /// stub
 pub fn retry_after(&self) -> Option<Duration> { None } }
impl fmt::Display for Rejected { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("circuit open") } }
/// stub
#[derive(Clone, Copy, Debug)]
pub enum Verdict { /// s
 Success, /// s
 Failure, /// s
 Ignore }
/// stub
#[derive(Clone, Copy, Debug)]
pub struct State;
impl State { /// s
 pub fn name(&self) -> &'static str { "" } }
/// stub
#[derive(Clone, Copy, Debug)]
pub struct Transition;
impl Transition { /// s
 pub fn from(&self) -> State { State } /// s
 pub fn to(&self) -> State { State } }
