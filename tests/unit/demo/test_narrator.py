"""A turn as it is told."""

import io
import json
from pathlib import Path
from typing import Any

from inline_snapshot import snapshot

from droid.demo.narrator import Narrator
from droid.demo.screen import Screen, clean
from droid.demo.transcript import TranscriptReader, rule_of


def decision(*trace: tuple[str, str], risk: str = "medium") -> dict[str, Any]:
    entries = [
        {"step": "autonomy", "verdict": verdict, "rule": rule, "level": "built-in", "matched": None}
        for verdict, rule in trace
    ]
    return {"verdict": trace[-1][0], "risk": risk, "input": {}, "trace": entries}


def transcript_in(home: Path, *decisions: tuple[str, dict[str, Any]], torn: str = "") -> TranscriptReader:
    folder = home / "sessions" / "shop-1"
    folder.mkdir(parents=True)
    lines = [
        json.dumps({"type": "decision_made", "call_id": call_id, "decision": made}) + "\n"
        for call_id, made in decisions
    ]
    (folder / "s1.jsonl").write_text('{"type":"session_started"}\n' + "".join(lines) + torn)
    return TranscriptReader(home, "s1")


def call_update(call_id: str, **fields: Any) -> dict[str, Any]:
    return {"sessionUpdate": "tool_call_update", "toolCallId": call_id, **fields}


def test_a_turn_is_told_in_order(tmp_path: Path) -> None:
    transcript = transcript_in(
        tmp_path,
        ("c1", decision(("allow", "low risk runs with autonomy low"), risk="low")),
        ("c2", decision(("ask", "above autonomy low"), ("allow", "approved by the person"))),
        ("c3", decision(("deny", "a protected file"), risk="high")),
    )
    out = io.StringIO()
    narrator = Narrator(Screen(out, {}), transcript)
    output = "\n".join(f"line {n}" for n in range(15))
    for update in (
        {"sessionUpdate": "user_message_chunk", "content": {"text": "mend it"}},
        {"sessionUpdate": "agent_message_chunk", "content": {"text": "I "}},
        {"sessionUpdate": "agent_message_chunk", "content": {"text": "look."}},
        {"sessionUpdate": "tool_call", "toolCallId": "c1", "title": "Edit a.py", "kind": "edit"},
        call_update("c1", status="in_progress"),
        call_update("c1", content=[{"type": "diff", "path": "a.py", "diff": "--- a\n+++ b\n-x\n+y\n"}]),
        call_update("c1", status="completed", durationS=0.01, content=[]),
        {"sessionUpdate": "tool_call", "toolCallId": "c2", "title": "Execute make", "kind": "execute"},
        call_update("c2", status="in_progress"),
        call_update("c2", output="line 0"),
        call_update(
            "c2",
            status="completed",
            durationS=1.25,
            content=[{"type": "content", "content": {"type": "text", "text": output}}],
        ),
        {"sessionUpdate": "tool_call", "toolCallId": "c3", "title": "Edit .env", "kind": "edit"},
        call_update("c3", status="failed", durationS=0),
        {
            "sessionUpdate": "usage", "inputTokens": 5, "outputTokens": 2, "cacheReadTokens": 3,
            "cacheWriteTokens": 1, "costUsd": 0.5,
        },
        {"sessionUpdate": "agent_message_chunk", "content": {"text": "Done."}},
        {"sessionUpdate": "turn_ended", "reason": "done", "message": ""},
    ):  # fmt: skip
        narrator.update(update)
    assert narrator.ended.is_set()
    assert narrator.usage == {"requests": 1, "input": 6, "cached": 3, "output": 2, "usd": 0.5}
    assert out.getvalue() == snapshot("""\
You
  mend it

Agent
  I look.

● Edit a.py
  low risk  ·  allowed  ·  low risk runs with autonomy low [autonomy, built-in]
    --- a
    +++ b
    -x
    +y
  ✓ completed, 0.01 s

● Execute make
  medium risk  ·  allowed  ·  approved by the person [autonomy, built-in]
    … 3 lines before
    line 3
    line 4
    line 5
    line 6
    line 7
    line 8
    line 9
    line 10
    line 11
    line 12
    line 13
    line 14
  ✓ completed, 1.25 s

● Edit .env
  high risk  ·  denied  ·  a protected file [autonomy, built-in]
  ✗ failed, 0.00 s

Agent
  Done.
""")


def test_an_unknown_price_makes_the_sum_unknown(tmp_path: Path) -> None:
    narrator = Narrator(Screen(io.StringIO(), {}), TranscriptReader(tmp_path, "s1"))
    usage = {"inputTokens": 1, "outputTokens": 1, "cacheReadTokens": 0, "cacheWriteTokens": 0}
    narrator.update({"sessionUpdate": "usage", **usage, "costUsd": None})
    narrator.update({"sessionUpdate": "usage", **usage, "costUsd": 0.5})
    assert narrator.usage["usd"] != narrator.usage["usd"]


def test_the_transcript_is_followed_and_a_line_that_is_being_written_is_left_for_later(
    tmp_path: Path,
) -> None:
    line = json.dumps({"type": "decision_made", "call_id": "c2", "decision": decision(("allow", "yes"))})
    reader = transcript_in(tmp_path, ("c1", decision(("ask", "hm"))), torn=line[:20])
    assert [made["verdict"] for made in reader.decisions("c1")] == ["ask"]
    assert reader.decisions("c2") == []
    assert reader.path is not None
    with reader.path.open("a") as file:
        file.write(line[20:] + "\n")
    assert [made["verdict"] for made in reader.decisions("c2")] == ["allow"]


def test_a_transcript_that_is_not_there_yet_says_nothing(tmp_path: Path) -> None:
    assert TranscriptReader(tmp_path, "s1").decisions("c1") == []


def test_the_rule_that_decided_is_the_last_one_with_the_verdict() -> None:
    assert rule_of(decision(("ask", "a"), ("allow", "b"))) == "b [autonomy, built-in]"
    assert rule_of({"verdict": "allow", "trace": []}) == "no rule objects"


def test_colour_is_for_terminals_that_want_it() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for stream, env, coloured in (
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
    ):
        Screen(stream, env).line(("x", "red"))
        assert ("\x1b[31m" in stream.getvalue()) is coloured


def test_what_a_program_writes_does_not_steer_the_terminal() -> None:
    assert clean("a\x1b[2Jb\tc\u202ed") == "a [2Jb    c d"
