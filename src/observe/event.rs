//! One thing that happened: a kind, a name, a few fields.

use core::fmt;
use core::panic::Location;
use core::time::Duration;

/// One thing that happened: what kind of thing, to whom, and the facts about it.
///
/// The kinds and their fields, by who tells them:
///
/// | kind | told by | fields |
/// |---|---|---|
/// | `retry` | a [retry](fn@crate::retry::retry) that is [observed](crate::retry::Retry::observed), before each further attempt | `error`, `attempt`, `delay` |
/// | `hedge` | a [`Hedge`](crate::fault::Hedge) that is observed, before each extra attempt | `attempt`, `delay` |
/// | `hedged` | the same at its end, where there was one | `won`, `attempt` (the winner), `attempts`, `elapsed` |
/// | `fallback` | a [`Fallback`](crate::fault::Fallback) or a [`Boundary`](crate::fault::Boundary) that is observed, when something else is given | `error` |
/// | `failure` | a [`Boundary`](crate::fault::Boundary) that is observed, of each attempt that fails and of the end | `error`, `error_type`, `operation`, `attempts`, `recoverable`; `delay`, where another follows |
/// | `cancelled` | its [scope](crate::fault::boundary::Scope), when it is dropped without a word | `operation`, `panicking` |
/// | `breaker` | a [stack](crate::policy), of each change of a breaker in it that one of its calls brings about | `from`, `to`, `why` |
/// | `refused` | a stack, of each attempt that a breaker or a limit in it does not let in | `by`, `why`; `retry_after`, where that is known |
/// | `timeout` | [`Timeout`](crate::time::Timeout) when it elapses | `after` |
/// | `task_panicked` | a [`Task`](crate::spawn::Task) whose future panicked; a [`TaskGroup`](crate::task::TaskGroup) that is observed, of each of its tasks, and of a supervisor | `message`, `site` |
/// | `progress_panicked` | who runs many pieces of work and tells how far it has come, a [map](crate::task::map::Map::on_progress) or a [pool](crate::task::WorkerPool::map), when who is told panics | `message` |
/// | `task_panicked` | a [`Task`](crate::spawn::Task) whose future panicked | `message`, `site` |
/// | `job_failed` | a job of a [`Background`](crate::task::Background) that is observed, of each run that gave an error | `error`, `in_a_row`; `delay`, where it backs off |
/// | `job_timed_out` | the same, of each run that took too long | `after`, `in_a_row`; `delay`, where it backs off |
/// | `job_panicked` | the same, of each run that panicked; and where dropping it did, then without a count | `message`, `in_a_row`; `delay`, where it backs off |
/// | `job_skipped` | the same, of beats that had no run | `beats`, `why` (`running` or `late`) |
/// | `job_aborted` | the same, of each run that was dropped before it ended | |
/// | `job_stopped` | the same, when a failure ends it | `why` |
/// | `unread_failure` | a [`WorkerPool`](crate::task::WorkerPool) that is observed, of each failure that nobody reads; a [`TaskGroup`](crate::task::TaskGroup), of each that is left when it is dropped | `error` of a pool, `site` of a group |
/// | `detached_task_cancelled` | a detached [`Task`](crate::spawn::Task) whose executor went away first | `site` |
///
/// A policy in a [stack](crate::policy::stack) tells them to the observer of its [`Env`](crate::policy::Env), by the name that was given there.
///
/// Kinds and fields are added in minor releases.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    kind: &'static str,
    name: Option<&'a str>,
    sentence: Option<&'a str>,
    fields: [Option<(&'static str, Value<'a>)>; MAX_FIELDS],
}

/// How many fields one event has room for: events are built on the stack, where the thing happened.
const MAX_FIELDS: usize = 6;

/// The value of one field of an [`Event`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Value<'a> {
    /// A truth.
    Bool(bool),
    /// A count.
    Count(u64),
    /// A length of time.
    Duration(Duration),
    /// Some text.
    Text(&'a str),
    /// A place in the source.
    Site(&'static Location<'static>),
}

impl<'a> Event<'a> {
    /// Begins an event of a kind.
    #[must_use]
    pub const fn new(kind: &'static str) -> Self {
        Self { kind, name: None, sentence: None, fields: [None; MAX_FIELDS] }
    }

    /// Says to whom it happened: the name that a user gave to a timeout, a task, a policy.
    #[must_use]
    pub const fn named(mut self, name: &'a str) -> Self {
        self.name = Some(name);
        self
    }

    /// Says it to people: what it displays as, instead of its facts.
    #[must_use]
    pub const fn said(mut self, sentence: &'a str) -> Self {
        self.sentence = Some(sentence);
        self
    }

    /// Adds a fact.
    ///
    /// # Panics
    /// If there are more than an event has room for, which is more than any event of this crate has.
    #[must_use]
    pub fn field(mut self, key: &'static str, value: Value<'a>) -> Self {
        let free = self.fields.iter_mut().find(|field| field.is_none());
        *free.expect("an event has room for six fields") = Some((key, value));
        self
    }

    /// What kind of thing happened.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        self.kind
    }

    /// To whom, if it has a name.
    #[must_use]
    pub const fn name(&self) -> Option<&'a str> {
        self.name
    }

    /// The facts, in the order in which they were added.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, Value<'a>)> + '_ {
        self.fields.iter().flatten().copied()
    }

    /// One fact by its key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value<'a>> {
        self.fields().find(|field| field.0 == key).map(|field| field.1)
    }
}

/// One line: `name: sentence` where there is one, else `kind name key=value key=value`.
impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.sentence, self.name) {
            (Some(sentence), Some(name)) => return write!(f, "{name}: {sentence}"),
            (Some(sentence), None) => return f.write_str(sentence),
            (None, Some(name)) => write!(f, "{} {name}", self.kind)?,
            (None, None) => f.write_str(self.kind)?,
        }
        self.fields().try_for_each(|(key, value)| write!(f, " {key}={value}"))
    }
}

impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => value.fmt(f),
            Self::Count(value) => value.fmt(f),
            Self::Duration(value) => fmt::Debug::fmt(value, f),
            Self::Text(value) => f.write_str(value),
            Self::Site(value) => value.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn an_event_reads_as_one_line_with_its_facts_in_order() {
        let event = Event::new("timeout")
            .named("fetch users")
            .field("after", Value::Duration(Duration::from_millis(1_500)))
            .field("attempt", Value::Count(2))
            .field("fatal", Value::Bool(false));
        assert_eq!(event.to_string(), "timeout fetch users after=1.5s attempt=2 fatal=false");
        assert!(matches!(event.get("attempt"), Some(Value::Count(2))));
        assert!(event.get("missing").is_none());
    }

    #[test]
    #[should_panic(expected = "room for six fields")]
    fn a_seventh_field_is_refused() {
        let _ = (0..7).fold(Event::new("full"), |event, _| event.field("n", Value::Count(1)));
    }
}
