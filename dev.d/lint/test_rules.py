"""Each rule must reject one text and accept its neighbour. Words that the rules forbid are put
together here at run time, so that this file passes them."""

import tempfile
import unittest
from pathlib import Path

import coroutines
import hygiene
import layers
import links
import orders
import seam
import snippets
from source import Source

HEADER = "lib/include/pawl/sync/sample.hpp"


def found(rule, text, path=HEADER):
    return [finding.message for finding in rule.check([Source(path, text)])]


class Rejects:
    """Mixin: rule, and pairs (text to reject, text to accept), both at `path`."""

    path = HEADER

    def test_rejects(self):
        for bad, _ in self.cases:
            with self.subTest(bad):
                self.assertTrue(found(self.rule, bad, self.path))

    def test_accepts(self):
        for _, good in self.cases:
            with self.subTest(good):
                self.assertEqual(found(self.rule, good, self.path), [])


class Seam(Rejects, unittest.TestCase):
    rule = seam
    cases = [
        ("std::atomic<int> a;\n", "atomic<int> a;  // not a std::atomic\n"),
        ("std::mutex m;\n", "mutex m;\n"),
        ("std :: thread t;\n", "thread t;\n"),
        ("std::condition_variable_any c;\n", "condition_variable c;\n"),
        ("auto n = std::chrono::steady_clock::now();\n", "std::chrono::nanoseconds n{1};\n"),
        ("std::mt19937 g;\n", 'auto s = "std::mt19937";\n'),
        ("thread_local int x;\n", "thread_slot<int> x;\n"),
        ("syscall(SYS_futex);\n", "park();\n"),
        ("#include <atomic>\n", "#include <cstddef>\n"),
    ]

    def test_backend_is_exempt(self):
        self.assertEqual(found(seam, "std::atomic<int> a;\n",
                               "lib/include/pawl/backend/native/atomic.hpp"), [])


class Orders(Rejects, unittest.TestCase):
    rule = orders
    mate = "// [s.1] release: publishes; pairs with [s.2]\na.store(1, memory_order_release);\n"
    cases = [
        ("a.load(memory_order_acquire);\n",
         mate + "a.load(memory_order_acquire);  // [s.2] acquire: sees it; pairs with [s.1]\n"),
        # A tag has an order and a colon.
        ("a.load(memory_order_relaxed);  // [s.1] a counter\n",
         "a.load(memory_order_relaxed);  // [s.1] relaxed: a counter\n"),
        # A comment block belongs to the line directly below it only.
        ("// [s.2] relaxed: a counter\n\na.load(memory_order_relaxed);\n",
         "// [s.2] relaxed: a counter\na.load(memory_order_relaxed);\n"),
        # The tag must name the order that is there.
        ("// [s.1] acquire: x; pairs with [s.1]\na.store(1, memory_order_release);\n",
         "// [s.1] acq_rel: x; pairs with [s.1]\na.exchange(1, memory_order_acq_rel);\n"),
        # Pairs are mutual, and they exist.
        (mate + "// [s.2] relaxed: x\na.load(memory_order_relaxed);\n",
         mate + "// [s.2] acquire: x,\n// and y; pairs with\n// [s.1]\n"
         "a.load(memory_order_acquire);\n"),
        (mate, mate + "// [s.2] acquire: x; pairs with [s.1]\na.load(memory_order::acquire);\n"),
        # Tags are unique, used, and name their pairs unless relaxed.
        ("// [s.1] relaxed: x\na.load(memory_order_relaxed);\n"
         "// [s.1] relaxed: y\nb.load(memory_order_relaxed);\n",
         "// [s.1] relaxed: x\na.load(memory_order_relaxed);\n"
         "// [s.2] relaxed: y\nb.load(memory_order_relaxed);\n"),
        ("// [s.1] relaxed: x\nint a;\n", "// [s.1] is what the load below relies on.\nint a;\n"),
        ("// [s.1] acquire: x\na.load(memory_order_acquire);\n",
         "// [s.1] acq_rel/relaxed: x; pairs with [s.1]\n"
         "while (!a.compare_exchange_weak(seen, next,\n"
         "                                memory_order_acq_rel,\n"
         "                                memory_order_relaxed)) {\n"),
        # Two statements may share a tag that lists the orders of both.
        ("// [s.1] acquire: x; pairs with [s.1]\nauto o = either(memory_order_acquire);\n"
         "a.compare_exchange_strong(seen, next, o, memory_order_relaxed);\n",
         "// [s.1] acquire/relaxed: x; pairs with [s.1]\nauto o = either(memory_order_acquire);\n"
         "a.compare_exchange_strong(seen, next, o, memory_order_relaxed);\n"),
    ]

    def test_pairs_across_files(self):
        files = [Source("lib/src/sync/a.cpp", self.mate),
                 Source("lib/src/sync/b.cpp",
                        "a.load(memory_order_acquire);  // [s.2] acquire: y; pairs with [s.1]\n")]
        self.assertEqual(list(orders.check(files)), [])


class Coroutines(Rejects, unittest.TestCase):
    rule = coroutines
    cases = [
        ("task<> f() { if (co_await x) g(); }\n",
         "task<> f() { auto r = co_await x; if (r) g(); }\n"),
        ("task<> f() { while (!(co_await x)) {} }\n",
         "task<> f() { while (go) { co_await x; } }\n"),
        ("task<> f() { do { g(); } while (co_await x); }\n",
         "task<> f() { do { co_await x; } while (more()); }\n"),
        ("switch (co_await x) {}\n", "// switch (co_await x) {}\n"),
        ("auto v = b ? co_await x : co_await y;\n", "auto v = b ? co_await x : 0;\n"),
        ("g(pair{co_await x, 1});\n", "auto f = [&]() -> task<int> { co_return co_await x; };\n"),
        ("struct ready {\n  bool await_ready() { return true; }\n};\n",
         "struct ready {\n  ready() {}\n  bool await_ready() { return true; }\n};\n"),
    ]


class EngineLayers(Rejects, unittest.TestCase):
    rule = layers
    path = "checker/src/engine/graph.cpp"
    cases = [("#include <pawl/sync/semaphore.hpp>\n", '#include "engine/event.hpp"\n')]


class FiberLayers(Rejects, unittest.TestCase):
    rule = layers
    path = "checker/src/fiber/stack.cpp"
    cases = [('#include "engine/graph.hpp"\n', '#include "fiber/arena.hpp"\n')]


class LibraryLayers(Rejects, unittest.TestCase):
    rule = layers
    cases = [("#include <pawl/check.hpp>\n", "#include <pawl/task/task.hpp>\n")]

    def test_model_backend_is_exempt(self):
        self.assertEqual(found(layers, "#include <pawl/check/runtime.hpp>\n",
                               "lib/include/pawl/backend/model/atomic.hpp"), [])


class Hygiene(Rejects, unittest.TestCase):
    rule = hygiene
    cases = [
        ("see /ro" "ot/notes\n", "see https://example.org/ro" "ot/notes and ./ro" "ot/notes\n"),
        ("// TO" "DO: later\n", "// to do: now\n"),
        ("int a; \n", "int a;\n"),
        ("//" + "x" * 99 + "\n", "//" + "é" * 98 + "\n"),
        ("int a;", ""),
        ("int a;\n" * (hygiene.MAX_LINES + 1), "int a;\n" * hygiene.MAX_LINES),
    ]

    def test_size(self):
        with tempfile.TemporaryDirectory() as root:
            (Path(root) / "big").write_bytes(b"x" * (hygiene.MAX_BYTES + 1))
            (Path(root) / "small").write_bytes(b"x" * hygiene.MAX_BYTES)
            self.assertEqual([f.path for f in hygiene.check_size(root, ["big", "small"])], ["big"])


class Links(Rejects, unittest.TestCase):
    rule = links
    path = "docs/index.md"
    cases = [("[x](missing.md)\n", "[x](index.md#part) [y](https://example.org) [z](../docs)\n")]


class Snippets(unittest.TestCase):
    def shown(self, block, path="examples/a.cpp"):
        page = Source("README.md", f"# x\n\n<!-- file: {path} -->\n```cpp\n{block}```\n")
        return list(snippets.check([page, Source("examples/a.cpp", "int a;\n")]))

    def test_rejects(self):
        self.assertTrue(self.shown("int b;\n"))
        self.assertTrue(self.shown("int a;\n", "examples/b.cpp"))

    def test_accepts(self):
        self.assertEqual(self.shown("int a;\n"), [])


if __name__ == "__main__":
    unittest.main()
