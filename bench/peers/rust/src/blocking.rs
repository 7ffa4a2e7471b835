//! parking_lot: locks for threads.

use crate::look;
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

/// Nine reads to a write.
#[no_mangle]
pub extern "C" fn parking_lot_readers(n: u64) {
    for i in 0..n {
        if i % 10 == 9 {
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
