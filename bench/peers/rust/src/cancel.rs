//! tokio: a waiter leaves the queue, out of the middle, and joins it again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use tokio::sync::Mutex;

struct Nobody;
impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

type Waiting = Pin<Box<dyn Future<Output = tokio::sync::OwnedMutexGuard<()>>>>;

pub struct Queue {
    mutex: Arc<Mutex<()>>,
    _held: tokio::sync::OwnedMutexGuard<()>,
    waiters: Vec<Waiting>,
    waker: Waker,
    next: usize,
}

impl Queue {
    fn join(&self) -> Waiting {
        let mut call: Waiting = Box::pin(self.mutex.clone().lock_owned());
        let mut context = Context::from_waker(&self.waker);
        assert!(matches!(call.as_mut().poll(&mut context), Poll::Pending));
        call
    }
}

#[no_mangle]
pub extern "C" fn tokio_queue_make(waiters: u64) -> *mut Queue {
    let mutex = Arc::new(Mutex::new(()));
    let held = mutex.clone().try_lock_owned().unwrap();
    let mut queue = Box::new(Queue {
        mutex,
        _held: held,
        waiters: Vec::new(),
        waker: Waker::from(Arc::new(Nobody)),
        next: 0,
    });
    for _ in 0..waiters {
        let call = queue.join();
        queue.waiters.push(call);
    }
    Box::into_raw(queue)
}

/// # Safety
/// `queue` is from tokio_queue_make and was not destroyed.
#[no_mangle]
pub unsafe extern "C" fn tokio_queue_cancel(queue: *mut Queue, n: u64) {
    let queue = &mut *queue;
    let count = queue.waiters.len();
    for _ in 0..n {
        let place = queue.next;
        queue.next = (place + count * 3 / 5 + 1) % count;
        // As a coroutine that is resumed does it: leave first, then begin anew in the same memory.
        let call = queue.mutex.clone().lock_owned();
        let mut context = Context::from_waker(&queue.waker);
        let slot = &mut queue.waiters[place];
        set(slot, call);
        assert!(matches!(slot.as_mut().poll(&mut context), Poll::Pending));
    }
}

fn set<F: Future<Output = tokio::sync::OwnedMutexGuard<()>> + 'static>(slot: &mut Waiting, f: F) {
    // All are of one type, so the old one can be dropped and the new one put into its place.
    unsafe {
        let memory = Pin::get_unchecked_mut(slot.as_mut()) as *mut dyn Future<Output = _> as *mut F;
        std::ptr::drop_in_place(memory);
        std::ptr::write(memory, f);
    }
}

/// # Safety
/// As for tokio_queue_cancel; it is destroyed now.
#[no_mangle]
pub unsafe extern "C" fn tokio_queue_destroy(queue: *mut Queue) {
    drop(Box::from_raw(queue));
}
