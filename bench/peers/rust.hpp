// The functions of rust/, on tokio, crossbeam and parking_lot.
#pragma once

#include <cstdint>

extern "C" {
void tokio_mutex(std::uint64_t n);
void tokio_mutex_hand_over(std::uint64_t n);
void tokio_mutex_tasks(std::uint64_t n);
void tokio_semaphore(std::uint64_t n);
void tokio_semaphore_tasks(std::uint64_t n);
void tokio_read(std::uint64_t n);
void tokio_write(std::uint64_t n);
void tokio_readers_tasks(std::uint64_t n);
void tokio_notify(std::uint64_t n);
void tokio_notify_hand_over(std::uint64_t n);
void tokio_notify_tasks(std::uint64_t n);
void tokio_once_cell(std::uint64_t n);
void tokio_once_cell_that_may_fail(std::uint64_t n);
void tokio_barrier(std::uint64_t n);
void tokio_notify_nobody(std::uint64_t n);
void tokio_condition_hand_over(std::uint64_t n);
void tokio_condition_tasks(std::uint64_t n);
void tokio_watch(std::uint64_t n);
void tokio_watch_hand_over(std::uint64_t n);
void tokio_group(std::uint64_t n);
void tokio_shared_group(std::uint64_t n);
void tokio_token(std::uint64_t n);
void tokio_token_child(std::uint64_t n);
void tokio_token_family(std::uint64_t children, std::uint64_t n);
void tokio_token_hand_over(std::uint64_t n);

/// A mutex that is locked, and as many calls that wait for it.
struct tokio_queue;
tokio_queue* tokio_queue_make(std::uint64_t waiters);
void tokio_queue_cancel(tokio_queue* queue, std::uint64_t n);
void tokio_queue_destroy(tokio_queue* queue);

/// The same of a shared mutex that is read, and calls that wait to write.
struct tokio_writers;
tokio_writers* tokio_writers_make(std::uint64_t waiters);
void tokio_writers_cancel(tokio_writers* queue, std::uint64_t n);
void tokio_writers_destroy(tokio_writers* queue);

/// The same of a notify.
struct tokio_listeners;
tokio_listeners* tokio_listeners_make(std::uint64_t waiters);
void tokio_listeners_cancel(tokio_listeners* queue, std::uint64_t n);
void tokio_listeners_destroy(tokio_listeners* queue);

/// The same of a semaphore.
struct tokio_acquirers;
tokio_acquirers* tokio_acquirers_make(std::uint64_t waiters);
void tokio_acquirers_cancel(tokio_acquirers* queue, std::uint64_t n);
void tokio_acquirers_destroy(tokio_acquirers* queue);

/// The same of a mutex with a notify.
struct tokio_condition_waiters;
tokio_condition_waiters* tokio_condition_waiters_make(std::uint64_t waiters);
void tokio_condition_waiters_cancel(tokio_condition_waiters* queue, std::uint64_t n);
void tokio_condition_waiters_destroy(tokio_condition_waiters* queue);

/// The same of a cancellation token.
struct tokio_token_waiters;
tokio_token_waiters* tokio_token_waiters_make(std::uint64_t waiters);
void tokio_token_waiters_cancel(tokio_token_waiters* queue, std::uint64_t n);
void tokio_token_waiters_destroy(tokio_token_waiters* queue);

void crossbeam_group(std::uint64_t n);
void crossbeam_shared_group(std::uint64_t n);
void crossbeam_group_once(std::uint64_t n);

void parking_lot_mutex(std::uint64_t n);
void parking_lot_read(std::uint64_t n);
void parking_lot_write(std::uint64_t n);
void parking_lot_readers(std::uint64_t n);
void parking_lot_once(std::uint64_t n);
void parking_lot_notify_nobody(std::uint64_t n);
void parking_lot_condvar_round_trip(std::uint64_t n);
}
