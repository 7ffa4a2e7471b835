#!/usr/bin/env python3
"""Random programs with loops that undo what they write, explored as they are and with each loop
bounded.

A loop looks under a lock or in an atomic section, or adds and takes away again, until a variable is
set; or it looks at that first, and tells others when it has ended. Others look at what it writes
meanwhile: by loads, attempts to lock, compare-exchanges, and additions whose results they use or
not. With its loops bounded, nothing of what recognises iterations in vain takes part, and
executions that need more iterations are discarded. What threads have seen must be the same in the
end; so must be the number of complete executions of programs in which nobody looks, if loops are
restated as their last iterations.

PAWL_AGREEMENT is the number of programs; each run draws fresh ones, unless --seed names the first.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

import run_program

ITERATIONS = 3  # Of a bounded loop.
KINDS = 16  # Of outcomes.
AT_ONCE = 20  # Programs in one source.
UPDATES = ("memory_order_relaxed", "memory_order_acq_rel", "memory_order_seq_cst")
STORES = ("memory_order_relaxed", "memory_order_release")
LOADS = ("memory_order_relaxed", "memory_order_acquire", "memory_order_seq_cst")

HEAD = f"""\
#include <pawl/verify.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef BOUNDED
#define LOOP for (int i = 0;; ++i)
#define AGAIN() pawl_assume(i < {ITERATIONS - 1})
#elif defined(RESTATED)
#define LOOP for (;;)
#define AGAIN() pawl_assume(0)
#else
#define LOOP for (;;)
#define AGAIN() (void)0
#endif

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t l = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int x, y, set, done;
static int plain, out[3];
"""

MAIN = f"""\
#define KINDS {KINDS}
""" + """\
int main(int count, char** arguments) {
  pthread_t t[3];
  const int program = atoi(arguments[1]), kind = atoi(arguments[2]);
  (void)count;
  for (int i = 0; i < 3; ++i) pthread_create(&t[i], NULL, threads[program][i], NULL);
  for (int i = 0; i < 3; ++i) pthread_join(t[i], NULL);
  const unsigned seen = (unsigned)(out[0] + 3 * out[1] + 11 * out[2]);
  pawl_assume(kind < 0 || seen % KINDS == (unsigned)kind);
}
"""


def loop(draw, kind, v):
    """Ends when it has seen what the setter of this kind sets."""
    up, down, read = draw.choice(UPDATES), draw.choice(UPDATES), draw.choice(LOADS)
    enter, leave, look = {
        "mutex": ("pthread_mutex_lock(&m);", "pthread_mutex_unlock(&m);", "plain"),
        "rwlock": ("pthread_rwlock_rdlock(&l);", "pthread_rwlock_unlock(&l);", "plain"),
        "section": ("pawl_atomic_begin();", "pawl_atomic_end();", "plain"),
        "add": (f"(void)(atomic_fetch_add_explicit(&{v}, 1, {up}) == 50);",
                f"atomic_fetch_sub_explicit(&{v}, 1, {down});",
                f"atomic_load_explicit(&set, {read})"),
    }[kind]
    if draw.is_told:
        return (f"LOOP {{ if (atomic_load_explicit(&set, {read})) break; {enter} {leave} "
                "AGAIN(); }"
                f"\n  atomic_store_explicit(&done, 1, {draw.choice(STORES)});")
    return f"LOOP {{ {enter} int e = {look}; {leave} if (e) break; AGAIN(); }}"


def setter(draw, kind):
    if draw.is_told:
        kind = "add"
    return {
        "mutex": "pthread_mutex_lock(&m); plain = 1; pthread_mutex_unlock(&m);",
        "rwlock": "pthread_rwlock_wrlock(&l); plain = 1; pthread_rwlock_unlock(&l);",
        "section": "pawl_atomic_begin(); plain = 1; pawl_atomic_end();",
        "add": f"atomic_store_explicit(&set, 1, {draw.choice(STORES)});",
    }[kind]


def observer(draw, kind, v):
    looks = [f"r = r * 2 + (atomic_load_explicit(&{v}, {draw.choice(LOADS)}) & 3);",
             f"r = r * 2 + (atomic_fetch_add_explicit(&{v}, 4, {draw.choice(UPDATES)}) & 3);",
             f"{{ int e = 0; r = r * 2 + atomic_compare_exchange_strong(&{v}, &e, 0); }}",
             f"atomic_store_explicit(&{v}, 0, {draw.choice(STORES)});"]
    if kind == "mutex":
        looks = ["if (pthread_mutex_trylock(&m) == 0) pthread_mutex_unlock(&m); else ++r;"]
    if draw.is_told and draw.random() < 0.4:
        return f"r = r * 2 + atomic_load_explicit(&done, {draw.choice(LOADS)});"
    if kind == "rwlock":
        looks = ["if (pthread_rwlock_trywrlock(&l) == 0) pthread_rwlock_unlock(&l); else ++r;"]
    return draw.choice(looks)


def program(number, seed):
    """The source of its threads, and whether somebody looks."""
    draw = random.Random(seed)
    kind = draw.choice(("mutex", "rwlock", "section", "add", "add", "add"))
    looks = kind != "section" and draw.random() < 0.6
    draw.is_told = looks and draw.random() < 0.5  # By an atomic variable; and tells others, too.
    unseen = ["atomic_fetch_add_explicit(&x, 4, memory_order_relaxed);",
              "atomic_fetch_sub_explicit(&x, 8, memory_order_acq_rel);"]
    second = draw.random() < 0.5
    bodies = [[loop(draw, kind, "x")], [setter(draw, kind)], []]
    if second:
        bodies[2].append(loop(draw, kind, draw.choice("xy")))
    else:
        for _ in range(draw.randint(0, 2)):
            bodies[draw.choice((1, 2))].insert(0, draw.choice(unseen))
    if looks:
        # Not before a loop that adds, which would not be recognised then.
        for _ in range(1 if second else draw.randint(1, 2)):
            bodies[1 if second else draw.choice((1, 2))].insert(0, observer(draw, kind, "x"))
        if draw.random() < 0.3:
            bodies[0].append(observer(draw, kind, draw.choice("xy")))
    text = f"// Program {seed}.\n"
    for t, body in enumerate(bodies):
        lines = "\n  ".join(body)
        text += (f"static void* p{number}_{t}(void* unused) {{\n  int r = 0;\n  {lines}\n"
                 f"  out[{t}] = r;\n  return unused;\n}}\n")
    return text, looks


def source(seeds):
    table = ",\n".join("  {%s}" % ", ".join(f"p{n}_{t}" for t in range(3))
                       for n in range(len(seeds)))
    return (HEAD + "".join(program(n, s)[0] for n, s in enumerate(seeds)) +
            f"static void* (*const threads[][3])(void*) = {{\n{table}}};\n" + MAIN)


def complete(binary, number, kind, model):
    """How many complete executions of this kind; as text what is not right."""
    text, report = run_program.explore(binary, [str(number), str(kind)],
                                       ["--memory-model", model, "--no-deadlocks"])
    vacuous = report and report["error"] and report["error"]["kind"] == "vacuous"
    if report is None or report["verdict"] != "clean" and not vacuous:
        return text
    return report["complete"]


def outcomes(binary, number, model):
    found = [complete(binary, number, kind, model) for kind in range(KINDS)]
    wrong = next((f for f in found if isinstance(f, str)), None)
    return wrong or [f > 0 for f in found]


def disagreement(forms, number, seed, model):
    as_it_is, bounded, restated = forms
    found, all_found = (outcomes(f, number, model) for f in (as_it_is, bounded))
    if found != all_found or isinstance(found, str):
        return f"outcomes {found}\n  bounded: {all_found}"
    if program(0, seed)[1]:
        return None
    counts = [complete(f, number, -1, model) for f in (as_it_is, restated)]
    return None if counts[0] == counts[1] else f"{counts[0]} complete, restated {counts[1]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, help="of the first program")
    run_program.add_options(parser)
    options = parser.parse_args()
    programs = int(os.environ.get("PAWL_AGREEMENT", "4"))
    first = options.seed if options.seed is not None else random.SystemRandom().randrange(10**9)
    print(f"programs {first} to {first + programs - 1}")
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for begin in range(first, first + programs, AT_ONCE):
            seeds = range(begin, min(begin + AT_ONCE, first + programs))
            written = Path(folder) / "programs.c"
            written.write_text(source(seeds))
            forms = []
            for flag in "-w", "-DBOUNDED", "-DRESTATED":
                forms.append(Path(folder) / flag.lstrip("-"))
                run_program.build(written, ["-w", flag], forms[-1], options)
            for number, seed in enumerate(seeds):
                for model in ("rc11", "sc"):
                    if difference := disagreement(forms, number, seed, model):
                        failed += 1
                        print(f"program {seed} under {model}: {difference}\n{program(0, seed)[0]}")
    print(f"{failed} of {programs} programs differ" if failed else f"{programs} programs agree")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
