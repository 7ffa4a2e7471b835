// How the system would schedule threads: accepted, and without effect, since every order is
// explored. What a thread sets of its own it reads back; of others it finds what threads begin
// with, since what these set is in no order with it.
#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "threads.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

cpu_set_t all_processors() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i) CPU_SET(i, &all);
  return all;
}

struct schedule {
  int policy = SCHED_OTHER;
  sched_param parameters{};
  cpu_set_t processors = all_processors();
};
per_thread<schedule> schedules;

// What the caller sets of a thread, and reads.
schedule& known_of(const caller& c, rt::thread_id t, schedule& others) {
  return t == c.thread() ? schedules.mine(c) : others;
}

bool is_possible(int policy, int priority) {
  const int least = sched_get_priority_min(policy), most = sched_get_priority_max(policy);
  return least >= 0 && priority >= least && priority <= most;
}

int set_schedule(const caller& c, pthread_t thread, int policy, const sched_param* to) {
  schedule others;
  schedule& known = known_of(c, thread_of(c, thread, "schedules"), others);
  c.reads(to, sizeof *to);
  if (!is_possible(policy, to->sched_priority)) return EINVAL;
  c.run().end_history();
  known.policy = policy;
  known.parameters = *to;
  return 0;
}

int set_priority(const caller& c, pthread_t thread, int priority) {
  schedule others;
  schedule& known = known_of(c, thread_of(c, thread, "schedules"), others);
  if (!is_possible(known.policy, priority)) return EINVAL;
  c.run().end_history();
  known.parameters.sched_priority = priority;
  return 0;
}

int get_schedule(const caller& c, pthread_t thread, int* policy, sched_param* to) {
  schedule others;
  const schedule& known = known_of(c, thread_of(c, thread, "asks for the schedule of"), others);
  c.put(policy, known.policy);
  c.put(to, known.parameters);
  return 0;
}

int set_processors(const caller& c, rt::thread_id t, std::size_t size, const cpu_set_t* to) {
  schedule others;
  schedule& known = known_of(c, t, others);
  c.reads(to, size);
  cpu_set_t asked;
  CPU_ZERO(&asked);
  std::memcpy(&asked, to, std::min(size, sizeof asked));
  if (CPU_COUNT(&asked) == 0) return EINVAL;
  c.run().end_history();
  known.processors = asked;
  return 0;
}

int get_processors(const caller& c, rt::thread_id t, std::size_t size, cpu_set_t* to) {
  schedule others;
  const schedule& known = known_of(c, t, others);
  if (size * 8 < std::thread::hardware_concurrency()) return EINVAL;
  c.writes(to, size);
  std::memset(to, 0, size);
  std::memcpy(to, &known.processors, std::min(size, sizeof known.processors));
  return 0;
}

int or_error(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

int get_clock_of(const caller& c, pthread_t thread, clockid_t* to) {
  (void)thread_of(c, thread, "asks for the clock of");
  c.put(to, CLOCK_THREAD_CPUTIME_ID);  // All clocks go by virtual time.
  return 0;
}

}  // namespace

PAWL_MODELS(c.is_model(), int, pthread_setschedparam,
            (pthread_t thread, int policy, const sched_param* to), (thread, policy, to),
            set_schedule(c, thread, policy, to))
PAWL_MODELS(c.is_model(), int, pthread_getschedparam,
            (pthread_t thread, int* policy, sched_param* to), (thread, policy, to),
            get_schedule(c, thread, policy, to))
PAWL_MODELS(c.is_model(), int, pthread_setschedprio, (pthread_t thread, int priority),
            (thread, priority), set_priority(c, thread, priority))
PAWL_MODELS(c.is_model(), int, pthread_getcpuclockid, (pthread_t thread, clockid_t* to),
            (thread, to), get_clock_of(c, thread, to))
PAWL_MODELS(c.is_model(), int, pthread_setaffinity_np,
            (pthread_t thread, std::size_t size, const cpu_set_t* to), (thread, size, to),
            set_processors(c, thread_of(c, thread, "schedules"), size, to))
PAWL_MODELS(c.is_model(), int, pthread_getaffinity_np,
            (pthread_t thread, std::size_t size, cpu_set_t* to), (thread, size, to),
            get_processors(c, thread_of(c, thread, "asks for the schedule of"), size, to))
// Of the running thread; others are not the program's.
PAWL_MODELS(c.is_model() && thread == 0, int, sched_setaffinity,
            (pid_t thread, std::size_t size, const cpu_set_t* to), (thread, size, to),
            or_error(set_processors(c, c.thread(), size, to)))
PAWL_MODELS(c.is_model() && thread == 0, int, sched_getaffinity,
            (pid_t thread, std::size_t size, cpu_set_t* to), (thread, size, to),
            or_error(get_processors(c, c.thread(), size, to)))
