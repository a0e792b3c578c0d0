//! Values that are checked as they are read.

use super::Span;
use crate::retry::schedule::{Hint, Jitter};
use alloc::string::String;
use core::fmt;
use core::num::{NonZeroU32, NonZeroUsize};
use core::time::Duration;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

/// A count above zero.
pub(super) struct Count(u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsCount;
        impl Visitor<'_> for AsCount {
            type Value = Count;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number above zero")
            }

            fn visit_u64<E: Error>(self, count: u64) -> Result<Count, E> {
                let count = (count > 0 && count <= u32::MAX.into()).then_some(Count(count));
                count.ok_or_else(|| E::custom("a count is above zero and below four billion"))
            }

            fn visit_i64<E: Error>(self, count: i64) -> Result<Count, E> {
                self.visit_u64(u64::try_from(count).unwrap_or(0))
            }
        }
        deserializer.deserialize_u64(AsCount) // where all is text, as in an environment, it is read as a number then
    }
}

impl From<Count> for NonZeroUsize {
    fn from(count: Count) -> Self {
        usize::try_from(count.0).ok().and_then(Self::new).expect("looked at when it was read")
    }
}

impl From<Count> for NonZeroU32 {
    fn from(count: Count) -> Self {
        u32::try_from(count.0).ok().and_then(Self::new).expect("looked at when it was read")
    }
}

impl From<Span> for Duration {
    fn from(span: Span) -> Self {
        span.0
    }
}

/// A time above zero.
pub(super) struct Positive(Duration);

impl<'de> Deserialize<'de> for Positive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Span(span) = Span::deserialize(deserializer)?;
        if span.is_zero() { Err(D::Error::custom("it has to be above zero")) } else { Ok(Self(span)) }
    }
}

impl From<Positive> for Duration {
    fn from(span: Positive) -> Self {
        span.0
    }
}

/// A word, or a number: what a jitter, a hint and a count of attempts may be.
enum Word {
    Text(String),
    Number(f64),
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsWord;
        impl Visitor<'_> for AsWord {
            type Value = Word;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a word or a number")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Word, E> {
                // Where all is text, numbers are too.
                Ok(text.parse().map_or_else(|_| Word::Text(text.into()), Word::Number))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Word, E> {
                Ok(Word::Number(number))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Word, E> {
                Ok(Word::Number(number as f64))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Word, E> {
                Ok(Word::Number(number as f64))
            }
        }
        deserializer.deserialize_any(AsWord)
    }
}

/// `"none"`, `"full"`, `"equal"`, or a factor from 0 to 1.
impl<'de> Deserialize<'de> for Jitter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Word::deserialize(deserializer)? {
            Word::Number(factor) => Self::try_factor(factor).map_err(D::Error::custom),
            Word::Text(text) => match &*text {
                "none" => Ok(Self::NONE),
                "full" => Ok(Self::FULL),
                "equal" => Ok(Self::EQUAL),
                other => {
                    Err(D::Error::unknown_variant(other, &["none", "full", "equal", "a factor from 0 to 1"]))
                }
            },
        }
    }
}

/// `"ignore"`, `"at least"`, `"exact"`, or the time by which a hint may exceed our own delay.
impl<'de> Deserialize<'de> for Hint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let clamp = |extra| Self::Clamp { extra };
        match Word::deserialize(deserializer)? {
            Word::Number(seconds) => {
                Duration::try_from_secs_f64(seconds).map(clamp).map_err(D::Error::custom)
            }
            Word::Text(text) => match &*text {
                "ignore" => Ok(Self::Ignore),
                "at least" => Ok(Self::AtLeast),
                "exact" => Ok(Self::Exact),
                other => {
                    let extra = Span::deserialize(serde::de::value::StrDeserializer::<D::Error>::new(other));
                    let known = "\"ignore\", \"at least\", \"exact\" or a time";
                    extra
                        .map(|Span(extra)| clamp(extra))
                        .map_err(|_| D::Error::invalid_value(Unexpected::Str(other), &known))
                }
            },
        }
    }
}

/// A number of attempts, the first included, or `"unlimited"`: none then.
pub(super) struct Attempts(Option<NonZeroU32>);

impl<'de> Deserialize<'de> for Attempts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Word::deserialize(deserializer)? {
            Word::Text(text) if text == "unlimited" => Ok(Self(None)),
            Word::Number(number)
                if number >= 1.0 && number <= f64::from(u32::MAX) && number as u32 as f64 == number =>
            {
                Ok(Self(NonZeroU32::new(number as u32)))
            }
            _ => Err(D::Error::custom(
                "it is \"unlimited\" or a whole number above zero, for it counts the first call",
            )),
        }
    }
}

impl From<Attempts> for Option<NonZeroU32> {
    fn from(attempts: Attempts) -> Self {
        attempts.0
    }
}

/// A number that is finite and not negative.
pub(super) struct Ratio(f64);

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ratio = f64::deserialize(deserializer)?;
        let is_ratio = (0.0..f64::INFINITY).contains(&ratio);
        if is_ratio { Ok(Self(ratio)) } else { Err(D::Error::custom("it is finite and not negative")) }
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}
