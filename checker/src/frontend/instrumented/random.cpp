// Numbers at random: what --seed makes them, the same in every execution. Each thread draws from a
// sequence of its own, so that their order does not matter.
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include <random>

#include "caller.hpp"

using namespace pawl::check;
using namespace pawl::check::instrumented;

namespace {

struct generator {
  std::uint64_t state = 0;
  bool begun = false;
};
per_thread<generator> generators;

// Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
std::uint64_t draw(const caller& c) {
  generator& g = generators.mine(c);
  c.run().end_history();
  if (!g.begun) g = {c.run().asked().seed << 8 | c.thread(), true};
  std::uint64_t z = g.state += 0x9e37'79b9'7f4a'7c15;
  z = (z ^ z >> 30) * 0xbf58'476d'1ce4'e5b9;
  z = (z ^ z >> 27) * 0x94d0'49bb'1331'11eb;
  return z ^ z >> 31;
}

int draw_int(const caller& c) { return static_cast<int>(draw(c) & RAND_MAX); }
double draw_double(const caller& c) { return static_cast<double>(draw(c) >> 11) * 0x1p-53; }

// What is drawn next may be something else: a thread that brings that about does not spin.
void seed(const caller& c, std::uint64_t n) {
  generator& g = generators.mine(c);
  if (!g.begun || g.state != n) c.run().end_history();
  g = {n, true};
}

// The state is the program's.
int draw_from(const caller& c, unsigned* state) {
  c.writes(state, sizeof *state);
  return PAWL_BEHIND(rand_r)(state);
}

void draw_bytes(const caller& c, void* to, std::size_t n) {
  c.writes(to, n);
  for (std::size_t i = 0; i < n; ++i) static_cast<unsigned char*>(to)[i] = draw(c) & 0xff;
}

}  // namespace

PAWL_MODELS(c.is_model(), int, rand, (), (), draw_int(c))
PAWL_MODELS(c.is_model(), void, srand, (unsigned n), (n), seed(c, n))
PAWL_MODELS(c.is_model(), int, rand_r, (unsigned* state), (state), draw_from(c, state))
PAWL_MODELS(c.is_model(), long, random, (), (), draw_int(c))
PAWL_MODELS(c.is_model(), void, srandom, (unsigned n), (n), seed(c, n))
PAWL_MODELS(c.is_model(), double, drand48, (), (), draw_double(c))
PAWL_MODELS(c.is_model(), long, lrand48, (), (), draw_int(c))
PAWL_MODELS(c.is_model(), void, srand48, (long n), (n), seed(c, static_cast<std::uint64_t>(n)))
PAWL_MODELS(c.is_model(), ssize_t, getrandom, (void* to, std::size_t n, unsigned flags),
            (to, n, flags), (draw_bytes(c, to, n), static_cast<ssize_t>(n)))
PAWL_MODELS(c.is_model(), int, getentropy, (void* to, std::size_t n), (to, n),
            (draw_bytes(c, to, n), 0))

// std::random_device::operator().
extern "C" unsigned random_device_value(std::random_device*) __asm__(
    "_ZNSt13random_device9_M_getvalEv");
PAWL_HOOK unsigned random_device_value(std::random_device* device) {
  const caller c(__builtin_return_address(0));
  if (c.is_model()) return static_cast<unsigned>(draw(c));
  using function = unsigned(std::random_device*);
  return reinterpret_cast<function*>(dlsym(RTLD_NEXT, "_ZNSt13random_device9_M_getvalEv"))(device);
}
