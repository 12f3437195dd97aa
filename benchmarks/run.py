"""All benchmarks, one after the other; the exit status says whether every target was met."""

import sys

from benchmarks import bench_cancel, bench_exec, bench_gate, bench_keystroke, bench_settings, bench_start
from benchmarks.report import machine


def main() -> int:
    print(machine())
    parts = (bench_start, bench_keystroke, bench_cancel, bench_exec, bench_gate, bench_settings)
    missed = [part for part in parts if not part.main()]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
