// One search: the loop over executions, what it counts and how it ends.
//
//   search.cpp    the loop of one worker, the strategies, the report
//   estimate.cpp  descents at random, before the search
//   states.cpp    states instead of executions
//   jobs.cpp      several workers, and what they share
//   shards.cpp    several processes, which share nothing
//   resume.cpp    several runs, one after the other
//   limits.cpp    when to stop
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "checkpoint.hpp"
#include "division.hpp"
#include "limits.hpp"
#include "search.hpp"
#include "share.hpp"

namespace pawl::check::engine {

class state_walk;

class searcher {
 public:
  searcher(check::program, const options&, const std::function<bool(const progress&)>& watch,
           const execution_hook&);

  report search();

 private:
  [[nodiscard]] share& leader() { return *shares_.front(); }

  void exhaust();
  // The loop of one worker.
  enum class standing : std::uint8_t { busy, idle, anew, finished, stopped };
  bool enumerate(share&);
  void begin(share&);
  standing explore_one(share&);
  standing advance(share&);
  [[nodiscard]] standing outdated() const;
  ending judged(share&, ending) const;
  bool count(share&, ending);
  bool pass_over(share&);
  void tell_hook(share&, ending);
  bool fail(share&);
  void stall_everywhere();
  void draw();
  void visit_states();
  ending told(state_walk&);

  bool estimate();
  std::optional<double> descend(const std::function<std::size_t(std::size_t)>& draw,
                                std::uint64_t& runs);

  // Several workers.
  void enumerate_together();
  bool explore_together();
  void share_work(share&);
  void call_helpers();
  bool is_outdated(share&, ending);
  standing find_work(share&);
  standing go_to(share&, const gift&);
  standing run_on_the_way(share&);
  standing leave_to_leader(share&);
  bool enumerate_alone();

  // One part of a search.
  [[nodiscard]] bool counts_above() const { return !options_.shard || options_.shard->number == 1; }
  bool learn_at_random();
  bool find_roots();
  void fix_knowledge();
  bool knows_too_much(const share&);
  void confirm_part();
  void refuse(std::string why);

  // Checkpoints.
  enum class arrival : std::uint8_t { there, elsewhere, anew };
  static std::uint32_t shape(const runtime&);
  void explore_from_checkpoint();
  std::optional<bool> take_up(share&);
  static bool number_threads(share&, const saved_search&);
  arrival go_to(share&, const saved_search&);
  bool refuse_other_program();
  void forget_former();
  void save(bool done);
  void save_now_and_then();

  // The report.
  bool look();
  bool tell_watch(const progress&);
  bool limited();
  bool run_out_of_memory();
  void sum_up();
  void judge_assumptions();

  const options& options_;
  const std::function<bool(const progress&)>& watch_;
  const execution_hook& hook_;
  const check::program program_;
  std::function<bool(const progress&)> tell_;  // tell_watch, if there is a watcher.
  limits limits_{options_, tell_};
  std::vector<std::unique_ptr<share>> shares_;  // The first is the leader's, on this thread.
  std::optional<division> division_;
  std::vector<std::thread> helpers_;  // The other workers.
  bool together_ = false;             // There are some.
  struct common_knowledge {
    knowledge known;
    std::uint32_t top;  // See explorer::top().
  };
  std::optional<common_knowledge> fixed_;  // With --shard: what all parts know.
  std::mutex telling_;                     // Protects what is not a share's.
  report report_;
  std::uint64_t discarded_ = 0;
  std::uint64_t passed_over_ = 0;  // By the leader.
  std::optional<checkpoint_file> checkpoint_;
  std::optional<saved_search> stored_;  // Where to begin.
  bool saves_ = false;                  // The tree is that of the checkpoint.
  std::uint32_t first_ = 0;             // Tells apart the first execution.
  double next_save_ = 30;
};

}  // namespace pawl::check::engine
