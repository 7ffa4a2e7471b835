#pragma once
// Several threads and one primitive.

#include <pawl/backend/backend.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "call.hpp"

// What is wrong, if anything.
using problem = std::optional<std::string>;

// Each thread has a client and a program. Whoever derives from it judges the outcome, `problem
// judge()`, and, when it is destroyed, sees to it that nobody waits, not even after a failure.
template <class Client, class Program>
class party {
 public:
  using program_type = Program;

  party(const party&) = delete;
  party& operator=(const party&) = delete;

  // Effects: runs each thread's program on a thread of its own (of the backend that the executable
  //   is linked to), and waits for all of them.
  void run() {
    std::vector<pawl::thread> threads;
    threads.reserve(clients_.size());
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      threads.emplace_back([this, i] { work(clients_[i], program_.threads[i]); });
    }
    for (pawl::thread& each : threads) each.join();
  }

 protected:
  using call = typename Client::call;
  using operation = typename Client::operation;

  // `args` make the primitive.
  template <class... Args>
  explicit party(const Program& program, Args... args) : program_(program), primitive_(args...) {
    std::size_t all = 0;
    for (const auto& each : program.threads) all += count_starts(each);
    calls_ = std::vector<call>(all);
    std::span<call> rest = calls_;
    clients_.reserve(program.threads.size());
    for (const auto& each : program.threads) {
      clients_.emplace_back(primitive_, rest.first(count_starts(each)), calls_, nullptr);
      rest = rest.subspan(count_starts(each));
    }
  }
  ~party() = default;

  // Returns: the first problem that one of the checks finds.
  template <class Self>
  static problem first_of(Self& self, std::initializer_list<problem (Self::*)()> checks) {
    for (const auto check : checks) {
      if (problem found = (self.*check)()) return found;
    }
    return std::nullopt;
  }

  // Returns: whether some thread's program has an operation that `is_meant` is true of.
  template <class Predicate>
  bool any_operation(Predicate is_meant) const {
    return std::ranges::any_of(
        program_.threads, [&](const auto& each) { return std::ranges::any_of(each, is_meant); });
  }

  const Program& program_;
  typename Client::primitive primitive_;
  std::vector<call> calls_;
  std::vector<Client> clients_;

 private:
  template <class Operations>
  static void work(Client& c, const Operations& program) {
    for (const operation& op : program) {
      c.collect();
      static_cast<void>(c.apply(op));
    }
  }
};

// Returns: what Party judges when its program has been run.
template <class Party>
problem run_and_judge(const typename Party::program_type& program) {
  Party all(program);
  all.run();
  return all.judge();
}
