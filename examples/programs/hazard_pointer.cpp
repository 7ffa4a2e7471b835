// A configuration that is replaced while others read it, and freed when no hazard pointer of a
// reader holds it.
//
// The bug: the reader does not look again whether the configuration that it has just marked is
// still the current one. If it was replaced in between, the writer has not seen the mark and has
// freed it.
//
//   pawl check hazard_pointer.cpp
//   pawl check hazard_pointer.cpp -- -DNO_SECOND_LOOK
#include <atomic>
#include <cassert>
#include <thread>

struct Configuration {
  int width;
  int height;
};

static std::atomic<Configuration*> current{nullptr};
static std::atomic<Configuration*> hazard{nullptr};  // One reader, one pointer at a time.

static Configuration* protect() {
  for (;;) {
    Configuration* configuration = current.load(std::memory_order_relaxed);
    hazard.store(configuration, std::memory_order_seq_cst);
#ifdef NO_SECOND_LOOK
    return configuration;
#else
    // Sequentially consistent, as is the exchange: either this sees the new one, or the writer
    // sees the mark.
    if (current.load(std::memory_order_seq_cst) == configuration) return configuration;
#endif
  }
}

static void read() {
  const Configuration* configuration = protect();
  assert(configuration->width == 2 * configuration->height);
  hazard.store(nullptr, std::memory_order_release);
}

// Returns what could not be freed yet.
static Configuration* replace(Configuration* configuration) {
  Configuration* old = current.exchange(configuration, std::memory_order_seq_cst);
  if (hazard.load(std::memory_order_seq_cst) == old) return old;
  delete old;
  return nullptr;
}

int main() {
  current.store(new Configuration{4, 2}, std::memory_order_relaxed);
  Configuration* retired = nullptr;
  std::thread reader(read);
  std::thread writer([&] { retired = replace(new Configuration{8, 4}); });
  reader.join();
  writer.join();
  // Nobody reads any more.
  delete retired;
  delete current.load(std::memory_order_relaxed);
}
