#include "clocks.hpp"

#include <errno.h>
#include <sys/time.h>
#include <unistd.h>

#include <pawl/check/sync/deadline.hpp>

namespace pawl::check::instrumented {
namespace {

using std::chrono::nanoseconds;
using std::chrono::seconds;

// When an execution begins: a date, for the clock that shows it, and some time after the start of
// the machine.
constexpr seconds date{1'000'000'000}, up_time{1'000};

constexpr seconds epoch_of(clockid_t clock) {
  const bool shows_date =
      clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI;
  return shows_date ? date : up_time;
}

nanoseconds shown_by(clockid_t clock) { return epoch_of(clock) + rt::now(); }

timespec in_parts(nanoseconds t) {
  const auto whole = std::chrono::duration_cast<seconds>(t);
  return {static_cast<time_t>(whole.count()), static_cast<long>((t - whole).count())};
}

}  // namespace

std::optional<nanoseconds> duration_of(const caller& c, const timespec* t) {
  c.reads(t, sizeof *t);
  if (t->tv_nsec < 0 || t->tv_nsec >= 1'000'000'000) return std::nullopt;
  return sync::saturated(std::chrono::duration<double>(static_cast<double>(t->tv_sec))) ==
                 nanoseconds::max()
             ? nanoseconds::max()
             : seconds(t->tv_sec) + nanoseconds(t->tv_nsec);
}

std::optional<nanoseconds> deadline_of(const caller& c, clockid_t clock, const timespec* t) {
  const auto shown = duration_of(c, t);
  if (!shown || *shown == nanoseconds::max()) return shown;
  return *shown - epoch_of(clock);
}

bool or_deadline(bool found, nanoseconds deadline) {
  if (!found) rt::advance(deadline);
  return found;
}

}  // namespace pawl::check::instrumented

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

int get_clock(const caller& c, clockid_t clock, timespec* to) {
  c.put(to, in_parts(shown_by(clock)));
  return 0;
}

int get_base(const caller& c, timespec* to, int base) {
  if (base != TIME_UTC) return 0;
  get_clock(c, CLOCK_REALTIME, to);
  return base;
}

int get_day_time(const caller& c, timeval* to) {
  const timespec now = in_parts(shown_by(CLOCK_REALTIME));
  if (to != nullptr) c.put(to, timeval{now.tv_sec, now.tv_nsec / 1000});
  return 0;
}

time_t get_time(const caller& c, time_t* to) {
  const time_t now = in_parts(shown_by(CLOCK_REALTIME)).tv_sec;
  if (to != nullptr) c.put(to, now);
  return now;
}

void sleep_for(nanoseconds d) { rt::advance(sync::deadline_after(d)); }

int sleep_until(const caller& c, clockid_t clock, int flags, const timespec* t) {
  if ((flags & TIMER_ABSTIME) == 0) {
    const auto d = duration_of(c, t);
    if (!d) return EINVAL;
    sleep_for(*d);
    return 0;
  }
  const auto deadline = deadline_of(c, clock, t);
  if (!deadline) return EINVAL;
  rt::advance(*deadline);
  return 0;
}

int sleep_as(const caller& c, const timespec* t) {
  errno = sleep_until(c, CLOCK_REALTIME, 0, t);
  return errno == 0 ? 0 : -1;
}

template <class Duration, class Count>
int sleep_some(Count n) {
  sleep_for(sync::saturated(Duration(n)));
  return 0;
}

}  // namespace

PAWL_MODELS(c.is_model(), int, clock_gettime, (clockid_t clock, timespec* to), (clock, to),
            get_clock(c, clock, to))
PAWL_MODELS(c.is_model(), int, timespec_get, (timespec * to, int base), (to, base),
            get_base(c, to, base))
PAWL_MODELS(c.is_model(), int, gettimeofday, (timeval * to, void* zone), (to, zone),
            get_day_time(c, to))
PAWL_MODELS(c.is_model(), time_t, time, (time_t* to), (to), get_time(c, to))
PAWL_MODELS(c.is_model(), clock_t, clock, (), (), rt::now().count() / 1000)
PAWL_MODELS(c.is_model(), int, nanosleep, (const timespec* t, timespec* left), (t, left),
            sleep_as(c, t))
PAWL_MODELS(c.is_model(), int, clock_nanosleep,
            (clockid_t clock, int flags, const timespec* t, timespec* left),
            (clock, flags, t, left), sleep_until(c, clock, flags, t))
PAWL_MODELS(c.is_model(), unsigned, sleep, (unsigned n), (n), sleep_some<seconds>(n))
PAWL_MODELS(c.is_model(), int, usleep, (useconds_t n), (n),
            sleep_some<std::chrono::microseconds>(n))
