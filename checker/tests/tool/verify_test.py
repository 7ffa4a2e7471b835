"""<pawl/verify.h> and the names of benchmarks."""

import unittest

from pawl import Case


class Verify(Case):
    def verify(self, case, *options):
        return self.check("verify.c", *options, "--", f"-DCASE={case}")

    def test_identical_threads(self):
        self.passes(self.verify(1), complete=1)
        self.passes(self.verify(1, "--no-symmetry"), complete=6)

    def test_unknown_integers(self):
        self.passes(self.verify(2), complete=8)
        self.passes(self.verify(2, "--nondet", "7"), complete=2)
        self.passes(self.verify(2, "--nondet", "-1..1"), complete=8, blocked=4)
        self.fails(self.verify(2, "--nondet", "0..3"), "assertion: !(v == 3 && w == 3 && b)")
        self.assertIn("nondet 0..3", self.verify(2, "--nondet", "0..3").stdout)

    def test_a_replay_has_the_same_unknown_integers(self):
        run = self.verify(2, "--nondet", "0..3", "--unroll", "9", "--any-result")
        self.assertIn("--any-result --nondet 0..3 --unroll 9",
                      " ".join(self.command(run.stdout, "replay")))
        self.fails(self.paste(run.stdout, "replay"), "assertion: !(v == 3 && w == 3 && b)")

    def test_atomic_sections(self):
        self.passes(self.verify(3), complete=2)
        self.fails(self.verify(4), "misuse: an atomic section begins inside another (verify.c:")
        self.fails(self.verify(5), "misuse: an atomic section ends that has not begun (verify.c:")

    def test_waiting(self):
        self.passes(self.verify(6), complete=1, blocked=1)
        self.fails(self.verify(8), "deadlock: main spins at verify.c:")

    def test_names(self):
        run = self.verify(7)
        self.fails(run, "__VERIFIER_error() is reached (boss, verify.c:")
        self.assertRegex(run.stdout, r"boss\n.*\n.*choose: 2.*\n.*store the flag = 2")

    def test_hazard_pointers(self):
        self.passes(self.verify(11), complete=2)
        self.fails(self.verify(12), "misuse: main retires")

    def test_failures(self):
        self.fails(self.verify(9), "misuse: choose(0)")
        self.fails(self.verify(10), "assertion: this can't be (main, verify.c:")


if __name__ == "__main__":
    unittest.main()
