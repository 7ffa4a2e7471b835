#include "describe.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "runtime.hpp"
#include "state_words.hpp"
#include "whole_program.hpp"

namespace pawl::check::engine {

std::string thread_name(const runtime& r, thread_index t) {
  const auto named = r.known.threads.find(t);
  if (named != r.known.threads.end()) return named->second;
  return t == 0 ? "main" : fmt::format("thread {}", t);
}

std::string object_name(const runtime& r, location_id l) {
  if (l == no_location) return {};
  if (l < r.known.infos.size()) {
    const auto named = r.known.objects.find(r.known.infos[l].object);
    if (named != r.known.objects.end()) return named->second;
  }
  const bool known = l < r.known.infos.size();
  if (known && the_whole_program != nullptr)
    if (std::string name = the_whole_program->name_of(*r.known.infos[l].object); !name.empty())
      return name;
  return fmt::format("{}#{}", known ? kind_name(r.known.infos[l].show) : "atomic", l + 1);
}

std::string value_text(const runtime& r, location_id l, word v) {
  if (l >= r.known.infos.size()) return fmt::format("{}", v);
  const location_info& info = r.known.infos[l];
  if (info.size > sizeof v && the_whole_program != nullptr) return the_whole_program->text_of(v);
  const unsigned unused = 64u - 8u * info.size;
  switch (info.show) {
    case rt::show_as::boolean:
      return v != 0 ? "true" : "false";
    case rt::show_as::signed_integer:
      if (the_whole_program != nullptr && info.size == sizeof v)
        if (std::string address = the_whole_program->address_text(v); !address.empty())
          return address;
      if (the_whole_program != nullptr && v >> 32 != 0 && v >> 47 == 0)  // It may be an address.
        return fmt::format("{:#x}", v);
      return fmt::format("{}", static_cast<std::int64_t>(v << unused) >> unused);
    case rt::show_as::pointer: {
      if (v == 0) return "null";
      const auto named = r.known.objects.find(reinterpret_cast<const void*>(v));
      return named != r.known.objects.end() ? "&" + named->second : fmt::format("{:#x}", v);
    }
    case rt::show_as::mutex:
    case rt::show_as::shared_mutex:
    case rt::show_as::condition:
    case rt::show_as::once:
      return state_text(r, info.show, v);
    case rt::show_as::latch:
    case rt::show_as::barrier:
      return arrivals_text(r, l, v);
    default:
      return v < 1'000'000 ? fmt::format("{}", v) : fmt::format("{:#x}", v);
  }
}

std::string_view operation_name(operation op) {
  switch (op) {
    case operation::load:
      return "load";
    case operation::store:
      return "store";
    case operation::fetch:
      return "fetch";
    case operation::compare_exchange:
      return "compare_exchange";
    case operation::await:
      return "await";
    case operation::await_update:
      return "await_update";
    case operation::fence:
      return "fence";
    case operation::spawn:
      return "spawn";
    case operation::join:
      return "join";
    case operation::finish:
      return "finish";
    case operation::choose:
      return "choose";
    case operation::arrive:
      return "arrive";
    case operation::await_arrivals:
      return "await_arrivals";
    case operation::try_update:
    case operation::attempt:
      return "try_update";
  }
  return "?";
}

std::string operation_name(const request& q) {
  if (q.op != operation::fetch) return std::string(operation_name(q.op));
  switch (q.kind) {
    case rt::rmw::exchange:
      return "exchange";
    case rt::rmw::add:
      return "fetch_add";
    case rt::rmw::sub:
      return "fetch_sub";
    case rt::rmw::bit_and:
      return "fetch_and";
    case rt::rmw::bit_or:
      return "fetch_or";
    case rt::rmw::bit_xor:
      return "fetch_xor";
  }
  return "fetch";
}

std::string request_text(const request& q) {
  std::string text = operation_name(q);
  if (q.op == operation::compare_exchange)
    text += fmt::format(" of {} to {}", q.expected, q.operand);
  else if (q.op == operation::store || q.op == operation::fetch)
    text += fmt::format(" of {}", q.operand);
  return fmt::format("{}, {}, at {}", text, order_name(q.order), place(q.where));
}

std::string_view order_name(std::memory_order o) {
  switch (o) {
    case std::memory_order_relaxed:
      return "relaxed";
    case std::memory_order_consume:
      return "consume";
    case std::memory_order_acquire:
      return "acquire";
    case std::memory_order_release:
      return "release";
    case std::memory_order_acq_rel:
      return "acq_rel";
    case std::memory_order_seq_cst:
      return "seq_cst";
  }
  return "?";
}

void look_up_places() {
  if (the_whole_program != nullptr) the_whole_program->resolve_sites();
}

std::string place(std::source_location where) {
  look_up_places();
  return fmt::format("{}:{}", std::filesystem::path(where.file_name()).filename().string(),
                     where.line());
}

namespace {

// Of a loop that is too long.
std::string way_out(const runtime& r) {
  if (the_whole_program == nullptr)
    return "wait with spin_until or spin_update, or raise bounds.events";
  if (!r.asked().unroll)
    return "--unroll N stops threads at a loop that takes more than N iterations";
  return fmt::format("none takes more than the {} iterations of --unroll: less leaves out more",
                     *r.asked().unroll);
}

}  // namespace

std::string too_many_events_sentence(const runtime& r, thread_index t, const request& q) {
  return fmt::format(
      "{} reached {} events, its bound, before {}: a loop that writes, counts, polls or tries "
      "again "
      "is followed to the bound; {}",
      thread_name(r, t), r.asked().bounds.events,
      q.op == operation::finish ? "its end"
                                : fmt::format("{} at {}", operation_name(q), place(q.where)),
      way_out(r));
}

namespace {

// "thread 1 spins at lock.cpp:12, reading held = 1 again and again"
std::string spinning_sentence(const runtime& r, thread_index t) {
  const runtime::model_thread& m = r.thread(t);
  std::vector<std::string> values;
  for (std::uint16_t i = m.spins_since + 1; i <= m.executed; ++i) {
    const event& e = r.search.graph.at({t, i});
    if (!e.reads) continue;
    std::string value =
        fmt::format("{} = {}", object_name(r, e.location), value_text(r, e.location, e.read));
    if (std::find(values.begin(), values.end(), value) == values.end())
      values.push_back(std::move(value));
  }
  return fmt::format("{} spins at {}, reading {} again and again", thread_name(r, t),
                     place(m.pending->where), fmt::join(values, " and "));
}

}  // namespace

std::string waiting_sentence(const runtime& r, thread_index t) {
  const runtime::model_thread& m = r.thread(t);
  const std::string who = thread_name(r, t);
  if (m.at == runtime::model_thread::state::spinning) return spinning_sentence(r, t);
  if (m.at == runtime::model_thread::state::frontier && m.pending->op == operation::join)
    return fmt::format("{} waits for {} to end", who,
                       thread_name(r, static_cast<thread_index>(m.pending->operand)));
  if (m.at == runtime::model_thread::state::frontier &&
      m.pending->op == operation::await_arrivals) {
    const graph& g = r.search.graph;
    const request& q = *m.pending;
    return fmt::format("{} waits at {} for {}, where {} of {} have arrived", who, place(q.where),
                       object_name(r, q.location), g.arrivals(q.location, q.operand),
                       g.expected_arrivals(q.location, q.operand));
  }
  if (m.at == runtime::model_thread::state::frontier)
    return fmt::format("{} waits before {}", who, operation_name(*m.pending));
  const event& e = r.search.graph.at(r.search.graph.last(t));
  return fmt::format("{} waits at {} for {}", who, place(e.where), awaited_text(r, t, e));
}

}  // namespace pawl::check::engine
