// Words for what the engine knows: threads, objects, operations, values.
#pragma once

#include <string>
#include <string_view>

#include "event.hpp"

namespace pawl::check::engine {

class runtime;

[[nodiscard]] std::string thread_name(const runtime&, thread_index);
[[nodiscard]] std::string object_name(const runtime&, location_id);
[[nodiscard]] std::string value_text(const runtime&, location_id, word);
[[nodiscard]] std::string_view operation_name(operation);
[[nodiscard]] std::string operation_name(const request&);
/// "store of 1, release, at queue.cpp:12"
[[nodiscard]] std::string request_text(const request&);
[[nodiscard]] std::string_view order_name(std::memory_order);
[[nodiscard]] std::string place(std::source_location);
/// Effects: from now on all places have files and lines, those of whole programs, too.
void look_up_places();
/// What a thread says that goes beyond its bound of events with `q`.
[[nodiscard]] std::string too_many_events_sentence(const runtime&, thread_index, const request& q);
/// "thread 2 waits for x, which is 0" — the thread is blocked, spins or stands before a join.
[[nodiscard]] std::string waiting_sentence(const runtime&, thread_index);

}  // namespace pawl::check::engine
