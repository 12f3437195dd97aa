"""Every exit code of `droid-lsp exec`, and the one line that tells why."""

import json
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.harness import MODEL, Bench, bench_in, call


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Bench]:
    with bench_in(tmp_path) as made:
        yield made


def told(bench: Bench, *argv: str, **more: Any) -> tuple[int, str]:
    """The exit code, and standard error, which must be one line of the program's."""
    done = bench.exec(*argv, **more)
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("droid-lsp: ")
    return done.returncode, done.stderr.strip()


def test_0_an_answer_is_all_that_is_printed(bench: Bench) -> None:
    bench.play({"text": "The answer,\nin two lines."})
    done = bench.exec("question")
    assert (done.returncode, done.stdout, done.stderr) == (0, "The answer,\nin two lines.\n", "")


def test_0_an_answer_that_was_cut_is_told(bench: Bench) -> None:
    bench.play({"text": "The answer is", "stop": "length"})
    done = bench.exec("question")
    assert (done.returncode, done.stdout) == (0, "The answer is\n")
    assert done.stderr == "warning: the answer was cut at the model's output limit\n"


def test_1_a_model_that_repeats_itself(bench: Bench) -> None:
    bench.play({**call("Read", file_path="a.txt"), "repeat": True})
    code, line = told(bench, "go")
    assert code == 1
    assert line == "droid-lsp: the model made the same Read call 3 times with the same result"


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        ([], "the prompt is empty; give it as an argument, with --file, or on standard input"),
        (["-f", "missing.md"], "the prompt cannot be read from missing.md: No such file or directory"),
        (["-s", "nosuchsession", "go"], "no session 'nosuchsession'"),
        (["--fork", "nosuchsession", "go"], "no session 'nosuchsession'"),
        (["--max-usd", "1", "-m", "unpriced", "go"], "the price of custom:unpriced is not known"),
    ],
)
def test_2_usage(argv: list[str], line: str, bench: Bench) -> None:
    settings = json.loads((bench.home / "settings.json").read_text())
    unpriced = {**settings["customModels"][0], "id": "custom:unpriced"}
    del unpriced["price"]
    bench.settings(customModels=[*settings["customModels"], unpriced])
    done = bench.exec(*argv)
    assert done.returncode == 2
    assert line in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert bench.server.requests == []


@pytest.mark.parametrize(
    ("settings", "argv", "line"),
    [
        ({}, ["-m", "nosuchmodel", "go"], "no model 'nosuchmodel'; configured are custom:fake"),
        ({}, ["--restrict-tools", "Reed", "go"], "no tool 'Reed'"),
        (
            {"maxAutonomyLevel": "low"},
            ["--auto", "high", "go"],
            "autonomy high is above maxAutonomyLevel low (user settings",
        ),
        (
            {"maxAutonomyLevel": "medium"},
            ["--skip-permissions-unsafe", "go"],
            "permissions cannot be skipped: maxAutonomyLevel is medium",
        ),
    ],
    ids=["model", "tool", "autonomy", "skip"],
)
def test_3_policy_refuses_before_anything_is_asked(
    settings: dict[str, Any], argv: list[str], line: str, bench: Bench
) -> None:
    bench.settings(**settings)
    code, said = told(bench, *argv)
    assert code == 3
    assert line in said
    assert bench.server.requests == []


def test_what_could_not_begin_is_an_object_as_well(bench: Bench) -> None:
    done = bench.exec("-m", "nosuchmodel", "-o", "json", "go")
    printed = json.loads(done.stdout)
    assert (done.returncode, printed["subtype"], printed["is_error"]) == (3, "error_policy", True)
    assert done.stderr == f"droid-lsp: {printed['result']}\n"


def test_3_a_call_that_needs_a_person_ends_the_run(bench: Bench) -> None:
    bench.play(
        {
            "calls": [
                {"name": "Execute", "arguments": {"command": "touch b.txt"}},
                {"name": "Execute", "arguments": {"command": "echo later > c.txt"}},
            ]
        },
        {"text": "never asked"},
    )
    done = bench.exec("go", "-o", "json")
    assert done.returncode == 3
    printed = json.loads(done.stdout)
    assert printed["subtype"] == "error_policy"
    assert "Execute needs a person" in printed["result"]
    assert [denial["input"]["command"] for denial in printed["denials"]] == ["touch b.txt"]
    assert len(bench.server.requests) == 1
    assert bench.files() == {"a.txt": "one\ntwo\n"}
    line = done.stderr.splitlines()[-1]
    assert line.startswith("droid-lsp: Execute needs a person: ")
    risk = printed["denials"][0]["risk"]
    assert line.endswith(f"; --auto {risk} allows it, --on-ask continue goes on without it")
    again = bench.exec("-s", printed["session_id"], "--auto", "high", "go on")
    assert (again.returncode, again.stdout) == (0, "never asked\n"), again.stderr


def test_0_with_on_ask_continue_the_denial_goes_to_the_model(bench: Bench) -> None:
    bench.play(call("Execute", command="touch b.txt"), {"text": "I could not."})
    done = bench.exec("go", "--on-ask", "continue", "-o", "json")
    assert done.returncode == 0
    printed = json.loads(done.stdout)
    assert printed["result"] == "I could not."
    assert [denial["tool"] for denial in printed["denials"]] == ["Execute"]
    (result,) = bench.tool_results()
    assert "Denied" in result
    assert bench.files() == {"a.txt": "one\ntwo\n"}


@pytest.mark.parametrize(
    ("step", "line"),
    [
        ({"status": 401}, "401"),
        ({"status": 403}, "403"),
        ({"status": 404}, "404"),
        ({"status": 400, "message": "temperature is out of range"}, "temperature is out of range"),
        ({"status": 500, "retry_after": 0, "repeat": True}, "gave up after 6 attempts"),
        ({"status": 429, "retry_after": 0, "repeat": True}, "gave up after 6 attempts"),
        ({"status": 429, "retry_after": 3600, "repeat": True}, "429"),
        ({"status": 502, "html": True, "retry_after": 0, "repeat": True}, "502"),
        ({"text": "", "stop": "refusal"}, "refus"),
    ],
    ids=["401", "403", "404", "400", "500", "429", "429-in-an-hour", "html", "refusal"],
)
def test_4_the_provider(step: dict[str, Any], line: str, bench: Bench) -> None:
    bench.play(step)
    code, said = told(bench, "go")
    assert code == 4
    assert line in said
    assert "<html" not in said
    assert "key-of-the-fake" not in said


def test_4_nobody_listens_there(bench: Bench) -> None:
    settings = json.loads((bench.home / "settings.json").read_text())
    settings["customModels"][0]["baseUrl"] = "http://127.0.0.1:9/v1"
    (bench.home / "settings.json").write_text(json.dumps(settings))
    code, said = told(bench, "go")
    assert code == 4
    assert "127.0.0.1:9" in said


@pytest.mark.parametrize(
    ("argv", "line"),
    [
        (["--max-turns", "2"], "the limit of 2 model requests is reached"),
        (["--max-tokens", "1500"], "the limit of 1500 tokens is reached"),
        (["--max-usd", "1.5"], "the limit of $1.5 is reached"),
        (["--time-limit", "1s"], "the time limit of 1 s is reached"),
    ],
)
def test_5_a_budget_ends_the_run_and_the_session_goes_on(argv: list[str], line: str, bench: Bench) -> None:
    slow = {"delay_s": 0.6} if "--time-limit" in argv else {}
    bench.play(*({**call("Read", file_path="a.txt", limit=n), **slow} for n in range(1, 9)))
    done = bench.exec("go", *argv, "-o", "json")
    assert done.returncode == 5
    assert line in done.stderr
    printed = json.loads(done.stdout)
    assert printed["subtype"] == "error_budget"
    assert f"droid-lsp exec -s {printed['session_id']}" in done.stderr
    bench.play({"text": "went on"})
    again = bench.exec("-s", printed["session_id"], "go on")
    assert (again.returncode, again.stdout) == (0, "went on\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{", "settings.json"),
        ('{"model": 3}', "model"),
        ('{"maxAutonomyLevel": "enormous"}', "maxAutonomyLevel"),
        ('{"customModels": [{"id": "custom:x"}]}', "customModels"),
    ],
    ids=["not JSON", "wrong type", "unknown value", "field missing"],
)
def test_6_settings_that_cannot_be_used(text: str, line: str, bench: Bench) -> None:
    (bench.home / "settings.json").write_text(text)
    code, said = told(bench, "go")
    assert code == 6
    assert line in said
    assert str(bench.home / "settings.json") in said


def test_6_no_model_at_all(bench: Bench) -> None:
    (bench.home / "settings.json").write_text("{}")
    code, said = told(bench, "go")
    assert code == 6
    assert "no model is configured: set ANTHROPIC_API_KEY or OPENAI_API_KEY" in said


def test_the_model_flag_chooses_among_those_configured(bench: Bench) -> None:
    bench.play({"text": "x"})
    assert bench.exec("-m", MODEL, "go").returncode == 0
    assert bench.server.requests[0]["body"]["model"] == "fake-model"
    assert bench.server.requests[0]["headers"]["authorization"] == "Bearer key-of-the-fake"
