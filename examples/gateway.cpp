// Coroutines of Boost.Asio and a task of pawl share two connections, on one io_context.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <iostream>
#include <pawl/interop/asio.hpp>
#include <pawl/sync/semaphore.hpp>
#include <pawl/task/task.hpp>

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

asio::awaitable<int> request(pawl::semaphore& connections, int bytes) {
  auto connection = co_await pawl::async_op(
      [&](pawl::stop_token token) { return connections.acquire(1, token); }, asio::use_awaitable);
  asio::steady_timer answer(co_await asio::this_coro::executor, 1ms);
  co_await answer.async_wait(asio::use_awaitable);
  co_return bytes;
}

pawl::task<int> transfer(pawl::semaphore& connections, int bytes) {
  const auto both = (co_await connections.acquire(2)).value();
  co_return bytes;
}

asio::awaitable<void> serve(pawl::semaphore& connections) {
  const auto [a, b, c, d] =
      co_await (request(connections, 1) && request(connections, 2) &&
                pawl::async_op([&] { return transfer(connections, 100); }, asio::use_awaitable) &&
                request(connections, 3));
  std::cout << a + b + c + d << " bytes\n";
  asio::steady_timer patience(co_await asio::this_coro::executor, 1ms);
  const auto all = connections.try_acquire(2);
  const auto late = co_await (request(connections, 4) || patience.async_wait(asio::use_awaitable));
  std::cout << (late.index() == 0 ? "served\n" : "too late\n");
}

int main() {
  asio::io_context io;
  pawl::semaphore connections(2);
  asio::co_spawn(io, serve(connections), asio::detached);
  io.run();
}
