//! Time from the SysTick timer, which interrupts a thousand times a second.
//!
//! The smallest backend untether can stand on: a counter for the clock and a [`WakeQueue`] for the sleepers, fired by
//! the interrupt.

use core::{cell::Cell, task::Waker, time::Duration};

use cortex_m::peripheral::{SYST, syst::SystClkSource};
use cortex_m_rt::exception;
use critical_section::Mutex;
use untether::time::{Clock, Driver, DriverTimer, Instant, WakeKey, WakeQueue};

/// How fine the clock is.
pub const TICK: Duration = Duration::from_millis(1);

/// What the lm3s6965 runs at after reset: its 200 MHz PLL divided by 16.
const CORE_HZ: u32 = 12_500_000;

static DRIVER: SysTickDriver = SysTickDriver { ticks: Mutex::new(Cell::new(0)), sleepers: WakeQueue::new() };

/// A timer of the only driver on the board.
pub type SysTickTimer = DriverTimer<&'static SysTickDriver>;

/// Gives a timer. Nothing elapses before [`start`].
pub fn timer() -> SysTickTimer {
    DriverTimer(&DRIVER)
}

/// Starts the clock.
pub fn start(mut systick: SYST) {
    systick.set_clock_source(SystClkSource::Core);
    systick.set_reload(CORE_HZ / 1000 - 1);
    systick.clear_current();
    systick.enable_interrupt();
    systick.enable_counter();
}

/// The clock and its sleepers.
pub struct SysTickDriver {
    /// Interrupts so far. The core has no 64-bit atomics, hence the critical section.
    ticks: Mutex<Cell<u64>>,
    sleepers: WakeQueue,
}

impl Clock for SysTickDriver {
    fn now(&self) -> Instant {
        let ticks = critical_section::with(|cs| self.ticks.borrow(cs).get());
        Instant::from_nanos(ticks * TICK.as_nanos() as u64)
    }
}

impl Driver for SysTickDriver {
    fn schedule_wake(&self, at: Instant, key: &mut WakeKey, waker: &Waker) {
        // Whether this is the earliest does not matter: every tick looks.
        self.sleepers.schedule(at, key, waker);
    }

    fn cancel(&self, key: &mut WakeKey) {
        self.sleepers.cancel(key);
    }
}

#[exception]
fn SysTick() {
    critical_section::with(|cs| {
        let ticks = DRIVER.ticks.borrow(cs);
        ticks.set(ticks.get() + 1);
    });
    DRIVER.sleepers.fire(DRIVER.now());
}
