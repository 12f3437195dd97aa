"""Gives the classifier what nobody would think of: a million inputs that a fuzzer grows from what it covers.

It must answer all of them, in bounded time, and call nothing harmless that it could not read.
"""

import sys
import tomllib
from pathlib import Path, PurePath

import atheris

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "server"))
RUNS = 1_000_000

with atheris.instrument_imports(include=["droid.safety.commands"]):
    from droid.domain.levels import Risk
    from droid.safety.commands import classify as classifying

CWD, HOME = PurePath("/work/repo"), PurePath("/home/ada")


def one_input(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    found = classifying.classify(text, cwd=CWD, home=HOME)
    assert found.undecidable is None or found.risk is Risk.HIGH
    assert found.reasons


def seed(corpus: Path) -> None:
    """Begin with commands that somebody has thought of."""
    corpus.mkdir(parents=True, exist_ok=True)
    tables = tomllib.loads((ROOT / "tests/data/safety/command_bypasses.toml").read_text(encoding="utf-8"))
    for kind in ("bypass", "harmless"):
        for number, row in enumerate(tables[kind]):
            (corpus / f"{kind}-{number}").write_text(row["command"], encoding="utf-8")


def main() -> None:
    corpus = ROOT / ".cache/fuzz/corpus"
    seed(corpus)
    flags = [f"-runs={RUNS}", "-max_len=512", "-timeout=5", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *sys.argv[1:], *flags], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
