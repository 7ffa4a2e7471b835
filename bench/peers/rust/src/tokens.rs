//! The cancellation tokens of tokio_util.

use crate::look;
use crate::tasks::on_one_thread;
use std::cell::UnsafeCell;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

#[no_mangle]
pub extern "C" fn tokio_token(n: u64) {
    let token = CancellationToken::new();
    for _ in 0..n {
        look(&u64::from(token.is_cancelled()));
    }
}

#[no_mangle]
pub extern "C" fn tokio_token_child(n: u64) {
    let parent = CancellationToken::new();
    for _ in 0..n {
        drop(parent.child_token());
    }
}

/// A root with children is made, cancelled and dropped.
#[no_mangle]
pub extern "C" fn tokio_token_family(children: u64, n: u64) {
    for _ in 0..n {
        let root = CancellationToken::new();
        let _family: Vec<_> = (0..children).map(|_| root.child_token()).collect();
        root.cancel();
    }
}

/// A token that is made anew each time. For tasks on one thread, of which one at a time has it.
struct Fresh(UnsafeCell<CancellationToken>);

unsafe impl Send for Fresh {}
unsafe impl Sync for Fresh {}

impl Fresh {
    fn new() -> Arc<Self> {
        Arc::new(Fresh(UnsafeCell::new(CancellationToken::new())))
    }
    fn get(&self) -> &CancellationToken {
        unsafe { &*self.0.get() }
    }
    fn renew(&self) {
        unsafe { *self.0.get() = CancellationToken::new() };
    }
}

/// Two tasks on one thread wait for each other to cancel a token.
#[no_mangle]
pub extern "C" fn tokio_token_hand_over(n: u64) {
    async fn answer(ping: Arc<Fresh>, pong: Arc<Fresh>, n: u64) {
        for _ in 0..n {
            ping.get().cancelled().await;
            ping.renew();
            pong.get().cancel();
        }
    }
    on_one_thread(async {
        let ping = Fresh::new();
        let pong = Fresh::new();
        let other = tokio::spawn(answer(ping.clone(), pong.clone(), n));
        for _ in 0..n {
            ping.get().cancel();
            pong.get().cancelled().await;
            pong.renew();
        }
        other.await.unwrap();
    });
}
