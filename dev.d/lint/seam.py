"""Outside backend/, the library reaches threads, atomics, clocks and randomness only through the
seam, so that the checker controls all of them."""

import re

STD_NAMES = (
    r"atomic\w*|memory_order\w*|j?thread|this_thread"
    r"|(?:recursive_|shared_)?(?:timed_)?mutex|(?:unique|shared|scoped)_lock|lock_guard"
    r"|condition_variable\w*|counting_semaphore|binary_semaphore|latch|barrier|call_once|once_flag"
    r"|async|future|shared_future|promise|packaged_task"
    r"|random_device|mt19937\w*|minstd_rand0?|default_random_engine|rand|srand")
FORBIDDEN = [
    (re.compile(rf"\bstd\s*::\s*({STD_NAMES})\b"), "std::{}"),
    (re.compile(r"\bchrono\s*::\s*((?:steady|system|high_resolution|utc|file)_clock)\b"),
     "std::chrono::{}"),
    (re.compile(r"\b(thread_local)\b"), "{}"),
    (re.compile(r"\b(\w*futex\w*)\b"), "{}"),
    (re.compile(r"\b(pthread_\w+)\b"), "{}"),
    (re.compile(r"#\s*include\s*<(atomic|thread|mutex|shared_mutex|condition_variable|semaphore"
                r"|latch|barrier|future|random|pthread\.h|linux/futex\.h)>"), "<{}>"),
]


def applies(source):
    return (source.is_cpp and source.within("lib/include", "lib/src")
            and "/backend/" not in source.path)


def check(sources):
    for source in filter(applies, sources):
        for pattern, name in FORBIDDEN:
            for match in pattern.finditer(source.code):
                what = name.format(match.group(1))
                yield source.finding(source.line_at(match.start()),
                                     f"{what} outside backend/: use what the backend provides")
