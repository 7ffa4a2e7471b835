// A server that shuts down: its requests are cancelled with it, and each of them by a deadline.
#include <chrono>
#include <iostream>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/cancellation_source.hpp>
#include <pawl/task/cancellation_trigger.hpp>
#include <pawl/task/run_until_cancelled.hpp>
#include <pawl/task/spawn.hpp>
#include <pawl/task/sync_wait.hpp>
#include <pawl/task/this_task.hpp>
#include <pawl/task/thread_pool.hpp>

using namespace std::chrono_literals;

// Waits for a table that nobody leaves.
pawl::task<int> dine(pawl::semaphore& tables) {
  const auto stop = co_await pawl::this_task::get_stop_token();
  const auto table = co_await tables.acquire(1, stop);  // withdrawn when it is to stop
  co_return table ? 1 : 0;
}

pawl::task<int> serve(pawl::cancellation_token server, pawl::semaphore& tables,
                      std::chrono::milliseconds patience) {
  pawl::cancellation_source request(server);  // cancelled with the server, not the other way round
  const pawl::cancellation_deadline deadline(request, pawl::steady_clock::now() + patience);
  const auto dined = co_await run_until_cancelled(request.get_token(), dine(tables));
  const auto why = request.reason();
  if (why)
    std::cout << (why->what == pawl::stop_reason::kind::deadline ? "too late\n" : "closed\n");
  co_return dined.value_or(0);
}

int main() {
  pawl::thread_pool pool(2);
  pawl::semaphore tables(1);
  pawl::cancellation_source server;
  std::cout << pawl::sync_wait(serve(server.get_token(), tables, 1h)) << " dined\n";
  tables.forget_permits(1);  // the next ones wait in vain
  pawl::sync_wait(serve(server.get_token(), tables, 1ms));
  auto patient = pawl::spawn(pool, serve(server.get_token(), tables, 1h));
  server.request_stop();
  std::cout << std::move(patient).join_blocking().value() << " dined\n";
}
