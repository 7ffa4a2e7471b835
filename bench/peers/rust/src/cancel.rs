//! tokio: a waiter leaves the queue, out of the middle, and joins it again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use tokio::sync::{
    AcquireError, Mutex, Notify, OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard,
    OwnedSemaphorePermit, RwLock, Semaphore,
};
use tokio_util::sync::CancellationToken;

struct Nobody;
impl Wake for Nobody {
    fn wake(self: Arc<Self>) {}
}

type Waiting<Guard> = Pin<Box<dyn Future<Output = Guard>>>;

/// Something that is not to be had, such as a lock that is held, and calls that wait for it.
pub struct Queue<Lock, Held, Guard> {
    lock: Arc<Lock>,
    _held: Held,
    waiters: Vec<Waiting<Guard>>,
    waker: Waker,
    next: usize,
}

impl<Lock, Held, Guard> Queue<Lock, Held, Guard> {
    fn make<F: Future<Output = Guard> + 'static>(
        lock: Arc<Lock>,
        held: Held,
        count: u64,
        call: impl Fn(Arc<Lock>) -> F,
    ) -> *mut Self {
        let mut queue = Box::new(Queue {
            lock,
            _held: held,
            waiters: Vec::new(),
            waker: Waker::from(Arc::new(Nobody)),
            next: 0,
        });
        for _ in 0..count {
            let mut waiting: Waiting<Guard> = Box::pin(call(queue.lock.clone()));
            join(&mut waiting, &queue.waker);
            queue.waiters.push(waiting);
        }
        Box::into_raw(queue)
    }

    fn cancel<F: Future<Output = Guard>>(&mut self, n: u64, call: impl Fn(Arc<Lock>) -> F) {
        let count = self.waiters.len();
        for _ in 0..n {
            let place = self.next;
            self.next = (place + count * 3 / 5 + 1) % count;
            // As a coroutine that is resumed does it: leave first, then begin anew in the same
            // memory.
            let again = call(self.lock.clone());
            let slot = &mut self.waiters[place];
            set(slot, again);
            join(slot, &self.waker);
        }
    }
}

fn join<Guard>(waiting: &mut Waiting<Guard>, waker: &Waker) {
    assert!(matches!(waiting.as_mut().poll(&mut Context::from_waker(waker)), Poll::Pending));
}

fn set<Guard, F: Future<Output = Guard>>(slot: &mut Waiting<Guard>, f: F) {
    // All are of one type, so the old one can be dropped and the new one put into its place.
    unsafe {
        let memory = Pin::get_unchecked_mut(slot.as_mut()) as *mut _ as *mut F;
        std::ptr::drop_in_place(memory);
        std::ptr::write(memory, f);
    }
}

type LockQueue = Queue<Mutex<()>, OwnedMutexGuard<()>, OwnedMutexGuard<()>>;

#[no_mangle]
pub extern "C" fn tokio_queue_make(waiters: u64) -> *mut LockQueue {
    let lock = Arc::new(Mutex::new(()));
    let held = lock.clone().try_lock_owned().unwrap();
    Queue::make(lock, held, waiters, Mutex::lock_owned)
}

/// # Safety
/// `queue` is from tokio_queue_make and was not destroyed.
#[no_mangle]
pub unsafe extern "C" fn tokio_queue_cancel(queue: *mut LockQueue, n: u64) {
    (*queue).cancel(n, Mutex::lock_owned);
}

/// # Safety
/// As for tokio_queue_cancel; it is destroyed now.
#[no_mangle]
pub unsafe extern "C" fn tokio_queue_destroy(queue: *mut LockQueue) {
    drop(Box::from_raw(queue));
}

type Writers = Queue<RwLock<()>, OwnedRwLockReadGuard<()>, OwnedRwLockWriteGuard<()>>;

#[no_mangle]
pub extern "C" fn tokio_writers_make(waiters: u64) -> *mut Writers {
    let lock = Arc::new(RwLock::new(()));
    let held = lock.clone().try_read_owned().unwrap();
    Queue::make(lock, held, waiters, RwLock::write_owned)
}

/// # Safety
/// `queue` is from tokio_writers_make and was not destroyed.
#[no_mangle]
pub unsafe extern "C" fn tokio_writers_cancel(queue: *mut Writers, n: u64) {
    (*queue).cancel(n, RwLock::write_owned);
}

/// # Safety
/// As for tokio_writers_cancel; it is destroyed now.
#[no_mangle]
pub unsafe extern "C" fn tokio_writers_destroy(queue: *mut Writers) {
    drop(Box::from_raw(queue));
}

type Listeners = Queue<Notify, (), ()>;

async fn notified(n: Arc<Notify>) {
    n.notified().await
}

#[no_mangle]
pub extern "C" fn tokio_listeners_make(waiters: u64) -> *mut Listeners {
    Queue::make(Arc::new(Notify::new()), (), waiters, notified)
}

/// # Safety
/// As for tokio_queue_cancel.
#[no_mangle]
pub unsafe extern "C" fn tokio_listeners_cancel(queue: *mut Listeners, n: u64) {
    (*queue).cancel(n, notified);
}

/// # Safety
/// As for tokio_queue_destroy.
#[no_mangle]
pub unsafe extern "C" fn tokio_listeners_destroy(queue: *mut Listeners) {
    drop(Box::from_raw(queue));
}

/// Those wait for the change of what a mutex protects.
type ConditionWaiters = Queue<(Mutex<()>, Notify), (), ()>;

async fn changed(condition: Arc<(Mutex<()>, Notify)>) {
    let held = condition.0.lock().await;
    let notified = condition.1.notified();
    drop(held);
    notified.await;
    let _held = condition.0.lock().await;
}

#[no_mangle]
pub extern "C" fn tokio_condition_waiters_make(waiters: u64) -> *mut ConditionWaiters {
    Queue::make(Arc::new((Mutex::new(()), Notify::new())), (), waiters, changed)
}

/// # Safety
/// As for tokio_queue_cancel.
#[no_mangle]
pub unsafe extern "C" fn tokio_condition_waiters_cancel(queue: *mut ConditionWaiters, n: u64) {
    (*queue).cancel(n, changed);
}

/// # Safety
/// As for tokio_queue_destroy.
#[no_mangle]
pub unsafe extern "C" fn tokio_condition_waiters_destroy(queue: *mut ConditionWaiters) {
    drop(Box::from_raw(queue));
}

type TokenWaiters = Queue<CancellationToken, (), ()>;

async fn cancelled(token: Arc<CancellationToken>) {
    token.cancelled().await
}

#[no_mangle]
pub extern "C" fn tokio_token_waiters_make(waiters: u64) -> *mut TokenWaiters {
    Queue::make(Arc::new(CancellationToken::new()), (), waiters, cancelled)
}

/// # Safety
/// As for tokio_queue_cancel.
#[no_mangle]
pub unsafe extern "C" fn tokio_token_waiters_cancel(queue: *mut TokenWaiters, n: u64) {
    (*queue).cancel(n, cancelled);
}

/// # Safety
/// As for tokio_queue_destroy.
#[no_mangle]
pub unsafe extern "C" fn tokio_token_waiters_destroy(queue: *mut TokenWaiters) {
    drop(Box::from_raw(queue));
}

type Acquirers = Queue<Semaphore, (), Result<OwnedSemaphorePermit, AcquireError>>;

#[no_mangle]
pub extern "C" fn tokio_acquirers_make(waiters: u64) -> *mut Acquirers {
    Queue::make(Arc::new(Semaphore::new(0)), (), waiters, Semaphore::acquire_owned)
}

/// # Safety
/// As for tokio_queue_cancel.
#[no_mangle]
pub unsafe extern "C" fn tokio_acquirers_cancel(queue: *mut Acquirers, n: u64) {
    (*queue).cancel(n, Semaphore::acquire_owned);
}

/// # Safety
/// As for tokio_queue_destroy.
#[no_mangle]
pub unsafe extern "C" fn tokio_acquirers_destroy(queue: *mut Acquirers) {
    drop(Box::from_raw(queue));
}
