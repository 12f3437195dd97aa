"""Breaks the merging of settings in every way that a tool knows, and counts how often the tests notice.

A scratch copy is mutated, so nothing in the checkout changes. Generated examples are the same in every run.
A mutant that survives is printed as a difference: it wants a test, or simpler code.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report import Row, machine, show

ROOT = Path(__file__).resolve().parents[1]
MUTATED = ("layers.py", "merge_rules.py", "merging.py")
TESTS = ("setting_stacks.py", "test_merging.py", "test_merging_laws.py")
TARGET_PERCENT = 95
_NOTICED = ("killed", "timeout", "segfault", "caught_by_type_check")
_CONFIG = """
[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p no:cacheprovider"
pythonpath = ["src", "."]

[tool.mutmut]
source_paths = ["src"]
only_mutate = {mutated}
pytest_add_cli_args = ["--hypothesis-seed=0"]
pytest_add_cli_args_test_selection = ["tests"]
"""


def prepare(folder: Path) -> None:
    """A project that holds what is mutated, what that imports, and its tests."""
    package = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "server" / "droid", folder / "src" / "droid", ignore=package)
    tests = folder / "tests" / "unit" / "settings"
    tests.mkdir(parents=True)
    for name in TESTS:
        shutil.copy(ROOT / "tests" / "unit" / "settings" / name, tests)
    mutated = json.dumps([f"src/droid/settings/{name}" for name in MUTATED])
    (folder / "pyproject.toml").write_text(_CONFIG.format(mutated=mutated), encoding="utf-8")


def mutmut(folder: Path, *arguments: str) -> str:
    """Run the tool; what it prints, its progress left to the caller's patience."""
    ended = subprocess.run(
        (sys.executable, "-m", "mutmut", *arguments),
        cwd=folder,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if ended.returncode:
        raise SystemExit(ended.stdout[-4000:])
    return ended.stdout


def measure(folder: Path, workers: int) -> list[Row]:
    prepare(folder)
    mutmut(folder, "run", "--max-children", str(workers))
    for line in mutmut(folder, "results").splitlines():
        name, _, outcome = line.strip().partition(": ")
        if outcome:
            print(f"{outcome}: {mutmut(folder, 'show', name)}")
    mutmut(folder, "export-cicd-stats")
    counted = json.loads((folder / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    noticed = sum(counted.get(outcome, 0) for outcome in _NOTICED)
    print(f"{counted['total']} mutants: {counted}")
    percent = 100 * noticed / counted["total"]
    return [
        Row(
            name="broken merges that tests notice",
            unit="%",
            ours=percent,
            target=TARGET_PERCENT,
            at_least=True,
        )
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--folder", type=Path, help="keep the scratch copy in this new folder")
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="mutation-") as scratch:
        passed = show("mutation", measure(options.folder or Path(scratch), options.workers))
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
