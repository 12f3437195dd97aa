"""The sample task: a small shop whose tests catch a mistake, and the script that mends it.

The tests are plain `unittest`, so that nothing needs to be installed, and they are really run.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from droid.demo.chat_wire import ScriptedAnswer, call
from droid.domain.messages import Usage

TEST_COMMAND = "python3 -m unittest"

PROMPT = "The test for ten pieces fails. Find out why, mend the code, and show me that the tests pass."

_PRICING = '''\
"""Prices, in cents."""


def price_cents(unit_cents: int, pieces: int) -> int:
    """What that many pieces cost; from ten pieces on, ten percent less."""
    total = unit_cents * pieces
    if pieces > 10:
        total = total * 90 // 100
    return total
'''

_TESTS = """\
import unittest

from pricing import price_cents


class PriceTest(unittest.TestCase):
    def test_one_piece_costs_its_price(self) -> None:
        self.assertEqual(price_cents(250, 1), 250)

    def test_ten_pieces_get_the_discount(self) -> None:
        self.assertEqual(price_cents(200, 10), 1800)

    def test_a_hundred_pieces_get_the_discount(self) -> None:
        self.assertEqual(price_cents(100, 100), 9000)


if __name__ == "__main__":
    unittest.main()
"""

_README = """\
# Shop

A sample repository for the demonstration of Droid. `python3 -m unittest` runs its tests.
"""

FILES: Mapping[str, str] = {
    "pricing.py": _PRICING,
    "test_pricing.py": _TESTS,
    "README.md": _README,
    ".gitignore": "__pycache__/\n",
}


def write_sample(folder: Path) -> None:
    """Write the files of the sample repository."""
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


def script() -> Sequence[ScriptedAnswer]:
    """What the scripted model says, step by step; what its tools answer does not change it."""
    return (
        ScriptedAnswer(
            text="I look at the code and its tests first.",
            calls=(call("Read", file_path="pricing.py"), call("Read", file_path="test_pricing.py")),
            usage=Usage(input_tokens=2100, output_tokens=64),
        ),
        ScriptedAnswer(
            text="The tests say what is expected; I run them to see what happens.",
            calls=(call("Execute", command=TEST_COMMAND),),
            usage=Usage(input_tokens=700, output_tokens=41, cache_read_tokens=2100),
        ),
        ScriptedAnswer(
            text=(
                "`price_cents` promises the discount from ten pieces on, but it compares with `>`, "
                "which leaves out ten itself."
            ),
            calls=(
                call(
                    "Edit",
                    file_path="pricing.py",
                    old_str="    if pieces > 10:\n",
                    new_str="    if pieces >= 10:\n",
                ),
            ),
            usage=Usage(input_tokens=400, output_tokens=98, cache_read_tokens=2800),
        ),
        ScriptedAnswer(
            text="Now the tests again.",
            calls=(call("Execute", command=TEST_COMMAND),),
            usage=Usage(input_tokens=250, output_tokens=30, cache_read_tokens=3200),
        ),
        ScriptedAnswer(
            text=(
                "All tests pass. The discount was compared with `> 10`, so ten pieces did not get it; "
                "it is `>= 10` now."
            ),
            usage=Usage(input_tokens=200, output_tokens=46, cache_read_tokens=3450),
        ),
    )
