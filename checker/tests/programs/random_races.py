#!/usr/bin/env python3
"""Random programs whose plain data races, explored with --races explore, and with relaxed atomics.

The executions must be as many, and as many of each kind, told apart by what the threads have read.
Some of the data is ordered by a mutex or by an atomic flag, in some executions or in all, and some
is accessed atomically, too.

PAWL_AGREEMENT is the number of programs; each run draws fresh ones, unless --seed names the first.
"""

import random

import random_spins

# Volatile, so that the compiler leaves each access where it is.
HEAD = """\
#include <pawl/verify.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef ATOMIC
typedef atomic_int datum;
#define GET(x) atomic_load_explicit(&x, memory_order_relaxed)
#define SET(x, v) atomic_store_explicit(&x, v, memory_order_relaxed)
#define ACQUIRE(x) atomic_load_explicit(&x, memory_order_acquire)
#define RELEASE(x, v) atomic_store_explicit(&x, v, memory_order_release)
#define ADD(x, v) atomic_fetch_add_explicit(&x, v, memory_order_acq_rel)
#define EXCHANGE(x, v) {                                    \\
    int seen = GET(x);                                      \\
    if (!atomic_compare_exchange_strong(&flag, &seen, v)) { \\
      SET(x, seen);                                         \\
    }                                                       \\
  }
#else
typedef volatile int datum;
#define GET(x) x
#define SET(x, v) x = v
#define ACQUIRE(x) __atomic_load_n(&x, __ATOMIC_ACQUIRE)
#define RELEASE(x, v) __atomic_store_n(&x, v, __ATOMIC_RELEASE)
#define ADD(x, v) __atomic_fetch_add(&x, v, __ATOMIC_ACQ_REL)
#define EXCHANGE(x, v) atomic_compare_exchange_strong(&flag, (int*)&x, v)
#endif

static datum x0, x1;
static struct { char front; datum x; } beside;
#define x2 beside.x
static atomic_int flag;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int out[3];
"""


def statement(draw):
    v, w = draw.choice(("x0", "x1", "x2")), draw.choice(("x0", "x1", "x2"))
    n, keep = draw.randint(1, 3), "r = r * 4 + "
    return draw.choice([
        f"SET({v}, {n});",
        f"SET({v}, GET({v}) + 1);",
        f"SET({v}, GET({w}));",
        f"{keep}GET({v});",
        f"if (GET({v}) == {n}) {keep}GET({w});",
        f"for (int i = 0; i < 2; ++i) {keep}GET({v});",
        f"pthread_mutex_lock(&mutex); SET({v}, GET({v}) + 1); pthread_mutex_unlock(&mutex);",
        f"SET({v}, {n}); atomic_store_explicit(&flag, 1, memory_order_release);",
        f"if (atomic_load_explicit(&flag, memory_order_acquire)) {keep}GET({v});",
        f"{keep}ACQUIRE({v});",
        f"RELEASE({v}, {n});",
        f"{keep}ADD({v}, 1);",
        f"EXCHANGE({v}, {n});",
        f"while (GET({v}) == 0);",
    ])


def program(number, seed):
    """The source of its threads. Each variable is set by one thread before it waits, and never back
    to 0 but by a copy, so that some loops may spin for ever: those executions are blocked."""
    draw = random.Random(seed)
    threads = draw.choice((2, 2, 3))
    text = ""
    for t in range(3):
        body = []
        if t < threads:
            body = [f"SET(x{v}, {draw.randint(1, 2)});" for v in range(3)
                    if v % threads == t and draw.random() < 0.7]
            body += [statement(draw) for _ in range(draw.randint(1, 4 if threads == 2 else 2))]
        lines = "\n  ".join(body)
        text += (f"static void* p{number}_{t}(void* unused) {{\n  int r = 0;\n  {lines}\n"
                 f"  out[{t}] = r;\n  return unused;\n}}\n")
    return f"// Program {seed}.\n{text}"


def source(seeds):
    table = ",\n".join("  {%s}" % ", ".join(f"p{n}_{t}" for t in range(3))
                       for n in range(len(seeds)))
    return (HEAD + "".join(program(n, s) for n, s in enumerate(seeds)) +
            f"static void* (*const threads[][3])(void*) = {{\n{table}}};\n" + random_spins.MAIN)


if __name__ == "__main__":
    random_spins.compare(__doc__, source, program, "-DATOMIC", ("rc11", "sc", "tso"),
                         ["--races", "explore", "--no-deadlocks"])
