//! What waits for a change: parking_lot's condition variable, and what is nearest to one in tokio, a
//! mutex with a Notify.

use crate::tasks::{on_one_thread, on_two_threads, TASKS};
use std::sync::Arc;
use std::thread;

#[derive(Clone, Copy, PartialEq)]
enum Whose {
    First,
    Second,
    Nobody,
}

#[no_mangle]
pub extern "C" fn parking_lot_notify_nobody(n: u64) {
    let changed = parking_lot::Condvar::new();
    for _ in 0..n {
        changed.notify_one();
    }
}

/// Two threads wake each other in turn.
#[no_mangle]
pub extern "C" fn parking_lot_condvar_round_trip(n: u64) {
    use parking_lot::{Condvar, Mutex};
    let shared = Arc::new((Mutex::new(Whose::First), Condvar::new()));
    let second = shared.clone();
    let other = thread::spawn(move || {
        let (turn, changed) = &*second;
        let mut whose = turn.lock();
        loop {
            changed.wait_while(&mut whose, |w| *w == Whose::First);
            if *whose == Whose::Nobody {
                return;
            }
            *whose = Whose::First;
            changed.notify_one();
        }
    });
    let (turn, changed) = &*shared;
    let mut whose = turn.lock();
    for _ in 0..n {
        *whose = Whose::Second;
        changed.notify_one();
        changed.wait_while(&mut whose, |w| *w != Whose::First);
    }
    *whose = Whose::Nobody;
    changed.notify_one();
    drop(whose);
    other.join().unwrap();
}

/// Nobody waits, and nothing is stored for who comes later.
#[no_mangle]
pub extern "C" fn tokio_notify_nobody(n: u64) {
    let changed = tokio::sync::Notify::new();
    for _ in 0..n {
        changed.notify_waiters();
    }
}

struct Turn {
    whose: tokio::sync::Mutex<Whose>,
    changed: tokio::sync::Notify,
}

impl Turn {
    async fn wait<'a>(
        &'a self,
        mut held: tokio::sync::MutexGuard<'a, Whose>,
        holds: impl Fn(Whose) -> bool,
    ) -> tokio::sync::MutexGuard<'a, Whose> {
        while !holds(*held) {
            drop(held);
            // What is notified in between is stored.
            self.changed.notified().await;
            held = self.whose.lock().await;
        }
        held
    }
}

/// Two tasks on one thread wake each other in turn.
#[no_mangle]
pub extern "C" fn tokio_condition_hand_over(n: u64) {
    async fn answer(turn: Arc<Turn>) {
        let mut held = turn.whose.lock().await;
        loop {
            held = turn.wait(held, |w| w != Whose::First).await;
            if *held == Whose::Nobody {
                return;
            }
            *held = Whose::First;
            turn.changed.notify_one();
        }
    }
    on_one_thread(async {
        let turn = Arc::new(Turn {
            whose: tokio::sync::Mutex::new(Whose::First),
            changed: tokio::sync::Notify::new(),
        });
        let other = tokio::spawn(answer(turn.clone()));
        let mut held = turn.whose.lock().await;
        for _ in 0..n {
            *held = Whose::Second;
            turn.changed.notify_one();
            held = turn.wait(held, |w| w == Whose::First).await;
        }
        *held = Whose::Nobody;
        turn.changed.notify_one();
        drop(held);
        other.await.unwrap();
    });
}

/// 64 tasks on two threads, and places for 4.
#[no_mangle]
pub extern "C" fn tokio_condition_tasks(n: u64) {
    type Places = (tokio::sync::Mutex<u64>, tokio::sync::Notify);
    async fn enter_and_leave(shared: Arc<Places>, n: u64) {
        let (places, left) = &*shared;
        for _ in 0..n {
            let mut held = places.lock().await;
            while *held == 0 {
                let notified = left.notified();
                tokio::pin!(notified);
                notified.as_mut().enable(); // one of those whom a notification reaches
                drop(held);
                notified.await;
                held = places.lock().await;
            }
            *held -= 1;
            drop(held);
            *places.lock().await += 1;
            left.notify_one();
        }
    }
    let shared: Arc<Places> = Arc::new((4.into(), tokio::sync::Notify::new()));
    on_two_threads(async {
        let running: Vec<_> = (0..TASKS)
            .map(|_| tokio::spawn(enter_and_leave(shared.clone(), n / TASKS)))
            .collect();
        for each in running {
            each.await.unwrap();
        }
    });
}
