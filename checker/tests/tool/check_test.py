"""`pawl check`: what it builds, prints and leaves behind."""

import json
import os
import shutil
import signal
import subprocess
import time
import unittest

from pawl import PAWL, Case


class Check(Case):
    def tearDown(self):
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_counts(self):
        self.passes(self.check("sb.c"), complete=4)
        self.passes(self.check("sb.c", "--memory-model", "sc"), complete=3)
        if shutil.which("clang"):
            self.passes(self.check("sb.c", "--cc", "clang"), complete=4)

    def test_preprocessed_source(self):
        subprocess.run(["gcc", "-E", "sb.c", "-o", "sb.i"], cwd=self.folder, check=True)
        self.passes(self.check("sb.i"), complete=4)

    def test_inline_functions_that_are_not_inlined(self):
        source = "inline int none(void) { return 0; }\nint main(void) { return none(); }\n"
        (self.folder / "inline.c").write_text(source)
        self.passes(self.check("inline.c", "--races", "explore"), complete=1)

    def test_functions_that_check_sizes_are_not_used(self):
        source = """
            #include <pthread.h>
            #include <string.h>
            static char text[8];
            static void* work(void* unused) { strcpy(text, "abc"); return unused; }
            int main(void) {
              pthread_t t;
              pthread_create(&t, NULL, work, NULL);
              text[0] = 'x';
              pthread_join(t, NULL);
            }"""
        (self.folder / "sizes.c").write_text(source)
        (self.folder / "itself.c").write_text("#define _FORTIFY_SOURCE 2" + source)
        for run in self.check("sizes.c", "--", "-D_FORTIFY_SOURCE=2"), self.check("itself.c"):
            self.fails(run, "data race: thread 1 writes text[0]")

    def test_replays_name_the_data_that_races(self):
        source = """
            #include <pthread.h>
            static int count;
            static void* work(void* unused) { ++count; return unused; }
            int main(void) {
              pthread_t t;
              pthread_create(&t, NULL, work, NULL);
              ++count;
              pthread_join(t, NULL);
              return count != 2;
            }"""
        (self.folder / "races.c").write_text(source)
        run = self.check("races.c", "--races", "explore")
        for each in run, self.paste(run.stdout, "replay"):
            self.fails(each, "assertion: main() returned 1")
            self.assertRegex(each.stdout, "(?m)^racing +count: explored as if relaxed atomic$")

    def test_variables_on_stacks_have_their_names(self):
        source = """
            #include <pthread.h>
            static void* work(void* count) { *(int*)count = 1; return NULL; }
            int main(void) {
              pthread_t t;
              int first = 1, count = 2, last = 3;
              pthread_create(&t, NULL, work, &count);
              count = 4;
              pthread_join(t, NULL);
              pthread_create(&t, NULL, work, &first);
              pthread_join(t, NULL);
              pthread_create(&t, NULL, work, &last);
              pthread_join(t, NULL);
              return first + count + last;
            }"""
        (self.folder / "stack.c").write_text(source)
        for compiler in filter(shutil.which, ("gcc", "clang")):
            self.fails(self.check("stack.c", "--cc", compiler), "1 writes count (stack.c:3) while")

    def test_data_without_a_name_is_told_by_who_uses_it(self):
        source = """
            #include <pthread.h>
            #include <stdlib.h>
            static void* work(void* count) { ++*(int*)count; return count; }
            int main(void) {
              pthread_t t;
              int* const count = calloc(1, sizeof *count);
              pthread_create(&t, NULL, work, count);
              ++*count;
              pthread_join(t, NULL);
              free(count);
            }"""
        (self.folder / "heap.c").write_text(source)
        run = self.check("heap.c", "--races", "explore")
        self.passes(run, complete=4)
        self.assertRegex(run.stdout, r"racing what heap\.c:[49] uses: explored as if relaxed")

    def test_who_interrupts_again_is_obeyed_at_once(self):
        source = "int main(void) { volatile int i = 0; for (;;) ++i; }"
        (self.folder / "endless.c").write_text(source)
        run = subprocess.Popen([PAWL, "check", "endless.c"], cwd=self.folder, env=self.environment,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)
        while not list(self.temporary.glob("*/endless")) and run.poll() is None:
            time.sleep(0.1)
        time.sleep(1)  # It runs by now.
        for _ in range(2):
            os.killpg(run.pid, signal.SIGINT)
            time.sleep(0.002)
        self.assertEqual((run.communicate(timeout=60)[1], run.returncode), ("", 130))

    def test_commands_of_a_report(self):
        run = self.check("sb.c", "--", "-DBUG", "-DTEXT='a b'")
        self.fails(run, "assertion: a == 1 || b == 1 (main, sb.c:")
        again = self.paste(run.stdout, "replay")
        self.fails(again, "assertion: a == 1 || b == 1 (main, sb.c:")
        self.assertIn("sb.c --replay", " ".join(self.command(run.stdout, "replay")))
        if shutil.which("gdb"):
            self.assertIn("SIGTRAP", self.paste(run.stdout, "debug", given="run\n").stdout)

    def test_nothing_is_printed_but_of_the_failing_execution(self):
        self.passes(self.check("speak.cpp"), complete=1)
        self.environment["FAILS"] = "1"
        run = self.check("speak.cpp", "--args", "x 'y z'", "--json", "out.json", given="4 5\n")
        self.fails(run, "assertion: main() returned 1")
        expected = ("argument speak\nargument x\nargument y z\na thread\ncout\ncerr\nstderr\n"
                    "1 dprintf\nwrite\nsum 9\n//\n")
        report = json.loads((self.folder / "out.json").read_text())["models"][0]
        self.assertEqual(report["name"], "speak")
        self.assertEqual(report["error"]["output"], expected)
        self.assertIn("output      argument speak\n            argument x\n", run.stdout)

    def test_files_are_read_only(self):
        self.environment["WRITES"] = "1"
        run = self.check("speak.cpp")
        self.assertEqual(run.returncode, 2)
        self.assertIn("opens for writing 'written' (speak.cpp:", run.stdout)
        self.assertFalse((self.folder / "written").exists())
        self.passes(self.check("speak.cpp", "--allow-io"), complete=1)
        self.assertTrue((self.folder / "written").exists())

    def test_keep(self):
        self.passes(self.check("sb.c", "--keep", "kept"), complete=4)
        kept = sorted(path.name for path in (self.folder / "kept").iterdir())
        self.assertEqual(kept, ["1-sb.o", "sb"])
        self.passes(self.check("kept/1-sb.o"), complete=4)

    def test_mistakes(self):
        self.refuses(self.check(), "no FILE is given")
        self.refuses(self.check(), "Try 'pawl check --help'.")
        self.refuses(self.check("absent.c"), "there is no file 'absent.c'")
        (self.folder / "folder.c").mkdir()
        self.refuses(self.check("folder.c"), "'folder.c' is a folder")
        self.refuses(self.check("pawl.py"), "'pawl.py' is no C or C++ file")
        self.refuses(self.check("sb.c", "--memory-modle", "sc"), "did you mean --memory-model?")
        self.refuses(self.check("sb.c", "--memory-model", "arm"), "'arm' is not one of")
        self.refuses(self.check("sb.c", "--nondet", "3..1"), "'3..1' is not LOW..HIGH")
        self.refuses(self.check("sb.c", "--list"), "--list: only for models")
        self.refuses(self.check("sb.c", "--cc"), "--cc: its value is missing")
        self.refuses(self.check("sb.c", "--cc", "no-cc"), "--cc: there is no compiler 'no-cc'")
        self.refuses(self.check("sb.c", "--args", "'x"), "--args: a quote")
        self.refuses(self.check("sb.c", "--", "-O1", "-c"), "behind --, -c is not possible")
        self.assertIn("--nondet LOW..HIGH", self.check("--help").stdout)

    def test_compilers_speak_for_themselves(self):
        (self.folder / "wrong.c").write_text("int main() { return x; }\n")
        run = self.check("wrong.c")
        self.refuses(run, "wrong.c:1:21: error:")
        self.assertNotIn("pawl", run.stderr)
        (self.folder / "part.c").write_text("int f() { return 0; }\n")
        self.refuses(self.check("part.c"), "neither a main() nor a model")

    def test_interruption_leaves_nothing(self):
        process = subprocess.Popen([PAWL, "check", "many.c"], cwd=self.folder, env=self.environment,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                   start_new_session=True)
        while "complete" not in process.stdout.readline():  # It tells now and then how far it is.
            pass
        os.killpg(process.pid, signal.SIGINT)
        text, _ = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 3, text)
        self.assertIn("LIMIT", text)


if __name__ == "__main__":
    unittest.main()
