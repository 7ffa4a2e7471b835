//! The workloads of ../mutex.cpp and its neighbours on tokio and parking_lot. Each function executes
//! `n` operations. For the compiler that Debian has with these packages, 1.63.

mod blocking;
mod cancel;
mod conditions;
mod events;
mod tasks;
mod tokens;

/// Reads what no optimiser may leave out.
fn look(value: &u64) {
    unsafe { std::ptr::read_volatile(value) };
}

/// Of so many operations, where most read, one writes: as in ../../locked_counter.hpp.
const READS_AND_A_WRITE: u64 = 64;
