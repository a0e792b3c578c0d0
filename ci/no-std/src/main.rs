//! Runs untether where there is no operating system: a Cortex-M3 with 64 KiB of memory, one timer and `wfi`.
//!
//! [`systick`] is the backend, [`block_on`] the executor, [`checks`] what is proved with them. The verdict leaves the
//! board by semihosting: it is the exit code of QEMU.
#![no_std]
#![no_main]

extern crate alloc;

mod block_on;
mod checks;
mod systick;

use core::panic::PanicInfo;

use cortex_m_rt::{ExceptionFrame, entry, exception};
use cortex_m_semihosting::{
    debug::{self, EXIT_FAILURE, EXIT_SUCCESS},
    hprintln,
};
use embedded_alloc::LlffHeap;

const HEAP_BYTES: usize = 32 * 1024;

#[global_allocator]
static HEAP: LlffHeap = LlffHeap::empty();

#[entry]
fn main() -> ! {
    // SAFETY: runs once, before anything allocates; the macro gives the heap a static block of its own.
    unsafe {
        embedded_alloc::init!(HEAP, HEAP_BYTES);
    }
    let core = cortex_m::Peripherals::take().expect("main runs once");
    systick::start(core.SYST);

    let mut failed = 0;
    for (name, check) in checks::ALL {
        match check() {
            Ok(seen) => hprintln!("ok     {name}: {seen}"),
            Err(seen) => {
                failed += 1;
                hprintln!("FAILED {name}: {seen}");
            }
        }
    }
    hprintln!("heap: {} of {HEAP_BYTES} bytes in use at the end", HEAP.used());
    let passed = checks::ALL.len() - failed;
    hprintln!("untether on Cortex-M3: {passed} passed, {failed} failed");
    exit(if failed == 0 { EXIT_SUCCESS } else { EXIT_FAILURE })
}

#[panic_handler]
fn panic(info: &PanicInfo<'_>) -> ! {
    hprintln!("{info}");
    exit(EXIT_FAILURE)
}

// SAFETY: does not return to the code that faulted, and touches none of its state.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    hprintln!("hard fault at {:#x}", frame.pc());
    exit(EXIT_FAILURE)
}

fn exit(status: debug::ExitStatus) -> ! {
    debug::exit(status);
    loop {
        cortex_m::asm::wfi();
    }
}
