#!/usr/bin/env python3
"""Random programs with loops that spin, explored as they are and with each loop restated.

Restated, a loop is its last iteration, which an assumption lets lead out: nothing of what
recognises spinning takes part in that. The complete executions must be as many, and as many of each
kind, told apart by what the threads have read. Each variable is set by one thread before it waits,
and never back to 0, so that no loop spins for ever.

PAWL_AGREEMENT is the number of programs; each run draws fresh ones, unless --seed names the first.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path

import run_program

READS = ("memory_order_relaxed", "memory_order_acquire", "memory_order_seq_cst")
UPDATES = ("memory_order_relaxed", "memory_order_acq_rel", "memory_order_seq_cst")
STORES = ("memory_order_relaxed", "memory_order_release", "memory_order_seq_cst")
KINDS = 4  # Of executions.
AT_ONCE = 40  # Programs in one source.

HEAD = """\
#include <pawl/verify.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

static atomic_int x0, x1, x2;
static int out[3], never = 9;
"""

MAIN = f"""\
#define KINDS {KINDS}
""" + """\
int main(int count, char** arguments) {
  pthread_t t[3];
  (void)count;
  const int program = atoi(arguments[1]), kind = atoi(arguments[2]);
  for (int i = 0; i < 3; ++i)
    pthread_create(&t[i], NULL, threads[program][i], NULL);
  for (int i = 0; i < 3; ++i) pthread_join(t[i], NULL);
  const unsigned seen = (unsigned)(out[0] + 7 * out[1] + 31 * out[2] + x0 + x1 + x2);
  pawl_assume(seen % KINDS == (unsigned)kind);
}
"""


def load(draw, variable):
    return f"atomic_load_explicit(&{variable}, {draw.choice(READS)})"


def exchange(variable, to, orders):
    return f"atomic_compare_exchange_strong_explicit(&{variable}, &e, {to}, {', '.join(orders)})"


def keep(value):
    return f"r = r * 4 + {value};"


def carry(draw, v):
    """A function that loops, going on with what a compare-exchange saw. If a failure orders no
    less than the load before the loop does, this can see the same at once; else the first attempt
    can."""
    to, other = draw.randint(1, 3), draw.randint(1, 3)
    loads, fails = draw.randrange(len(READS)), draw.randrange(len(READS))
    seen = f"atomic_load_explicit(&{v}, {READS[loads]})"
    orders = (draw.choice(UPDATES), READS[fails])
    one, two = exchange(v, to, orders), exchange(v, other, orders)
    first, attempt = draw.choice([(seen, one), (other, one), (seen, f"(e == 1 ? {one} : {two})")])
    last = f"pawl_assume({attempt});"
    if first == other or loads > fails:
        last = f"if (!{attempt}) {last}"
    return (f"  int e = {first};\n#ifndef RESTATED\n  while (!{attempt});\n#else\n  {last}\n"
            "#endif\n  return e;\n")


def statement(draw, variables, functions):
    """As it is, and restated; may add the body of a function."""
    v, w = draw.choice(variables), draw.choice(variables)
    one, other = load(draw, v), load(draw, w)
    wait = f"pawl_assume({one} != 0);"
    value = f"{{ int e = {one}; pawl_assume(e != 0); {keep('e')} }}"
    both = f"int a = {one}, b = {other};"
    update = f"atomic_fetch_or_explicit(&{v}, 0, {draw.choice(UPDATES)})"
    spins = [
        (f"while ({one} == 0);", wait),
        (f"{{ int e; while ((e = {one}) == 0) sched_yield(); {keep('e')} }}", value),
        (f"{{ int e; do e = {one}; while (e == 0 || e == never); {keep('e')} }}", value),
        (f"for (int i = 0; i < 2; ++i) while ({one} == 0);", wait + " " + wait),
        (f"while ({update} == 0);", f"pawl_assume({update} != 0);"),
        (f"while ({one} == 0 || {other} == 0);", f"{wait} pawl_assume({other} != 0);"),
        (f"for (;;) {{ {both} if (a != 0 && b != 0) {{ {keep('a + b')} break; }} }}",
         f"{{ {both} pawl_assume(a != 0 && b != 0); {keep('a + b')} }}"),
    ]
    others = [
        f"atomic_store_explicit(&{v}, {draw.randint(1, 3)}, {draw.choice(STORES)});",
        keep(one),
        keep(f"atomic_fetch_add_explicit(&{v}, 1, memory_order_acq_rel)"),
        keep(f"atomic_exchange_explicit(&{v}, {draw.randint(1, 3)}, memory_order_acq_rel)"),
        f"{{ int e = 0; r += atomic_compare_exchange_strong(&{v}, &e, {draw.randint(1, 3)}); }}",
    ]
    if draw.random() < 0.55:
        if draw.random() < 0.7:
            return draw.choice(spins)
        functions.append(carry(draw, v))
        same = keep(f"FUNCTION({len(functions) - 1})")
        return same, same
    same = draw.choice(others)
    return same, same


def program(number, seed):
    """The source of its threads."""
    draw = random.Random(seed)
    threads = draw.choice((2, 2, 3))
    variables = [f"x{v}" for v in range(draw.randint(1, 3))]
    text, functions = "", []
    for t in range(3):
        own = [f"atomic_store_explicit(&{v}, {draw.randint(1, 2)}, {draw.choice(STORES)});"
               for i, v in enumerate(variables) if i % threads == t]
        most = 4 if threads == 2 else 2
        body = [statement(draw, variables, functions) for _ in range(draw.randint(1, most))]
        if t >= threads:
            own, body = [], []
        as_it_is, restated = ("\n  ".join(own + [b[i] for b in body]) for i in (0, 1))
        text += (f"static void* p{number}_{t}(void* unused) {{\n  int r = 0;\n#ifndef RESTATED\n"
                 f"  {as_it_is}\n#else\n  {restated}\n#endif\n"
                 f"  out[{t}] = r;\n  return unused;\n}}\n")
    called = "".join(f"static __attribute__((noinline)) int p{number}_f{n}(void) {{\n{f}}}\n"
                     for n, f in enumerate(functions))
    return (f"// Program {seed}.\n#undef FUNCTION\n#define FUNCTION(n) p{number}_f##n()\n" +
            called + text)


def source(seeds):
    table = ",\n".join("  {%s}" % ", ".join(f"p{n}_{t}" for t in range(3))
                       for n in range(len(seeds)))
    return (HEAD + "".join(program(n, s) for n, s in enumerate(seeds)) +
            f"static void* (*const threads[][3])(void*) = {{\n{table}}};\n" + MAIN)


def counts(binary, number, model, asked=()):
    """Complete executions of each kind; as text what is not right."""
    found = []
    for kind in range(KINDS):
        text, report = run_program.explore(binary, [str(number), str(kind)],
                                           ["--memory-model", model, *asked])
        vacuous = report and report["error"] and report["error"]["kind"] == "vacuous"
        if report is None or report["verdict"] != "clean" and not vacuous:
            return text
        found.append(report["complete"])
    return found


def compare(description, source, program, flag, models, asked=()):
    """Ends the process: explores random programs as they are and compiled with the flag.

    `source` makes that of programs from their seeds, `program` that of the threads of one."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--seed", type=int, help="of the first program")
    run_program.add_options(parser)
    options = parser.parse_args()
    programs = int(os.environ.get("PAWL_AGREEMENT", "12"))
    first = options.seed if options.seed is not None else random.SystemRandom().randrange(10**9)
    print(f"programs {first} to {first + programs - 1}")
    failed = executions = 0
    with tempfile.TemporaryDirectory() as folder:
        for begin in range(first, first + programs, AT_ONCE):
            seeds = range(begin, min(begin + AT_ONCE, first + programs))
            written = Path(folder) / "programs.c"
            written.write_text(source(seeds))
            forms = []
            for flags, name in (["-w"], "as_it_is"), (["-w", flag], "restated"):
                forms.append(Path(folder) / name)
                run_program.build(written, flags, forms[-1], options)
            for number, seed in enumerate(seeds):
                for model in models:
                    as_it_is, restated = (counts(f, number, model, asked) for f in forms)
                    executions += sum(restated) if isinstance(restated, list) else 0
                    if as_it_is == restated and isinstance(restated, list):
                        continue
                    failed += 1
                    print(f"program {seed} under {model}: {as_it_is}\n  with {flag}: {restated}\n"
                          f"{program(0, seed)}")
    print(f"{executions} complete executions agree" if failed == 0 else f"{failed} differ")
    sys.exit(failed > 0 or executions == 0)


if __name__ == "__main__":
    compare(__doc__, source, program, "-DRESTATED", ("rc11", "sc"))
