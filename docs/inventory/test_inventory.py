"""inventory.py must refuse what is wrong and accept its neighbour.

usage: test_inventory.py COMPILER [ARG...], as `inventory.py compile`."""

import re
import sys
import unittest

import inventory

COMPILER = sys.argv[1:]


def primitive(*answers, library="tokio"):
    rows = "\n".join(f'"call {number}" = "{answer}"' for number, answer in enumerate(answers))
    return inventory.primitive_of(
        "sample", f'title = "Sample"\nnames = ["semaphore& s"]\n[{library}]\n{rows}\n')


class Tables(unittest.TestCase):
    def refuses(self, answer, **library):
        with self.assertRaises(inventory.Mistake):
            primitive(answer, **library)

    def test_an_answer_names_or_explains(self):
        self.refuses("it is called close")
        self.refuses("none, for it is late")
        good = primitive("`s.close()`", "none: it is late", "to come: sample")
        self.assertEqual([row.kind for row in good.rows], inventory.KINDS)

    def test_backquotes_have_mates(self):
        self.refuses("`s.close()` or `s.poison()")

    def test_bars_would_end_the_cell(self):
        self.refuses("`s.close() | 1`")

    def test_libraries_are_known(self):
        self.refuses("`s.close()`", library="tokyo")

    def test_what_has_arrived_is_not_to_come(self):
        def arrived(answer, *headers):
            return list(inventory.arrived([primitive(answer)], headers))

        self.assertTrue(arrived("to come: sample, soon", "pawl/sync/sample.hpp"))
        self.assertTrue(arrived("to come: sample order", "pawl/sync/sample_order.hpp"))
        self.assertTrue(arrived("to come: blocking::sample", "pawl/blocking/sample.hpp"))
        self.assertFalse(arrived("to come: blocking::sample", "pawl/sync/sample.hpp"))
        self.assertFalse(arrived("to come: sample", "pawl/sync/other_sample.hpp"))
        self.assertFalse(arrived("to come: sample", "pawl/blocking/sample.hpp"))
        self.assertFalse(arrived("none: it is late", "pawl/sync/sample.hpp"))

    def test_the_page_counts(self):
        page = inventory.page([primitive("`s.close()`", "to come: more"), primitive("none: late")])
        self.assertIn("| all | 3 | 1 | 1 | 1 |\n", page)
        self.assertIn("| `call 1` | tokio | to come: more |\n", page)


class Compiling(unittest.TestCase):
    def complaints(self, *answers):
        """Returns: whether it compiles, and the numbers of the rows at fault."""
        run = inventory.compile_with(COMPILER, [primitive(*answers)])
        rows = re.findall(r"^sample\.toml: tokio, call (\d+):\d+:\d+: error", run.stderr, re.M)
        return run.returncode == 0, sorted({int(row) for row in rows})

    def test_what_exists(self):
        self.assertEqual(self.complaints("`s.close()`, `permit`", "`errc::closed`"), (True, []))

    def test_what_does_not_exist(self):
        self.assertEqual(self.complaints("`s.close()` or `s.shut()`", "none: but for `permits`",
                                         "to come: sample; now `errc::shut`", "`s.close(1)`",
                                         "`s.close()`"), (False, [0, 1, 2, 3]))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
