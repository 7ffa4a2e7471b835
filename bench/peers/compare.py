"""Compares pawl with its peers: times, and instructions where one thread works alone.

    compare.py PROGRAM [OPTIONS OF GOOGLE BENCHMARK]

Times are taken one contest after the other, its contestants interleaved: of one thread the fastest
repetition counts, since whatever else happens on the machine only ever adds; where threads meet,
the median.
Instructions are the difference of two runs under callgrind. `limit` is no contestant: it is what
the machine takes for the least that any of them does.
"""

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import textwrap

# Differences that such measurements do not show: of one thread, and where threads meet.
NOISE_ALONE = 1.25
NOISE_TOGETHER = 2.0

# How many times as fast as tokio ours is meant to be uncontended, where the limit leaves room.
AHEAD_OF_TOKIO = 3

# What Google Benchmark appends to a name.
SUFFIXES = r"/(repeats|threads|real_time).*"

# Operations; multiples of every batch, with as many digits as each other: they are part of the
# names of what runs, and matching those is no part of an operation.
FEW, MANY = 16384, 32768


def run(words):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        sys.exit(f"compare: {' '.join(words)}\n{done.stderr.strip()}\nended with {done.returncode}")
    return done


def only(names):
    anyone = "|".join(re.sub(r"[^\w /]", ".", name) for name in names)
    return f"--benchmark_filter=^({anyone})($|/)"


def chosen_by(program, options):
    """The names, workload/contestant, of what the options choose: all of it without a filter."""
    listed = run([program, "--benchmark_list_tests=true", *options]).stdout.splitlines()
    return {re.sub(SUFFIXES, "", name) for name in listed}


def times_of(program, names, options):
    """{workload/contestant: [nanoseconds of an operation, one a repetition]}"""
    report = json.loads(run([program, "--benchmark_format=json", "--benchmark_repetitions=15",
                             "--benchmark_min_time=0.01",
                             "--benchmark_enable_random_interleaving=true", *options,
                             only(names)]).stdout)
    times = {}
    for each in report["benchmarks"]:
        if each["run_type"] != "iteration":
            continue
        together = "/real_time" in each["name"]
        name = re.sub(SUFFIXES, "", each["run_name"])
        times.setdefault(name, []).append(each["real_time" if together else "cpu_time"])
    return times


def instructions_of(program, name):
    """Instructions of one operation, or None without valgrind."""
    if shutil.which("valgrind") is None:
        return None

    def total(operations):
        done = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program,
                    only([name]), f"--iterations={operations}"])
        return int(re.search(r"Collected : (\d+)", done.stderr).group(1))

    return round((total(MANY) - total(FEW)) / (MANY - FEW))


def meets_others(contest):
    return "2 threads" in contest["workload"]


def reason_of(contest):
    return contest["why"] or "No reason is known: this is to be mended."


def short_of(ratio, possible, contest):
    """Why tokio takes less than AHEAD_OF_TOKIO times as long as ours."""
    if possible < AHEAD_OF_TOKIO:
        return f"It can't take {AHEAD_OF_TOKIO} times as long as ours."
    if ratio * NOISE_ALONE >= AHEAD_OF_TOKIO:
        return f"That is {AHEAD_OF_TOKIO} times, within the noise."
    return f"That is less than {AHEAD_OF_TOKIO} times. " + reason_of(contest)


def explain(text):
    print(textwrap.fill(text, 80, initial_indent="  ", subsequent_indent="  "))


def compare(program, contest, chosen, options):
    """Prints the rows of a contest. Returns whether ours is the fastest within the noise; None, if
    nothing of it was chosen."""
    together = meets_others(contest)
    names = [f"{contest['workload']}/{who}" for who in contest["contestants"]]
    names = [name for name in names if name in chosen]
    if all(name.endswith("/limit") for name in names):
        return None
    times = times_of(program, names, options)
    judge = statistics.median if together else min
    rows = []
    for who in contest["contestants"]:
        name = f"{contest['workload']}/{who}"
        if name in times:
            rows.append((judge(times[name]), who, times[name],
                         None if together else instructions_of(program, name)))
    ours = next((r for r in rows if r[1] == contest["contestants"][0]), None)
    print(f"\n{contest['workload']}")
    limit = next((r[0] for r in rows if r[1] == "limit"), None)
    for time, who, all_times, instructions in sorted(rows):
        ratio = f"{time / ours[0]:7.2f} x" if ours and who != ours[1] else " " * 9
        counted = f"{instructions:7d} instructions" if instructions is not None else ""
        print(f"  {who:12}{time:10.1f} ns {ratio}  [{min(all_times):.1f}-{max(all_times):.1f}]"
              f"{counted}".rstrip())
    tokio = next((r[0] for r in rows if r[1] == "tokio"), None)
    if ours and limit and tokio:
        print(f"  tokio takes {tokio / ours[0]:.1f} times as long as ours, and"
              f" {tokio / limit:.1f} times as long as the limit.")
        if tokio < AHEAD_OF_TOKIO * ours[0]:
            explain(short_of(tokio / ours[0], tokio / limit, contest))
    fastest = min(r for r in rows if r[1] != "limit")
    noise = NOISE_TOGETHER if together else NOISE_ALONE
    if ours is None or fastest[0] * noise >= ours[0]:
        return True
    explain(f"Ours takes {ours[0] / fastest[0]:.1f} times as long as {fastest[1]}. "
            + reason_of(contest))
    return False


def main(words):
    if not words:
        sys.exit(__doc__)
    program = os.path.abspath(words[0])
    contests = json.loads(run([program, "--contests"]).stdout)
    chosen = chosen_by(program, words[1:])
    print("measuring…", file=sys.stderr)
    sys.stdout.reconfigure(line_buffering=True)
    verdicts = [compare(program, each, chosen, words[1:]) for each in contests]
    judged = [v for v in verdicts if v is not None]
    if not judged:
        sys.exit("compare: no workload was chosen")
    print(f"\nOurs is the fastest, within the noise, in {sum(judged)} of {len(judged)} workloads.")


if __name__ == "__main__":
    main(sys.argv[1:])
