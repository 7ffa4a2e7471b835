#include "write_watch.hpp"

#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

#include "segments.hpp"

namespace pawl::check::engine {
namespace {

struct range {
  std::uintptr_t begin = 0, end = 0;
  [[nodiscard]] bool holds(const void* p) const {
    return reinterpret_cast<std::uintptr_t>(p) - begin < end - begin;
  }
};

struct pages {
  std::uintptr_t size = 0;  // Of one.
  std::vector<range> data;  // Whole pages.
  range linker;             // The dynamic linker's code.
  std::mutex protecting;    // Not taken by the signal handler.
  unsigned watchers = 0;    // Protected by the mutex.
  enum class open : std::uint8_t { none, some, all };
  std::atomic<open> opened{open::all};
  std::atomic<std::uint64_t> faults{0};
};

// The atomics order nothing: who reads an old value protects or opens once more. On the heap,
// since static data is what is read-only. Null: nobody has ever watched.
pages* watched = nullptr;

bool is_runtime_library(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  for (const std::string_view each : {"linux-vdso", "ld-", "libc.", "libm.", "libstdc++.", "libc++",
                                      "libgcc_s.", "libpthread.", "libdl.", "librt."})
    if (name.starts_with(each)) return true;
  return false;
}

// Writable segments, without the tables that the linker has made read-only already.
void find_data(pages& found) {
  const std::uintptr_t in_page = found.size - 1;
  std::vector<range> fixed;
  visit_segments([&](const segment& s) {
    if (s.type == PT_GNU_RELRO) fixed.push_back({s.begin, s.end & ~in_page});
  });
  visit_segments([&](const segment& s) {
    if (!s.is_data() || is_runtime_library(s.object)) return;
    std::uintptr_t begin = s.begin & ~in_page;
    const std::uintptr_t end = (s.end + in_page) & ~in_page;
    for (const range& r : fixed)
      if (r.begin >= begin && r.begin < end) begin = r.end;
    if (begin < end) found.data.push_back({begin, end});
  });
}

range find_linker() {
  range found;
  visit_segments([&](const segment& s) {
    if (s.is_code() && s.base == getauxval(AT_BASE) && found.end == 0) found = {s.begin, s.end};
  });
  return found;
}

pages& all_pages() {
  static pages& found = []() -> pages& {
    auto* const p = new pages;
    p->size = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    p->linker = find_linker();
    find_data(*p);
    return *p;
  }();
  return found;
}

void protect(const pages& p, int protection) {
  for (const range& r : p.data)
    mprotect(reinterpret_cast<void*>(r.begin), r.end - r.begin, protection);
}

}  // namespace

write_watch::write_watch() {
  pages& p = all_pages();
  if (watched == nullptr) watched = &p;
  const std::lock_guard lock(p.protecting);
  if (p.watchers++ == 0) p.faults.store(0, std::memory_order_relaxed);
}

write_watch::~write_watch() {
  const std::lock_guard lock(watched->protecting);
  if (--watched->watchers == 0) open_all();
}

bool write_watch::renew(std::uint64_t runs) {
  constexpr std::uint64_t few_faults = 1000, runs_each = 256;
  pages& p = *watched;
  if (p.opened.load(std::memory_order_relaxed) == pages::open::none) return true;
  if (p.faults.load(std::memory_order_relaxed) > few_faults + runs / runs_each) return false;
  const std::lock_guard lock(p.protecting);
  p.opened.store(pages::open::none, std::memory_order_relaxed);
  protect(p, PROT_READ);
  return true;
}

void write_watch::open_all() {
  if (watched == nullptr ||
      watched->opened.exchange(pages::open::all, std::memory_order_relaxed) == pages::open::all)
    return;
  protect(*watched, PROT_READ | PROT_WRITE);
}

bool write_watch::open(const void* address) {
  if (watched == nullptr) return false;
  for (const range& r : watched->data) {
    if (!r.holds(address)) continue;
    const std::uintptr_t page = reinterpret_cast<std::uintptr_t>(address) & ~(watched->size - 1);
    auto none = pages::open::none;
    watched->opened.compare_exchange_strong(none, pages::open::some, std::memory_order_relaxed);
    watched->faults.fetch_add(1, std::memory_order_relaxed);
    return mprotect(reinterpret_cast<void*>(page), watched->size, PROT_READ | PROT_WRITE) == 0;
  }
  return false;
}

bool write_watch::is_linker(const void* code) {
  return watched != nullptr && watched->linker.holds(code);
}

}  // namespace pawl::check::engine
