//! How far delays are spread, so that those who failed together do not come back together.

use super::nanos;
use crate::time::Entropy;
use core::error::Error;
use core::fmt;
use core::time::Duration;

/// How a delay is spread by chance.
///
/// | | a delay of `d` becomes | for |
/// |---|---|---|
/// | [`NONE`](Self::NONE) | `d` | tests; one client alone |
/// | [`FULL`](Self::FULL) | 0 to `d` | the least load on the other side |
/// | [`EQUAL`](Self::EQUAL) | `d`/2 to `d` | some wait for sure |
/// | [`factor(f)`](Self::factor) | `d`·(1−`f`) to `d`·(1+`f`) | a delay that is right on average; `f` = 0.5 is the default |
///
/// All values of the range are alike likely, to the nanosecond.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Jitter(Spread);

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Spread {
    None,
    Full,
    Equal,
    /// In parts of 2³¹.
    Factor(u32),
}

const ONE: u32 = 1 << 31;

impl Jitter {
    /// As it is.
    pub const NONE: Self = Self(Spread::None);
    /// Anything up to it.
    pub const FULL: Self = Self(Spread::Full);
    /// Half of it, and anything up to the other half.
    pub const EQUAL: Self = Self(Spread::Equal);

    /// Up to `factor` of it less or more, from 0 (none) to 1 (up to twice as much).
    ///
    /// # Panics
    /// If it is not within 0 and 1; see [`try_factor`](Self::try_factor).
    #[must_use]
    pub const fn factor(factor: f64) -> Self {
        match Self::try_factor(factor) {
            Ok(jitter) => jitter,
            Err(_) => panic!("the factor of a jitter lies within 0 and 1"),
        }
    }

    /// As [`factor`](Self::factor).
    ///
    /// # Errors
    /// [`JitterError`] if it is not within 0 and 1.
    pub const fn try_factor(factor: f64) -> Result<Self, JitterError> {
        if factor >= 0.0 && factor <= 1.0 {
            Ok(Self(Spread::Factor((factor * ONE as f64) as u32)))
        } else {
            Err(JitterError(()))
        }
    }

    /// A delay, spread.
    #[must_use]
    pub fn apply(self, delay: Duration, entropy: &(impl Entropy + ?Sized)) -> Duration {
        // Longest first what needs no number.
        if matches!(self.0, Spread::None) || delay.is_zero() {
            return delay;
        }
        let (whole, random) = (nanos::of(delay), entropy.next_u64());
        Duration::from_nanos(match self.0 {
            Spread::None => whole,
            Spread::Full => nanos::at_most(whole, random),
            Spread::Equal => whole / 2 + nanos::at_most(whole - whole / 2, random),
            Spread::Factor(parts) => {
                let spread = ((u128::from(whole) * u128::from(parts)) >> 31) as u64;
                (whole - spread).saturating_add(nanos::at_most(spread.saturating_mul(2), random))
            }
        })
    }
}

impl Default for Jitter {
    /// ±50 %.
    fn default() -> Self {
        Self::factor(0.5)
    }
}

impl fmt::Debug for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Spread::None => f.write_str("none"),
            Spread::Full => f.write_str("full"),
            Spread::Equal => f.write_str("equal"),
            Spread::Factor(parts) => write!(f, "±{}", f64::from(parts) / f64::from(ONE)),
        }
    }
}

/// The factor of a jitter that is not within 0 and 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JitterError(());

impl fmt::Display for JitterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the factor of a jitter lies within 0 and 1")
    }
}

impl Error for JitterError {}
