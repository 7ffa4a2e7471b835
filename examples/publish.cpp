// A bug to catch: the flag should publish the data, but its store is relaxed.
#include <pawl/backend/backend.hpp>
#include <pawl/check.hpp>

PAWL_MODEL("publish.relaxed", "who sees the flag sees the data",
           pawl::check::bounds{.threads = 2}) {
  pawl::cell<int> data{0};
  pawl::atomic<bool> ready{false};
  pawl::check::name(&data, "data");
  pawl::check::name(&ready, "ready");

  pawl::thread writer([&] {
    data.write(42);
    ready.store(true, pawl::memory_order_relaxed);  // release is what it takes
  });
  if (ready.load(pawl::memory_order_acquire)) {
    pawl::check::require(data.read() == 42, "the data is there");
  }
  writer.join();
}
