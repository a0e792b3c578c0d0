//! A time as people write it.

use core::fmt;
use core::time::Duration;
use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// A length of time, read from seconds (`30`, `1.5`) or from text (`"250ms"`, `"1.5s"`, `"2m"`, `"1h"`, `"30"`): for tables of your own.
///
/// The units are `ns`, `us`, `ms`, `s`, `m`, `h` and `d`. What is negative, not a number or longer than can be told is an error.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span(pub Duration);

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60 * 1_000_000_000),
    ("h", 3_600 * 1_000_000_000),
    ("d", 86_400 * 1_000_000_000),
];

const NANOS: u128 = 1_000_000_000;

/// The digits before and after the point, and the unit.
fn parse(text: &str) -> Option<Duration> {
    let text = text.trim();
    let number = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = (&text[..number], text[number..].trim());
    let unit = if unit.is_empty() { "s" } else { unit };
    let unit = u128::from(UNITS.iter().find(|(name, _)| *name == unit)?.1);
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let parts = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
    let nanos = whole.parse::<u64>().ok().map(u128::from)? * unit
        + u128::from(part.parse::<u64>().ok()?) * unit / parts;
    Some(Duration::new(u64::try_from(nanos / NANOS).ok()?, (nanos % NANOS) as u32))
}

struct AsSpan;

impl Visitor<'_> for AsSpan {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time that is not negative, as 30 (seconds), 1.5, \"250ms\" or \"2m\"")
    }

    fn visit_u64<E: Error>(self, seconds: u64) -> Result<Duration, E> {
        Ok(Duration::from_secs(seconds))
    }

    fn visit_i64<E: Error>(self, seconds: i64) -> Result<Duration, E> {
        let seconds = u64::try_from(seconds);
        seconds.map(Duration::from_secs).map_err(|_| E::custom("a time is not negative"))
    }

    fn visit_f64<E: Error>(self, seconds: f64) -> Result<Duration, E> {
        Duration::try_from_secs_f64(seconds)
            .map_err(|_| E::custom("a time is a number, not negative, and not for ever"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Duration, E> {
        parse(text)
            .ok_or_else(|| E::custom(format_args!("a time is 30 (seconds), 1.5, 250ms or 2m, not `{text}`")))
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AsSpan).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn times_are_read_as_people_write_them() {
        let read = [
            ("30", 30_000_000_000),
            ("250ms", 250_000_000),
            ("1.5s", 1_500_000_000),
            ("2m", 120_000_000_000),
        ];
        let exact = [
            ("0.1s", 100_000_000),
            (" 1.000000001 s ", 1_000_000_001),
            ("3us", 3_000),
            ("1.9ns", 1),
            ("0", 0),
        ];
        for (text, nanos) in read.into_iter().chain(exact) {
            assert_eq!(parse(text), Some(Duration::from_nanos(nanos)), "{text}");
        }
        assert_eq!(parse("1d"), Some(Duration::from_secs(86_400)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let long = alloc::format!("0.{}", "1".repeat(60));
        for text in
            ["", "s", "-1", "1,5s", "1.2.3", "1e3", "5 parsecs", "1.s", ".5", "99999999999999999999", &long]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("18446744073709551615d"), None);
    }

    proptest! {
        #[test]
        fn whole_numbers_of_each_unit_are_exact(number in 0_u64..1_000_000, unit in 0..UNITS.len()) {
            let (name, nanos) = UNITS[unit];
            let text = alloc::format!("{number}{name}");
            prop_assert_eq!(parse(&text).unwrap().as_nanos(), u128::from(number) * u128::from(nanos));
        }

        #[test]
        fn no_text_panics(text: alloc::string::String) {
            let _ = parse(&text);
        }
    }
}
