//! What is nearest to events and wait groups: tokio's watch, and the group of crossbeam.

use crate::look;
use crate::tasks::on_one_thread;
use crossbeam_utils::sync::WaitGroup;
use parking_lot::{const_mutex, Mutex};
use tokio::sync::{mpsc, watch};

/// Looks whether it has happened, which it has, and would wait for it otherwise.
#[no_mangle]
pub extern "C" fn tokio_watch(n: u64) {
    on_one_thread(async {
        let (_sender, mut happened) = watch::channel(true);
        for _ in 0..n {
            while !*happened.borrow() {
                happened.changed().await.unwrap();
            }
        }
    });
}

/// Two tasks on one thread that see what the other has sent.
#[no_mangle]
pub extern "C" fn tokio_watch_hand_over(n: u64) {
    async fn answer(mut ping: watch::Receiver<u64>, pong: watch::Sender<u64>, n: u64) {
        for i in 0..n {
            ping.changed().await.unwrap();
            pong.send(i).unwrap();
        }
    }
    on_one_thread(async {
        let (ping, pinged) = watch::channel(0);
        let (pong, mut ponged) = watch::channel(0);
        let other = tokio::spawn(answer(pinged, pong, n));
        for i in 0..n {
            ping.send(i).unwrap();
            ponged.changed().await.unwrap();
        }
        other.await.unwrap();
    });
}

/// Tasks in progress hold a sender, and whoever waits for them receives until there is none.
#[no_mangle]
pub extern "C" fn tokio_group(n: u64) {
    let (in_progress, _all_done) = mpsc::channel::<()>(1);
    for _ in 0..n {
        drop(in_progress.clone());
    }
}

#[no_mangle]
pub extern "C" fn crossbeam_group(n: u64) {
    let group = WaitGroup::new();
    for _ in 0..n {
        drop(group.clone());
    }
}

/// The same by several threads at a time.
#[no_mangle]
pub extern "C" fn tokio_shared_group(n: u64) {
    static SHARED: Mutex<Option<mpsc::Sender<()>>> = const_mutex(None);
    let in_progress = SHARED.lock().get_or_insert_with(|| mpsc::channel(1).0).clone();
    for _ in 0..n {
        drop(in_progress.clone());
    }
}

#[no_mangle]
pub extern "C" fn crossbeam_shared_group(n: u64) {
    static SHARED: Mutex<Option<WaitGroup>> = const_mutex(None);
    let group = SHARED.lock().get_or_insert_with(WaitGroup::new).clone();
    for _ in 0..n {
        drop(group.clone());
    }
}

/// A group is made, comes to an end, and is waited for.
#[no_mangle]
pub extern "C" fn crossbeam_group_once(n: u64) {
    for i in 0..n {
        let group = WaitGroup::new();
        let in_progress = group.clone();
        look(&i);
        drop(in_progress);
        group.wait();
    }
}
