"""Gives the classifier what nobody would think of: a million inputs that a fuzzer grows from what it covers.

It must answer all of them, in bounded time, and call nothing harmless that it could not read.
"""

import sys
from pathlib import Path, PurePath

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "server"))
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


def main() -> None:
    corpus = Path(__file__).resolve().parents[1] / ".cache/fuzz/corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    flags = [f"-runs={RUNS}", "-max_len=512", "-timeout=5", "-print_final_stats=1", str(corpus)]
    atheris.Setup([sys.argv[0], *sys.argv[1:], *flags], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
