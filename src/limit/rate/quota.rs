//! How many in a time: a plain value, and the numbers the kernel needs, worked out when it is made.

use core::error::Error;
use core::fmt;
use core::time::Duration;

/// How many cells in a time, and how many at once after a pause.
///
/// A *cell* is whatever is counted: a request, a byte, a message. A quota is a rate and a burst. The rate is exact, also where a period
/// does not divide by the number of cells: three per second are three per second after a year.
///
/// Cells come back one by one, evenly: of ten per second one each 100 ms. What is not taken is saved, up to the *burst*, which is all there
/// is at the start and after a pause. If it is not said otherwise it is as many as are to be had in a period:
///
/// | quota | at once, from idle | then | in any second, at most |
/// |---|--:|---|--:|
/// | `per_second(10)` | 10 | one each 100 ms | 20: ten that were saved, and ten that came back |
/// | `per_second(10).burst(1)` | 1 | one each 100 ms | 11: never two within 100 ms |
/// | `per_second(10).burst(100)` | 100 | one each 100 ms | 110 |
/// | `per_minute(600)` | 600 | one each 100 ms | 610 |
///
/// So a burst is not a number per period; it is what comes on top of the rate. To keep below `n` in *any* period of a server that counts so,
/// let burst and rate together make `n`: 9 per second with a burst of 1 are never more than 10 in a second.
///
/// Two quotas are equal if they let through the same: `per_second(10)` and `per(20, 2 s).burst(10)` are.
///
/// # Limits
/// Nothing overflows. What takes longer than 146 years (2⁶² ns) is cut to that: a longer period counts as 146 years, and a burst that would
/// take longer to come back is as large as what comes back in 146 years, as [`burst_size`](Self::burst_size) says. For so many and no more,
/// ever, take `Quota::per(n, Duration::MAX)`.
/// # Examples
/// ```
/// use core::time::Duration;
/// use untether::limit::Quota;
///
/// const SEARCHES: Quota = Quota::per_minute(30).burst(5);
/// assert_eq!(SEARCHES.interval(), Duration::from_secs(2));
/// assert_eq!(SEARCHES.burst_size(), 5);
/// assert_eq!(Quota::per_second(10), Quota::per(20, Duration::from_secs(2)).burst(10));
/// assert!(Quota::try_per(0, Duration::from_secs(1)).is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Quota {
    /// `cells` come in so many nanoseconds: both without a common divisor, so mostly it is one cell.
    pub(super) nanos: u64,
    pub(super) cells: u32,
    pub(super) burst: u32,
    /// How long the burst takes to come back, in nanoseconds, rounded up.
    pub(super) tolerance: u64,
}

/// Nothing takes longer: what a clock shows, a burst and a reservation fit into 64 bits together.
pub(super) const LONGEST: u64 = 1 << 62;

impl Quota {
    /// `n` cells in each `period`, and as many at once.
    ///
    /// # Panics
    /// Where [`try_per`](Self::try_per) gives an error; in a `const` that is an error of the compiler.
    #[must_use]
    pub const fn per(n: u32, period: Duration) -> Self {
        match Self::try_per(n, period) {
            Ok(quota) => quota,
            Err(error) => panic!("{}", error.text()),
        }
    }

    /// `n` cells in each second, and as many at once.
    ///
    /// # Panics
    /// As [`per`](Self::per).
    #[must_use]
    pub const fn per_second(n: u32) -> Self {
        Self::per(n, Duration::from_secs(1))
    }

    /// `n` cells in each minute, and as many at once.
    ///
    /// # Panics
    /// As [`per`](Self::per).
    #[must_use]
    pub const fn per_minute(n: u32) -> Self {
        Self::per(n, Duration::from_secs(60))
    }

    /// `n` cells in each hour, and as many at once.
    ///
    /// # Panics
    /// As [`per`](Self::per).
    #[must_use]
    pub const fn per_hour(n: u32) -> Self {
        Self::per(n, Duration::from_secs(60 * 60))
    }

    /// The same rate, with so many at once from idle.
    ///
    /// # Panics
    /// If `burst` is 0: nothing would ever be let through.
    #[must_use]
    pub const fn burst(self, burst: u32) -> Self {
        match self.try_burst(burst) {
            Ok(quota) => quota,
            Err(error) => panic!("{}", error.text()),
        }
    }

    /// As [`per`](Self::per), of numbers that are not known to be right.
    ///
    /// # Errors
    /// [`QuotaError`] if `n` or `period` is zero, or if that is more than one cell in a nanosecond.
    pub const fn try_per(n: u32, period: Duration) -> Result<Self, QuotaError> {
        if n == 0 {
            return Err(QuotaError::ZeroCells);
        }
        let nanos = period.as_nanos();
        if nanos == 0 {
            return Err(QuotaError::ZeroPeriod);
        }
        let nanos = if nanos < LONGEST as u128 { nanos as u64 } else { LONGEST };
        if nanos < n as u64 {
            return Err(QuotaError::TooFast);
        }
        let divisor = greatest_common_divisor(nanos, n as u64);
        let (nanos, cells) = (nanos / divisor, n / divisor as u32);
        Self { nanos, cells, burst: n, tolerance: 0 }.try_burst(n)
    }

    /// As [`burst`](Self::burst), of a number that is not known to be right.
    ///
    /// # Errors
    /// [`QuotaError::ZeroBurst`].
    pub const fn try_burst(mut self, burst: u32) -> Result<Self, QuotaError> {
        if burst == 0 {
            return Err(QuotaError::ZeroBurst);
        }
        let fits = LONGEST as u128 * self.cells as u128 / self.nanos as u128;
        self.burst = if (burst as u128) < fits { burst } else { fits as u32 };
        self.tolerance = (self.burst as u128 * self.nanos as u128).div_ceil(self.cells as u128) as u64;
        Ok(self)
    }

    /// How many at once, from idle.
    #[must_use]
    pub const fn burst_size(&self) -> u32 {
        self.burst
    }

    /// After how long one cell comes back, rounded up to a nanosecond.
    #[must_use]
    pub const fn interval(&self) -> Duration {
        Duration::from_nanos(self.nanos.div_ceil(self.cells as u64))
    }

    /// After how long all of the burst has come back.
    #[must_use]
    pub const fn refill(&self) -> Duration {
        Duration::from_nanos(self.tolerance)
    }
}

const fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The rate as so many in a time, without a common divisor.
impl fmt::Debug for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Quota")
            .field("cells", &self.cells)
            .field("per", &Duration::from_nanos(self.nanos))
            .field("burst", &self.burst)
            .finish()
    }
}

/// Why there is no such quota.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum QuotaError {
    /// Of no cells in a time, none would ever be let through.
    ZeroCells,
    /// A period of no length.
    ZeroPeriod,
    /// Of no cells at once, none would ever be let through.
    ZeroBurst,
    /// More than one cell in a nanosecond.
    TooFast,
}

impl QuotaError {
    const fn text(self) -> &'static str {
        match self {
            Self::ZeroCells => "a quota of no cells in a period",
            Self::ZeroPeriod => "a quota whose period is zero",
            Self::ZeroBurst => "a quota whose burst is zero",
            Self::TooFast => "a quota of more than one cell in a nanosecond",
        }
    }
}

impl fmt::Display for QuotaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Error for QuotaError {}
