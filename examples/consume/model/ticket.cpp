// A ticket counter, and data that a permit protects: two models outside pawl's own tree.
#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>
#include <pawl/sync/semaphore.hpp>

PAWL_MODEL("ticket.unique", "two threads never draw the same ticket",
           pawl::check::bounds{.threads = 3}) {
  pawl::atomic<int> next{0};
  pawl::cell<int> first{-1}, second{-1};
  pawl::thread a([&] { first.write(next.fetch_add(1, pawl::memory_order_relaxed)); });
  pawl::thread b([&] { second.write(next.fetch_add(1, pawl::memory_order_relaxed)); });
  a.join();
  b.join();
  pawl::check::require(first.read() != second.read(), "the tickets differ");
}

PAWL_MODEL("ticket.exclusive", "a permit protects plain data", pawl::check::bounds{.threads = 3}) {
  pawl::semaphore one{1};
  pawl::cell<int> total{0};
  auto add = [&] {
    auto permit = one.acquire_blocking();
    pawl::check::require(permit.has_value(), "nobody closed the semaphore");
    total.write(total.read() + 1);
  };
  pawl::thread a(add);
  pawl::thread b(add);
  a.join();
  b.join();
  pawl::check::require(total.read() == 2, "both additions count");
}
