#include "ownership.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pawl/check/ownership.hpp>
#include <utility>

#include "describe.hpp"
#include "runtime.hpp"

namespace pawl::check {

namespace rt {

namespace {

engine::runtime* active() {
  engine::runtime* const r = engine::runtime::current();
  return r != nullptr && r->inside() ? r : nullptr;
}

}  // namespace

void leak(const char* what) noexcept {
  engine::runtime* const r = active();
  fiber::outside_heap outside;
  if (r != nullptr) r->fail(failure_kind::leak, what);
  fmt::print(stderr, "pawl: {}\n", what);
  std::abort();
}

void begin_ownership(ownership_mark& mark, const void* of) noexcept {
  const engine::runtime* const r = active();
  if (r == nullptr) return;
  mark = {ownership_mark::begun, of, r->running(), r->thread(r->running()).executed};
}

void end_ownership(ownership_mark& mark) noexcept { mark = {}; }

void move_ownership(ownership_mark& from, ownership_mark& to) noexcept {
  if (&from != &to) to = std::exchange(from, {});
}

}  // namespace rt

void engine::note_owners(const runtime& r, std::span<const std::byte> bytes,
                         std::vector<std::string>& notes) {
  rt::ownership_mark mark;
  for (; bytes.size() >= sizeof mark; bytes = bytes.subspan(alignof(rt::ownership_mark))) {
    std::memcpy(&mark, bytes.data(), sizeof mark);
    if (mark.sign != rt::ownership_mark::begun) continue;
    const auto named = r.known.objects.find(mark.of);
    notes.push_back(fmt::format(
        "{} never gave back what it took of {}, after its event {}",
        thread_name(r, static_cast<thread_index>(mark.thread)),
        named == r.known.objects.end() ? "a lock or semaphore" : named->second, mark.events));
  }
}

}  // namespace pawl::check
