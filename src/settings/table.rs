//! Tables, read key by key: what is unknown, there twice or impossible is an error that names its key.
//!
//! By hand and not by derive: a derived reader names the key of what is unknown, and not of what is impossible; and it brings a
//! compiler for procedural macros to everybody who builds us.

use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::Display;
use core::marker::PhantomData;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

/// What is read key by key.
pub(super) trait Table: Default {
    const KEYS: &'static [&'static str];
    /// What it is, in an error about something else.
    const EXPECTED: &'static str;

    /// Reads the value of one of the keys.
    fn set<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

struct AsTable<T>(PhantomData<T>);

impl<'de, T: Table> Visitor<'de> for AsTable<T> {
    type Value = T;

    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let (mut table, mut seen) = (T::default(), 0_u64);
        while let Some(key) = map.next_key::<String>()? {
            let index = T::KEYS.iter().position(|known| *known == key);
            let index = index.ok_or_else(|| A::Error::unknown_field(&key, T::KEYS))?;
            if seen & (1 << index) != 0 {
                return Err(A::Error::duplicate_field(T::KEYS[index]));
            }
            seen |= 1 << index;
            table.set(&key, &mut map).map_err(|error| named(&key, &error))?;
        }
        Ok(table)
    }
}

/// An error with the key before it, or `async.timeout` where the inner one begins with a key already. Formats add lines of their own to what
/// they pass on, and say the place once more at the end.
fn named<E: Error>(key: &str, error: &impl Display) -> E {
    let error = error.to_string();
    let error = error.lines().next().unwrap_or_default();
    E::custom(match error.strip_prefix('`') {
        Some(inner) => format!("`{key}.{inner}"),
        None => format!("`{key}`: {error}"),
    })
}

pub(super) fn read<'de, T: Table, D: Deserializer<'de>>(
    name: &'static str,
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_struct(name, T::KEYS, AsTable(PhantomData))
}

/// The next value, read as `R`, which becomes a `V`.
pub(super) fn value<'de, R: Deserialize<'de>, V: From<R>, A: MapAccess<'de>>(
    map: &mut A,
) -> Result<V, A::Error> {
    map.next_value::<R>().map(V::from)
}

/// Gives a type with a `Default` its table: its keys, where they go, and what each is read as.
macro_rules! table {
    ($name:ident as $expected:literal { $($key:literal => $($field:ident).+: $reads:ty),+ $(,)? }) => {
        impl $crate::settings::table::Table for $name {
            const KEYS: &'static [&'static str] = &[$($key),+];
            const EXPECTED: &'static str = $expected;

            fn set<'de, A: serde::de::MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
                match key {
                    $($key => self.$($field).+ = $crate::settings::table::value::<$reads, _, _>(map)?,)+
                    _ => unreachable!("only known keys are set"),
                }
                Ok(())
            }
        }
    };
}
pub(super) use table;

/// Reads it as its table, and nothing more.
macro_rules! deserialize_as_table {
    ($($name:ident)*) => {$(
        impl<'de> serde::de::Deserialize<'de> for $name {
            fn deserialize<D: serde::de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::settings::table::read(stringify!($name), deserializer)
            }
        }
    )*};
}
pub(super) use deserialize_as_table;
