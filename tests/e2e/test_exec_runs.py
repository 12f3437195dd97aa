"""What `droid-lsp exec` does: tools and their limits, sessions, formats, budgets, dry runs."""

import json
import subprocess
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import Bench, bench_in, call


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Bench]:
    with bench_in(tmp_path) as made:
        yield made


EDIT = {"file_path": "a.txt", "old_str": "two", "new_str": "three"}


def test_read_only_is_the_default(bench: Bench) -> None:
    bench.play(
        {
            "calls": [
                {"name": "Read", "arguments": {"file_path": "a.txt"}},
                {"name": "Execute", "arguments": {"command": "cat a.txt"}},
            ]
        },
        call("Edit", **EDIT),
        {"text": "read"},
    )
    done = bench.exec("go", "--on-ask", "continue", "-o", "json")
    assert done.returncode == 0, done.stderr
    denials = json.loads(done.stdout)["denials"]
    assert [denial["tool"] for denial in denials] == ["Edit"]
    assert "one\ntwo" in bench.tool_results(1)[1]
    assert bench.files() == {"a.txt": "one\ntwo\n"}


def test_auto_low_edits_files(bench: Bench) -> None:
    bench.play(call("Read", file_path="a.txt"), call("Edit", **EDIT), {"text": "done"})
    done = bench.exec("--auto", "low", "go", "-o", "json")
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert printed["files_changed"] == [str((bench.workspace / "a.txt").resolve())]
    assert printed["num_turns"] == 3
    assert printed["usage"]["cost_usd"] == pytest.approx(3.0)
    assert bench.files() == {"a.txt": "one\nthree\n"}


@pytest.mark.parametrize(("auto", "code"), [("low", 3), ("high", 0)])
def test_auto_high_makes_changes_by_commands(auto: str, code: int, bench: Bench) -> None:
    bench.play(call("Execute", command="touch b.txt"), {"text": "done"})
    assert bench.exec("--auto", auto, "go").returncode == code
    assert (bench.workspace / "b.txt").exists() is (code == 0)


def test_a_dry_run_decides_and_shows_but_leaves_the_disk_alone(bench: Bench) -> None:
    (bench.workspace / "old.txt").write_text("old\n")
    before = bench.files()
    bench.play(
        call("Read", file_path="a.txt"),
        {
            "calls": [
                {"name": "Edit", "arguments": EDIT},
                {"name": "Create", "arguments": {"file_path": "new.txt", "content": "new"}},
                {"name": "Execute", "arguments": {"command": "touch made; rm old.txt"}},
            ]
        },
        {"text": "would have"},
    )
    done = bench.exec("--auto", "high", "--dry-run", "-o", "json", "go")
    assert done.returncode == 0, done.stderr
    assert bench.files() == before
    edited, created, executed = bench.tool_results()[1:]
    assert "-two" in edited
    assert "+three" in edited
    assert "+new" in created
    assert "not run" in executed


@pytest.mark.parametrize(
    ("flags", "offered", "refused"),
    [
        (["--restrict-tools", "Read,LS"], {"Read", "LS"}, "Grep"),
        (["--restrict-tools", "Read", "--additional-tools", "LS"], {"Read", "LS"}, "Grep"),
        (["--disabled-tools", "Grep Glob"], None, "Grep"),
    ],
)
def test_tools_that_are_not_offered_are_refused_as_well(
    flags: list[str], offered: set[str] | None, refused: str, bench: Bench
) -> None:
    """A model may ask for what it was never told of."""
    bench.play(call(refused, pattern="one"), {"text": "x"})
    done = bench.exec(*flags, "go", "-o", "json")
    assert done.returncode == 0, done.stderr
    names = {tool["function"]["name"] for tool in bench.server.requests[0]["body"]["tools"]}
    assert refused not in names
    assert offered is None or names == offered
    assert [denial["step"] for denial in json.loads(done.stdout)["denials"]] == ["tools"]


def test_the_tools_and_models_are_listed(bench: Bench) -> None:
    tools = json.loads(bench.exec("--list-tools", "-o", "json").stdout)
    by_name = {tool["name"]: tool for tool in tools}
    assert by_name["Read"]["read_only"] is True
    assert by_name["Edit"]["read_only"] is False
    limited = json.loads(bench.exec("--list-tools", "--restrict-tools", "Read", "-o", "json").stdout)
    assert [tool["name"] for tool in limited] == ["Read"]
    (model,) = json.loads(bench.exec("--list-models", "-o", "json").stdout)
    assert (model["id"], model["default"]) == ("custom:fake", True)
    assert "key-of-the-fake" not in bench.exec("--list-models").stdout
    assert bench.exec("--list-tools").stdout.splitlines()[0].split()[1] in {"reads", "changes"}


def test_a_session_is_resumed_with_its_conversation(bench: Bench) -> None:
    bench.play({"text": "first answer"}, {"text": "second answer"})
    session = json.loads(bench.exec("-o", "json", "first question").stdout)["session_id"]
    done = bench.exec("-s", session[:8], "-o", "json", "second question")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["session_id"] == session
    texts = json.dumps(bench.server.requests[1]["body"]["messages"])
    for wanted in ("first question", "first answer", "second question"):
        assert wanted in texts
    assert len(bench.transcripts()) == 1


def test_a_fork_leaves_the_original_alone(bench: Bench) -> None:
    bench.play({"text": "first answer"}, {"text": "second answer"})
    session = json.loads(bench.exec("-o", "json", "first question").stdout)["session_id"]
    (original,) = bench.transcripts()
    before = original.read_bytes()
    done = bench.exec("--fork", session, "-o", "json", "second question")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["session_id"] != session
    assert "first answer" in json.dumps(bench.server.requests[1]["body"]["messages"])
    assert original.read_bytes() == before
    assert len(bench.transcripts()) == 2


def test_stream_json_is_the_events_of_this_run_in_order(bench: Bench) -> None:
    bench.play(call("Read", file_path="a.txt"), {"text": "hello there"})
    done = bench.exec("-o", "stream-json", "go")
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    types = [event["type"] for event in events]
    assert types[0] == "session_started"
    assert types[-1] == "turn_ended"
    for wanted in ("turn_started", "tool_proposed", "decision_made", "tool_started", "tool_finished"):
        assert wanted in types
    assert "".join(event["text"] for event in events if event["type"] == "text_delta") == "hello there"
    stored = [event for event in events if event["type"] != "text_delta"]
    assert stored == [event for event in bench.events() if event["type"] != "text_delta"]
    bench.play({"text": "again"})
    again = bench.exec("-s", events[0]["session_id"], "-o", "stream-json", "go")
    assert json.loads(again.stdout.splitlines()[0])["type"] == "session_resumed"


def test_text_goes_after_the_system_prompt(bench: Bench, tmp_path: Path) -> None:
    bench.play({"text": "x"})
    more = tmp_path / "more.md"
    more.write_text("Speak of cats.")
    flags = ("--append-system-prompt", "Be brief.", "--append-system-prompt-file", str(more))
    assert bench.exec(*flags, "go").returncode == 0
    system = bench.server.requests[0]["body"]["messages"][0]["content"]
    assert "Be brief.\n\nSpeak of cats." in (system if isinstance(system, str) else system[0]["text"])


def test_another_folder_is_worked_in(bench: Bench, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    bench.play(call("Create", file_path="here.txt", content="x"), {"text": "x"})
    assert bench.exec("--auto", "low", "--cwd", str(other), "go").returncode == 0
    assert (other / "here.txt").read_text() == "x"


def test_a_huge_prompt_from_a_file_arrives_whole(bench: Bench) -> None:
    text = "".join(f"line {n} of a long prompt\n" for n in range(60_000))
    (bench.workspace / "prompt.md").write_text(text)
    bench.play({"text": "x"})
    assert bench.exec("-f", "prompt.md").returncode == 0
    assert text.strip() in json.dumps(bench.server.requests[0]["body"]["messages"]).encode().decode(
        "unicode_escape"
    )


@pytest.mark.parametrize("argv", [[], ["-"]])
def test_the_prompt_comes_from_standard_input(argv: list[str], bench: Bench) -> None:
    bench.play({"text": "x"})
    assert bench.exec(*argv, stdin="a prompt from a pipe").returncode == 0
    assert "a prompt from a pipe" in json.dumps(bench.server.requests[0]["body"]["messages"])


def test_a_megabyte_of_answer_is_printed_whole(bench: Bench) -> None:
    bench.play({"text_bytes": 1_000_000})
    done = bench.exec("go")
    assert done.returncode == 0
    assert len(done.stdout.strip()) >= 999_000


def test_thinking_is_not_part_of_the_answer(bench: Bench) -> None:
    bench.play({"thinking": "hmm", "text": "yes"})
    assert bench.exec("go").stdout == "yes\n"


def test_parallel_calls_of_one_answer_each_get_their_result(bench: Bench) -> None:
    for name in "bcd":
        (bench.workspace / f"{name}.txt").write_text(f"content of {name}")
    bench.play(
        {"calls": [{"name": "Read", "arguments": {"file_path": f"{name}.txt"}} for name in "bcd"]},
        {"text": "x"},
    )
    assert bench.exec("go").returncode == 0
    results = bench.tool_results()
    assert [
        name for name, result in zip("bcd", results, strict=True) if f"content of {name}" in result
    ] == list("bcd")


MISBEHAVIOURS: list[tuple[str, list[dict[str, Any]], str]] = [
    ("rate limited twice", [{"status": 429, "retry_after": 0, "repeat": 2}], ""),
    ("a server error", [{"status": 500, "retry_after": 0}], ""),
    ("an error page", [{"status": 502, "html": True, "retry_after": 0}], ""),
    ("a stream cut in the text", [{"text": "half of it, then nothing more", "cut": "text"}], ""),
    ("a stream cut in a call", [{**call("Read", file_path="a.txt"), "cut": "call"}], ""),
    ("bytes that are no events", [{"text": "x", "garbage": "events"}], ""),
    ("bytes that are no text", [{"text": "x", "garbage": "bytes"}], ""),
    ("bytes that are not HTTP", [{"garbage": "http"}], ""),
    ("a connection that closes", [{"refuse": True}], ""),
    (
        "arguments that are no JSON",
        [{"calls": [{"name": "Read", "arguments": '{"file_path": "a.t'}]}],
        "JSON",
    ),
    ("arguments of the wrong type", [call("Read", file_path=["a.txt"])], "file_path"),
    ("a tool that does not exist", [call("Teleport", to="Mars")], "there is no such tool"),
]


@pytest.mark.parametrize(
    ("steps", "told"), [row[1:] for row in MISBEHAVIOURS], ids=[r[0] for r in MISBEHAVIOURS]
)
def test_a_model_that_misbehaves_once_does_not_end_the_run(
    steps: list[dict[str, Any]], told: str, bench: Bench
) -> None:
    bench.play(*steps, {"text": "recovered"})
    done = bench.exec("go")
    assert (done.returncode, done.stdout) == (0, "recovered\n"), done.stderr
    if told:
        (result,) = bench.tool_results()
        assert told in result


def test_a_run_needs_no_writable_workspace(bench: Bench) -> None:
    bench.play({"text": "x"})
    subprocess.run(["chmod", "-R", "a-w", str(bench.workspace)], check=True)
    try:
        assert bench.exec("go").returncode == 0
    finally:
        subprocess.run(["chmod", "-R", "u+w", str(bench.workspace)], check=True)


def test_a_home_that_cannot_be_written_is_told(bench: Bench) -> None:
    bench.play({"text": "x"})
    (bench.home / "sessions").write_text("a file where a folder should be")
    done = bench.exec("go")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(bench.home / "sessions") in done.stderr
    assert bench.server.requests == []
