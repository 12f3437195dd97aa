"""What the gate costs: rating a command, the worst that a line can be, and deciding a whole call.

Rated are the commands of `tests/data/safety`, or those of `--corpus FILE`: JSON lines with `command` and
`expect`, which is a risk or a list of those that are right. With a Python
that has `bash-classify` in `BASH_CLASSIFY_PYTHON`, that classifier rates the same commands in the same run.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from benchmarks.processes import ROOT
from benchmarks.report import Row, machine, median, percentile, show

sys.path.insert(0, str(ROOT / "server"))
DATA = ROOT / "tests" / "data" / "safety" / "command_bypasses.toml"
ROUNDS = 5
CALLS = 400
BYTES = 65_000
CWD, HOME = PurePath("/work/repo"), PurePath("/home/ada")
WORST = {
    "nested": "$(" * 20_000 + ")" * 20_000,
    "words": "echo " + "a " * 32_000,
    "and": " && ".join(["ls"] * 10_000),
    "statements": "ls;" * 21_000,
    "here-document": "cat <<EOF\n" + "x `ls` $(ls)\n" * 4_500 + "EOF",
    "long text": "cat > f <<'EOF'\n" + "some words of prose, (or) of code;\n" * 1_800 + "EOF",
    "pipe": "ls|" * 16_000 + "ls",
    "quotes": "echo " + "'a'" * 20_000,
    "braces": "echo " + "{a,b}" * 12_000,
    "variables": "echo " + "$x" * 30_000,
    "inner shell": "sh -c '" + "ls;" * 20_000 + "'",
    "assignments": "a=1;" * 16_000,
    "backticks": "echo " + "`ls`" * 16_000,
    "functions": "f(){ ls; };" * 5_000,
    "python": "python3 -c '" + "x = [1, 2]\n" * 5_900 + "'",
    "javascript": "node -e '" + "import os\n" * 800 + "'",
    "awk": "awk '" + "{ print $1 } " * 4_900 + "' f",
    "unclosed": "'" * BYTES,
    "groups": "(" * 32_000 + ")" * 32_000,
    "many commands": "ls -l src; " * 199,
}

PEER = """
import json, sys, time
from bash_classify import classify_expression
names = {"READONLY": "low", "WRITE": "medium"}
found = []
for command in json.load(sys.stdin):
    start = time.perf_counter()
    try:
        rated = str(classify_expression(command).classification)
    except Exception:
        rated = "DANGEROUS"
    spent = time.perf_counter() - start
    found.append([names.get(rated.rpartition(".")[2], "high"), spent])
json.dump(found, sys.stdout)
"""


def main(corpus: Path | None = None) -> bool:
    rows = _corpus(corpus)
    commands = [row["command"] for row in rows]
    rated, times = _rate(commands)
    worst = {name: _once(text[:BYTES]) for name, text in WORST.items()}
    slowest = max(worst, key=lambda name: worst[name])
    table = [
        Row(name="rate a command, median", unit="µs", ours=median(times) * 1e6, target=150),
        Row(name="rate a command, p99", unit="ms", ours=percentile(times, 0.99) * 1e3, target=2),
        Row(name=f"rate 64 kB, the slowest ({slowest})", unit="ms", ours=worst[slowest] * 1e3, target=50),
    ]
    with_gate, without = asyncio.run(_gate())
    table.append(Row(name="gate and facts of a call, median", unit="ms", ours=with_gate * 1e3, target=0.5))
    table.append(Row(name="of that for a call that reads", unit="ms", ours=without * 1e3, target=0.5))
    print(f"\n{len(commands)} commands")
    _accuracy("ours", rows, rated)
    peer = os.environ.get("BASH_CLASSIFY_PYTHON")
    if peer is not None:
        done = subprocess.run(
            [peer, "-c", PEER], input=json.dumps(commands), capture_output=True, text=True, check=True
        )
        answers = json.loads(done.stdout)
        _accuracy("bash-classify", rows, [risk for risk, _ in answers])
        theirs = median([spent for _, spent in answers])
        ours = median(times)
        table.append(
            Row(
                name="rate a command / bash-classify", unit="µs", ours=ours * 1e6, target=1, peer=theirs * 1e6
            )
        )
    return show("Commands and the gate", table)


def _corpus(path: Path | None) -> Sequence[Mapping[str, Any]]:
    if path is not None:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))
    return [{"command": row["command"], "expect": row["risk"]} for kind in tables.values() for row in kind]


def _rate(commands: Sequence[str]) -> tuple[list[str], list[float]]:
    """The last round's ratings, and the time of each command in its quickest round."""
    from droid.safety.commands.classify import classify

    best = [float("inf")] * len(commands)
    rated: list[str] = []
    for _ in range(ROUNDS):
        rated = []
        for index, command in enumerate(commands):
            start = time.perf_counter()
            found = classify(command, cwd=CWD, home=HOME)
            best[index] = min(best[index], time.perf_counter() - start)
            rated.append(found.risk.value)
    return rated, best


def _once(text: str) -> float:
    from droid.safety.commands.classify import classify

    def spent() -> float:
        start = time.perf_counter()
        classify(text, cwd=CWD, home=HOME)
        return time.perf_counter() - start

    return min(spent() for _ in range(3))


async def _gate() -> tuple[float, float]:
    """Seconds that gathering facts and deciding take: of a command, and of a call that reads."""
    from droid.app.policy_check import Question, open_check
    from droid.domain.levels import AutonomyLevel

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve() / "work"
        (place / ".git").mkdir(parents=True)
        (place / "a.txt").write_text("x\n")
        environ = {"HOME": folder, "FACTORY_HOME": f"{folder}/.factory"}

        async def spent(tool: str, **arguments: str) -> float:
            question = Question(tool=tool, input=arguments, autonomy=AutonomyLevel.HIGH)
            found: list[float] = []
            for _ in range(CALLS):
                start = time.perf_counter()
                await check.decide(question, place)
                found.append(time.perf_counter() - start)
            return median(found)

        async with open_check(place, environ) as check:
            return await spent("Execute", command="git status --short | head -n 5"), await spent(
                "Read", file_path="a.txt"
            )


def _accuracy(name: str, rows: Sequence[Mapping[str, Any]], rated: Sequence[str]) -> None:
    """How often the ratings are right, where the corpus says what is."""
    right = high = high_low = high_below = low = low_over = 0
    for row, risk in zip(rows, rated, strict=True):
        expect = row["expect"] if isinstance(row["expect"], list) else [row["expect"]]
        right += risk in expect
        high += expect == ["high"]
        high_low += expect == ["high"] and risk == "low"
        high_below += expect == ["high"] and risk != "high"
        low += expect == ["low"]
        low_over += expect == ["low"] and risk != "low"
    print(
        f"  {name:<14} right {right / len(rows):.1%}, high rated low {high_low}/{high}, "
        f"high rated below {high_below}/{high}, low rated above {low_over}/{low}"
    )


if __name__ == "__main__":
    print(machine())
    given = Path(sys.argv[sys.argv.index("--corpus") + 1]) if "--corpus" in sys.argv else None
    sys.exit(0 if main(given) else 1)
