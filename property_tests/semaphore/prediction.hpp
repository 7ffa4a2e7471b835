#pragma once
// What client.hpp does, done with the reference.

#include <cstddef>
#include <optional>
#include <vector>

#include "operation.hpp"
#include "reference.hpp"

// What a client with its coroutines should see, by the reference.
class prediction {
 public:
  using outcome = reference::outcome;

  prediction(pawl::count_t permits, std::size_t calls) : semaphore_(permits), calls_(calls) {}

  std::optional<outcome> apply(const operation& op);

  const reference& semaphore() const { return semaphore_; }
  const std::vector<pawl::count_t>& held() const { return held_; }
  const std::optional<outcome>& of_call(std::size_t i) const { return calls_[i].how; }

  // Returns: the calls that have ended, in order, those apart that end by being stopped.
  const std::vector<std::size_t>& log() const { return log_; }

 private:
  struct expected_call {
    std::optional<outcome> how;
    bool is_stoppable = false;
    bool was_stopped = false;
    bool was_destroyed = false;
  };

  void start(const operation& op);
  void stop(std::size_t i);
  void destroy(std::size_t i);
  void end(std::size_t i, outcome how);
  void end_settled();
  outcome keep(outcome got);
  outcome split(const operation& op);
  outcome merge(const operation& op);
  pawl::count_t take_out(std::size_t which);

  reference semaphore_;
  std::vector<expected_call> calls_;
  std::size_t started_ = 0;
  std::vector<pawl::count_t> held_;
  std::vector<std::size_t> log_;
};
