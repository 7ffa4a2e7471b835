//! parking_lot: locks for threads.

use crate::{look, READS_AND_A_WRITE};
use parking_lot::{Mutex, Once, RwLock};

#[no_mangle]
pub extern "C" fn parking_lot_mutex(n: u64) {
    static M: Mutex<u64> = Mutex::new(0);
    for _ in 0..n {
        *M.lock() += 1;
    }
}

static L: RwLock<u64> = RwLock::new(0);

#[no_mangle]
pub extern "C" fn parking_lot_read(n: u64) {
    for _ in 0..n {
        look(&*L.read());
    }
}

#[no_mangle]
pub extern "C" fn parking_lot_write(n: u64) {
    for _ in 0..n {
        *L.write() += 1;
    }
}

/// One in 64 writes, as for the others.
#[no_mangle]
pub extern "C" fn parking_lot_readers(n: u64) {
    for i in 0..n {
        if i % READS_AND_A_WRITE == 0 {
            *L.write() += 1;
        } else {
            look(&*L.read());
        }
    }
}

#[no_mangle]
pub extern "C" fn parking_lot_once(n: u64) {
    static O: Once = Once::new();
    for _ in 0..n {
        O.call_once(|| {});
    }
}
