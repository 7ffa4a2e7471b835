//! tokio: its tasks and what they wait for.

use crate::{look, READS_AND_A_WRITE};
use std::future::Future;
use std::sync::Arc;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Barrier, Mutex, Notify, OnceCell, RwLock, Semaphore};

pub fn on_one_thread<F: Future>(f: F) -> F::Output {
    thread_local! {
        static RUNTIME: Runtime = Builder::new_current_thread().build().unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(f))
}

pub fn on_two_threads<F: Future>(f: F) -> F::Output {
    thread_local! {
        static RUNTIME: Runtime =
            Builder::new_multi_thread().worker_threads(2).build().unwrap();
    }
    RUNTIME.with(|runtime| runtime.block_on(f))
}

#[no_mangle]
pub extern "C" fn tokio_mutex(n: u64) {
    on_one_thread(async {
        let m = Mutex::new(0u64);
        for _ in 0..n {
            *m.lock().await += 1;
        }
    });
}

#[no_mangle]
pub extern "C" fn tokio_semaphore(n: u64) {
    on_one_thread(async {
        let s = Semaphore::new(3);
        for _ in 0..n {
            let _permits = s.acquire_many(2).await.unwrap();
        }
    });
}

#[no_mangle]
pub extern "C" fn tokio_read(n: u64) {
    on_one_thread(async {
        let l = RwLock::new(0u64);
        for _ in 0..n {
            look(&*l.read().await);
        }
    });
}

#[no_mangle]
pub extern "C" fn tokio_write(n: u64) {
    on_one_thread(async {
        let l = RwLock::new(0u64);
        for _ in 0..n {
            *l.write().await += 1;
        }
    });
}

#[no_mangle]
pub extern "C" fn tokio_notify(n: u64) {
    on_one_thread(async {
        let event = Notify::new();
        for _ in 0..n {
            event.notify_one();
            event.notified().await;
        }
    });
}

/// Two tasks on one thread that notify each other.
#[no_mangle]
pub extern "C" fn tokio_notify_hand_over(n: u64) {
    async fn answer(ping: Arc<Notify>, pong: Arc<Notify>, n: u64) {
        for _ in 0..n {
            ping.notified().await;
            pong.notify_one();
        }
    }
    on_one_thread(async {
        let ping = Arc::new(Notify::new());
        let pong = Arc::new(Notify::new());
        let other = tokio::spawn(answer(ping.clone(), pong.clone(), n));
        for _ in 0..n {
            ping.notify_one();
            pong.notified().await;
        }
        other.await.unwrap();
    });
}

#[no_mangle]
pub extern "C" fn tokio_once_cell(n: u64) {
    on_one_thread(async {
        let cell = OnceCell::new();
        for _ in 0..n {
            look(cell.get_or_init(|| async { 7 }).await);
        }
    });
}

#[no_mangle]
pub extern "C" fn tokio_once_cell_that_may_fail(n: u64) {
    on_one_thread(async {
        let cell = OnceCell::new();
        for _ in 0..n {
            let made = cell.get_or_try_init(|| async { Ok::<u64, std::io::Error>(7) });
            look(made.await.unwrap());
        }
    });
}

/// Two tasks on one thread that hand the lock to each other: whoever unlocks finds it taken when he
/// locks again.
#[no_mangle]
pub extern "C" fn tokio_mutex_hand_over(n: u64) {
    async fn lock_often(m: Arc<Mutex<u64>>, n: u64) {
        for _ in 0..n {
            *m.lock().await += 1;
        }
    }
    on_one_thread(async {
        let m = Arc::new(Mutex::new(0u64));
        let mut held = m.lock().await;
        let other = tokio::spawn(lock_often(m.clone(), n));
        tokio::task::yield_now().await; // the other one gets in line
        for _ in 0..n {
            drop(held);
            held = m.lock().await;
        }
        drop(held);
        other.await.unwrap();
    });
}

#[no_mangle]
pub extern "C" fn tokio_barrier(n: u64) {
    async fn arrive(b: Arc<Barrier>, n: u64) {
        for _ in 0..n {
            b.wait().await;
        }
    }
    on_one_thread(async {
        let b = Arc::new(Barrier::new(2));
        let other = tokio::spawn(arrive(b.clone(), n));
        arrive(b, n).await;
        other.await.unwrap();
    });
}

pub const TASKS: u64 = 64;

/// 64 tasks on two threads, `n` locks altogether.
#[no_mangle]
pub extern "C" fn tokio_mutex_tasks(n: u64) {
    async fn lock_often(m: Arc<Mutex<u64>>, n: u64) {
        for _ in 0..n {
            *m.lock().await += 1;
        }
    }
    let m = Arc::new(Mutex::new(0u64));
    on_two_threads(async {
        let running: Vec<_> = (0..TASKS)
            .map(|_| tokio::spawn(lock_often(m.clone(), n / TASKS)))
            .collect();
        for each in running {
            each.await.unwrap();
        }
    });
}

/// The same, of a semaphore of 4.
#[no_mangle]
pub extern "C" fn tokio_semaphore_tasks(n: u64) {
    async fn acquire_often(s: Arc<Semaphore>, n: u64) {
        for _ in 0..n {
            let _permit = s.acquire().await.unwrap();
        }
    }
    let s = Arc::new(Semaphore::new(4));
    on_two_threads(async {
        let running: Vec<_> = (0..TASKS)
            .map(|_| tokio::spawn(acquire_often(s.clone(), n / TASKS)))
            .collect();
        for each in running {
            each.await.unwrap();
        }
    });
}

/// The same, of a notification that goes round.
#[no_mangle]
pub extern "C" fn tokio_notify_tasks(n: u64) {
    async fn pass_on(event: Arc<Notify>, n: u64) {
        for _ in 0..n {
            event.notified().await;
            event.notify_one();
        }
    }
    let event = Arc::new(Notify::new());
    event.notify_one();
    on_two_threads(async {
        let running: Vec<_> = (0..TASKS)
            .map(|_| tokio::spawn(pass_on(event.clone(), n / TASKS)))
            .collect();
        for each in running {
            each.await.unwrap();
        }
    });
}

/// The same where one in 64 writes.
#[no_mangle]
pub extern "C" fn tokio_readers_tasks(n: u64) {
    async fn mostly_read(l: Arc<RwLock<u64>>, n: u64) {
        for i in 0..n {
            if i % READS_AND_A_WRITE == 0 {
                *l.write().await += 1;
            } else {
                look(&*l.read().await);
            }
        }
    }
    let l = Arc::new(RwLock::new(0u64));
    on_two_threads(async {
        let running: Vec<_> = (0..TASKS)
            .map(|_| tokio::spawn(mostly_read(l.clone(), n / TASKS)))
            .collect();
        for each in running {
            each.await.unwrap();
        }
    });
}
