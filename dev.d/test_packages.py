"""Installation of missing packages, with a PATH that holds stubs instead of dpkg, apt and sudo."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
REAL_TOOLS = "env sort sed head cat".split()
SCRIPT = f'set -euo pipefail; . "{HERE}/common.sh"; . "{HERE}/packages.sh"; ensure_packages build'


class Packages(unittest.TestCase):
    def setUp(self):
        self.bin = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.bin)
        self.log = self.bin / "log"
        for tool in REAL_TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.stub("apt-get", f'echo "$0 $*" >> {self.log}')
        self.user(0)
        self.installed("")

    def stub(self, name, body):
        path = self.bin / name
        path.write_text(f"#!{shutil.which('bash')}\n{body}\n")
        path.chmod(0o755)

    def user(self, uid):
        self.stub("id", f"echo {uid}")

    def installed(self, packages):
        """dpkg-query names those of `packages` it is asked for, and fails if one is missing."""
        self.stub("dpkg-query", f"""
            shift 3
            status=0
            for wanted; do
              found=
              for package in {packages}; do
                [[ $package == $wanted ]] && found=1 && echo "installed $package"
              done
              [[ $found ]] || status=1
            done
            exit $status""")

    def ensure(self):
        run = subprocess.run([shutil.which("bash"), "-c", SCRIPT], env={"PATH": str(self.bin)},
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        log = self.log.read_text() if self.log.exists() else ""
        calls = log.replace(f"{self.bin}/", "").splitlines()
        return run, calls

    def all_packages(self):
        return subprocess.run(["bash", "-c", f'. "{HERE}/packages.sh"; packages_for build'],
                              capture_output=True, text=True, check=True).stdout.strip()

    def test_nothing_missing(self):
        self.installed(self.all_packages())
        run, calls = self.ensure()
        self.assertEqual((run.returncode, run.stderr, calls), (0, "", []))

    def test_root_installs_only_what_is_missing(self):
        self.installed(self.all_packages().replace("libfmt-dev", ""))
        run, calls = self.ensure()
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(calls, [
            "apt-get update -q",
            "apt-get install -q --no-remove --no-install-recommends -y libfmt-dev"])

    def test_user_with_sudo(self):
        self.user(1000)
        self.stub("sudo", f'echo sudo >> {self.log}; [[ $1 == -n ]] && shift; "$@"')
        run, calls = self.ensure()
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("sudo", calls)
        self.assertIn("apt-get update -q", calls)

    def test_user_without_sudo_gets_the_command(self):
        self.user(1000)
        run, calls = self.ensure()
        self.assertEqual((run.returncode, calls), (2, []))
        self.assertIn("apt-get install --no-remove -y", run.stderr)
        self.assertIn("libexpected-dev", run.stderr)

    def test_sudo_that_asks_is_not_used_without_a_terminal(self):
        self.user(1000)
        self.stub("sudo", "exit 1")
        run, calls = self.ensure()
        self.assertEqual((run.returncode, calls), (2, []))
        self.assertIn("sudo sh -c", run.stderr)

    def test_other_boost_is_named_and_kept(self):
        self.installed("libboost1.74-dev")
        run, calls = self.ensure()
        self.assertEqual((run.returncode, calls), (2, []))
        self.assertIn("libboost1.74-dev", run.stderr)

    def test_failed_installation(self):
        self.stub("apt-get", "exit 100")
        run, _ = self.ensure()
        self.assertEqual(run.returncode, 2)
        self.assertIn("apt-get update failed", run.stderr)


if __name__ == "__main__":
    unittest.main()
