import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from inline_snapshot import snapshot
from tests.unit.sessions.events import Sequencer, one_turn, records, started

from droid.domain.events import (
    AssistantAnswered,
    Record,
    TextDelta,
    ToolFinished,
    ToolProposed,
    TurnStarted,
    Warned,
)
from droid.domain.messages import Message, Role, TextPart, user_message
from droid.domain.tools import ToolResult
from droid.sessions.export import to_json, to_markdown
from droid.sessions.reader import read_records

DATA = Path("tests/data/sessions/v1")


def test_a_session_reads_as_a_conversation() -> None:
    number = Sequencer()
    assert to_markdown([number(started()), *one_turn(number)]) == snapshot("""\
# Fix the price

| | |
| --- | --- |
| Session | s1 |
| Workspace | /work/shop |
| Started | 2025-06-15 15:06:41 UTC |
| Model | demo |
| Autonomy | low |
| Surface | lsp |

## Turn 1 · 2025-06-15 15:06:42 UTC

**Person**

> Fix the price

**Droid**

> I read it.

### Read src/price.py

```json
{
  "file_path": "src/price.py"
}
```

Result after 0.1 s:

```
PRICE = 1
```

**Droid**

> Fixed.

*Done · 2 steps, 1.0 s, 110 tokens (10 written), $0.0100*
""")


def test_everything_that_happened_is_told() -> None:
    assert to_markdown(read_records(DATA / "every_event.jsonl")) == snapshot("""\
# Prices — fixed

| | |
| --- | --- |
| Session | 2cqm0r0-fixed |
| Workspace | /work/shop |
| Started | 2025-06-15 15:06:40 UTC |
| Model | custom:gpt |
| Autonomy | low |
| Surface | lsp |
| Forked from | 2cqm0qz-first |

*Model: custom:claude*

*Autonomy: medium*

## Turn 1 · 2025-06-15 15:06:43 UTC

**Person**

> Fix the price in @src/price.py

*(image, image/png, 3 bytes)*

**Droid**

> I change it.

### Edit src/price.py

```json
{
  "file_path": "src/price.py",
  "old_str": "1",
  "new_str": "2"
}
```

Decision: **ask**, risk medium: medium risk is above autonomy low: src/price.py (user settings, /home/dev/.factory/settings.json)

Answer of the person: **instruct**: Use 3.

**Question to the person**

> Which currency?
> - EUR
> - CHF

**Answer**

> EUR

Changed `src/price.py` (edited, +1 −1)

```diff
@@ -1 +1 @@
-PRICE = 1
+PRICE = 3
```

Result after 0.0 s, exit code 0:

```
Changed.
```

Whole output: `/home/dev/.factory/x.txt`

**Plan**

- [x] Fix the price
- [ ] ▸ Test

**Person**, while the turn ran

> In euro, please

⚠ No ripgrep: search is slow; install it.

**The conversation so far was summarised**

> ## Goal
> Fix the price.

*Done · 1 step, 12.5 s, 2,190 tokens (80 written, 900 read from cache), $0.0042*

Took turn t1 back: `src/price.py` (edited, +1 −1)

Left as they are, since somebody changed them meanwhile: `src/tax.py`
""")


@pytest.mark.parametrize(
    "text",
    ["```", "````\n```", "a ``` b", "~~~", "```python\nx = '''`````'''\n", "`" * 50, "<details>", "-->"],
)
def test_a_fence_in_a_result_does_not_end_its_block(text: str) -> None:
    number = Sequencer()
    records = [
        number(started()),
        number(ToolProposed(call_id="c1", tool="Read", arguments=text, title=text), "t1"),
        number(ToolFinished(call_id="c1", tool="Read", result=ToolResult(text=text), duration_s=1), "t1"),
        number(Warned(message="last")),
    ]
    assert outside_blocks(to_markdown(records)).rstrip().endswith("⚠ last")


def outside_blocks(markdown: str) -> str:
    """What is left of Markdown without its code blocks, by the rules of CommonMark."""
    left: list[str] = []
    fence: str | None = None
    for line in markdown.splitlines():
        run = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if fence is None and run and not (run[1][0] == "`" and "`" in line[run.end() :]):
            fence = run[1]
        elif fence is not None:
            if run and run[1][0] == fence[0] and len(run[1]) >= len(fence) and not line[run.end() :].strip():
                fence = None
        else:
            left.append(line)
    return "\n".join(left)


@pytest.mark.parametrize(
    "text", ["```\nnever closed", "<!-- hidden", "# A title\n## Turn 9", "- a\n\n  b", ""]
)
def test_what_a_person_or_a_model_wrote_stays_in_its_quote(text: str) -> None:
    number = Sequencer()
    answer = Message(role=Role.ASSISTANT, parts=(TextPart(text=text),))
    all_records = [
        number(started()),
        number(TurnStarted(prompt=text, message=user_message(text)), "t1"),
        number(AssistantAnswered(message=answer, stop_reason=None), "t1"),
    ]
    exported = to_markdown(all_records)
    body = exported[exported.index("## Turn 1") :]
    for line in body.splitlines():
        assert line.startswith((">", "**", "## Turn 1", "*The answer was interrupted")) or not line, line
    assert "<!--" not in body


def test_an_answer_that_was_cut_off_is_shown_as_such() -> None:
    exported = to_markdown(read_records(DATA / "killed_in_mid_answer.jsonl"))
    assert exported.endswith("**Droid**, interrupted\n\n> The price is\n")


def test_a_long_result_is_shortened_and_says_so() -> None:
    number = Sequencer()
    result = ToolResult(text="a" * 10_000 + "MIDDLE" + "b" * 10_000)
    finished = number(ToolFinished(call_id="c1", tool="Read", result=result, duration_s=1), "t1")
    exported = to_markdown([finished])
    assert "12,006 characters left out" in exported
    assert "MIDDLE" not in exported


@given(records())
def test_any_event_can_be_exported(record: Record) -> None:
    for one in (record, replace(record, at=float("nan")), replace(record, at=1e300)):
        assert to_markdown([one]).encode()
    assert to_json([record]).encode()


def test_nothing_can_be_exported_too() -> None:
    assert to_markdown([]) == "# Session\n"
    assert to_markdown([Record(seq=1, at=1.0, turn_id=None, event=TextDelta(text="a"))]).endswith("> a\n")
