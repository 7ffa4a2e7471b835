#include "checkpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <nlohmann/json.hpp>

#include <pawl/check/checkpoint.hpp>

#include "token.hpp"

namespace pawl::check::engine {
namespace {

using json = nlohmann::json;

constexpr int version = 1;

// ---- knowledge ----------------------------------------------------------------------------------

const char anchor = 0;  // Static data of the program is as far from it in every process.
constexpr std::int64_t image = std::int64_t{1} << 31;

std::int64_t from_anchor(std::uint64_t word) {
  return static_cast<std::int64_t>(word - reinterpret_cast<std::uintptr_t>(&anchor));
}

// Numbers that may be addresses in the program's image are told by their distance.
json word_json(std::uint64_t word) {
  const std::int64_t distance = from_anchor(word);
  if (distance < -image || distance > image) return word;
  return json{{"image", distance}};
}
std::uint64_t word_of(const json& j) {
  if (!j.is_object()) return j.get<std::uint64_t>();
  return reinterpret_cast<std::uintptr_t>(&anchor) +
         static_cast<std::uint64_t>(j.at("image").get<std::int64_t>());
}

json objects_json(const std::set<object_key>& objects) {
  json all = json::array();
  for (const auto& [thread, nth, address, initial] : objects)
    all.push_back({thread, nth, word_json(address), word_json(initial)});
  return all;
}
std::set<object_key> objects_of(const json& j) {
  std::set<object_key> objects;
  for (const json& o : j)
    objects.emplace(o.at(0).get<thread_index>(), o.at(1).get<std::uint32_t>(), word_of(o.at(2)),
                    word_of(o.at(3)));
  return objects;
}

json knowledge_json(const knowledge& k) {
  return {{"ordinary", objects_json(k.ordinary)},   {"awaited", objects_json(k.awaited)},
          {"unordered", objects_json(k.unordered)}, {"spins", k.spins},
          {"orders_arrivals", k.orders_arrivals},   {"keeps_state", k.keeps_state}};
}
knowledge knowledge_of(const json& j) {
  return {objects_of(j.at("ordinary")),        objects_of(j.at("awaited")),
          objects_of(j.at("unordered")),       j.at("spins").get<bool>(),
          j.at("orders_arrivals").get<bool>(), j.at("keeps_state").get<bool>()};
}

// ---- searches -----------------------------------------------------------------------------------

json search_json(const saved_search& s) {
  return {{"done", s.done},
          {"first", s.first},
          {"latest", s.latest},
          {"complete", s.complete},
          {"blocked", s.blocked},
          {"discarded", s.discarded},
          {"pruned", s.pruned},
          {"seconds", s.seconds},
          {"known", knowledge_json(s.known)},
          {"threads", s.threads},
          {"path", s.at.path},
          {"roots", s.at.roots},
          {"above_roots", s.at.above_roots},
          {"top", s.at.top},
          {"levels", s.at.levels}};
}
saved_search search_of(const json& j) {
  saved_search s;
  j.at("done").get_to(s.done);
  j.at("first").get_to(s.first);
  j.at("latest").get_to(s.latest);
  j.at("complete").get_to(s.complete);
  j.at("blocked").get_to(s.blocked);
  j.at("discarded").get_to(s.discarded);
  j.at("pruned").get_to(s.pruned);
  j.at("seconds").get_to(s.seconds);
  s.known = knowledge_of(j.at("known"));
  j.at("threads").get_to(s.threads);
  j.at("path").get_to(s.at.path);
  j.at("roots").get_to(s.at.roots);
  j.at("above_roots").get_to(s.at.above_roots);
  j.at("top").get_to(s.at.top);
  j.at("levels").get_to(s.at.levels);
  return s;
}

// What selects the search in a file.
json key_json(const options& o) {
  return {{"model", o.model},
          {"memory_model", to_string(o.memory_model)},
          {"resumption", to_string(o.resumption)}};
}

// What else makes it this search.
json options_json(const options& o) {
  return {{"--shard",
           o.shard ? json(fmt::format("{}/{}", o.shard->number, o.shard->count)) : json(nullptr)},
          {"--preemptions", o.preemptions ? json(*o.preemptions) : json(nullptr)},
          {"--unroll", o.unroll ? json(*o.unroll) : json(nullptr)},
          {"--threads", o.threads ? json(*o.threads) : json(nullptr)},
          {"--weak-cas-fails", o.weak_cas_fails},
          {"--no-unblocking", !o.unblocking},
          {"--no-symmetry", !o.symmetry},
          {"--no-vacuity", !o.vacuity},
          {"--no-leaks", !o.leaks},
          {"--no-deadlocks", !o.deadlocks},
          {"bound of threads", o.bounds.threads},
          {"bound of events", o.bounds.events}};
}

std::string option_text(const json& j) {
  return j.is_string() ? j.get<std::string>() : j.is_null() ? "none" : j.dump();
}

// ---- the file -----------------------------------------------------------------------------------

std::string text_of(const json& j) {
  return j.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::uint32_t check_of(const json& searches) {
  fingerprint f;
  f.add(text_of(searches));
  return f.value();
}

// The searches of a file: none if there is no file.
tl::expected<json, std::string> searches_in(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return json::array();
  std::ifstream in(path);
  if (!in) return tl::unexpected(fmt::format("cannot be read: {}", std::strerror(errno)));
  const json all = json::parse(in, nullptr, false);
  constexpr std::string_view advice = "; remove it, or name another file";
  if (!all.is_object() || !all.contains("pawl_checkpoint") || !all.contains("searches") ||
      !all.contains("check"))
    return tl::unexpected(fmt::format("is no checkpoint{}", advice));
  if (all["pawl_checkpoint"] != version)
    return tl::unexpected(fmt::format("is a checkpoint of version {}, not {}{}",
                                      all["pawl_checkpoint"].dump(), version, advice));
  if (all["check"] != check_of(all["searches"]))
    return tl::unexpected(
        fmt::format("was cut or changed: its check does not fit its content{}", advice));
  return all["searches"];
}

bool is_of(const json& search, const json& key) { return search.at("key") == key; }

}  // namespace

std::string checkpoint_file::title() const { return "--checkpoint " + options_.checkpoint; }

tl::expected<std::optional<saved_search>, std::string> checkpoint_file::read() const {
  const auto refuse = [&](const std::string& why) {
    return tl::unexpected(fmt::format("{}: {}", title(), why));
  };
  const auto searches = searches_in(options_.checkpoint);
  if (!searches) return refuse("the file " + searches.error());
  try {
    for (const json& each : *searches) {
      if (!is_of(each, key_json(options_))) continue;
      const json now = options_json(options_);
      for (const auto& [name, value] : each.at("options").items())
        if (now.value(name, json()) != value)
          return refuse(fmt::format(
              "the search of '{}' in the file was made with {} {}, not {}; "
              "give the options it was made with, or name another file",
              options_.model, name, option_text(value), option_text(now.value(name, json()))));
      return search_of(each.at("search"));
    }
  } catch (const json::exception& e) {
    return refuse(
        fmt::format("the file is no checkpoint: {}; remove it, or name another file", e.what()));
  }
  return std::nullopt;
}

std::string checkpoint_file::probe() const {
  errno = 0;
  const bool opened = std::ofstream(next_path(), std::ios::trunc).is_open();
  if (!opened)
    return fmt::format("{}: {} cannot be written: {}", title(), next_path(), std::strerror(errno));
  std::error_code ignored;
  std::filesystem::remove(next_path(), ignored);
  return {};
}

std::string checkpoint_file::write(const saved_search& s) const {
  auto searches = searches_in(options_.checkpoint);
  if (!searches) return fmt::format("{}: the file {}", title(), searches.error());
  const json key = key_json(options_);
  json kept = json::array();
  for (const json& each : *searches)
    if (!is_of(each, key)) kept.push_back(each);
  kept.push_back({{"key", key}, {"options", options_json(options_)}, {"search", search_json(s)}});
  const json all{{"pawl_checkpoint", version}, {"check", check_of(kept)}, {"searches", kept}};
  const std::string next = next_path();
  errno = 0;
  std::ofstream out(next, std::ios::trunc);
  out << text_of(all) << '\n';
  out.close();
  const int error = errno;
  if (!out) return fmt::format("{}: {} cannot be written: {}", title(), next, std::strerror(error));
  std::error_code failed;
  std::filesystem::rename(next, options_.checkpoint, failed);
  if (failed) return fmt::format("{}: the file cannot be replaced: {}", title(), failed.message());
  return {};
}

}  // namespace pawl::check::engine

namespace pawl::check {

bool holds_unfinished(const std::string& path) try {
  const auto searches = engine::searches_in(path);
  return searches && std::ranges::any_of(*searches, [](const nlohmann::json& each) {
           return !each.at("search").at("done").get<bool>();
         });
} catch (const nlohmann::json::exception&) {
  return false;
}

}  // namespace pawl::check
