"""`droid-lsp sessions` and `droid-lsp doctor`, on sessions that `exec` made."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest
from tests.e2e.harness import Bench, bench_in, call


@pytest.fixture
def bench(tmp_path: Path) -> Generator[Bench]:
    with bench_in(tmp_path) as made:
        yield made


def new_session(bench: Bench, prompt: str, answer: str) -> str:
    bench.play({"text": answer})
    done = bench.exec("-o", "json", prompt)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["session_id"]


def test_the_list_has_the_latest_first_and_one_line_each(bench: Bench) -> None:
    first = new_session(bench, "about cats", "meow")
    second = new_session(bench, "about dogs", "woof")
    listed = json.loads(bench.run("sessions", "list", "--json").stdout)
    assert [session["id"] for session in listed] == [second, first]
    assert listed[0]["title"] == "about dogs"
    assert listed[0]["turns"] == 1
    lines = bench.run("sessions", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [second, first]


def test_other_folders_are_listed_only_when_asked(bench: Bench, tmp_path: Path) -> None:
    new_session(bench, "here", "x")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    assert json.loads(bench.run("sessions", "list", "--json", "--cwd", str(elsewhere)).stdout) == []
    everywhere = bench.run("sessions", "list", "--json", "--all", "--cwd", str(elsewhere))
    assert len(json.loads(everywhere.stdout)) == 1
    empty = bench.run("sessions", "list", "--cwd", str(elsewhere))
    assert (empty.returncode, empty.stdout) == (0, "")
    assert "--all" in empty.stderr


def test_a_session_is_shown_searched_renamed_exported_forked_and_deleted(
    bench: Bench, tmp_path: Path
) -> None:
    session = new_session(bench, "where do quokkas live?", "On Rottnest Island.")
    short = session[:9]
    shown = bench.run("sessions", "show", short)
    assert "> where do quokkas live?" in shown.stdout
    assert "On Rottnest Island." in shown.stdout
    (hit,) = json.loads(bench.run("sessions", "search", "rottnest", "--json").stdout)
    assert hit["session_id"] == session
    assert bench.run("sessions", "search", "platypus").stdout == ""
    assert bench.run("sessions", "rename", short, "Marsupials", "of", "note").returncode == 0
    assert json.loads(bench.run("sessions", "list", "--json").stdout)[0]["title"] == "Marsupials of note"
    markdown = bench.run("sessions", "export", short).stdout
    assert "Marsupials of note" in markdown
    file = tmp_path / "out.json"
    assert bench.run("sessions", "export", short, "--format", "json", "-o", str(file)).returncode == 0
    assert json.loads(file.read_text())["records"][0]["session_id"] == session
    fork = bench.run("sessions", "fork", short).stdout.strip()
    assert fork != session
    assert json.loads(bench.run("sessions", "show", fork, "--json").stdout)["parent"] == session
    bench.play({"text": "went on"})
    assert bench.exec("-s", fork, "go on").stdout == "went on\n"
    assert bench.run("sessions", "delete", session).returncode == 0
    left = json.loads(bench.run("sessions", "list", "--json").stdout)
    assert [entry["id"] for entry in left] == [fork]


@pytest.mark.parametrize(
    ("argv", "code", "line"),
    [
        (["show", "nosuch"], 2, "no session 'nosuch'"),
        (["export", "../../etc/passwd"], 2, "no session"),
        (["delete", "nosuch"], 2, "no session 'nosuch'"),
        (["explode"], 2, "invalid choice: 'explode'"),
        ([], 2, "ACTION"),
        (["list", "--bad"], 2, "unrecognized arguments: --bad"),
        (["search"], 2, "WORD"),
    ],
)
def test_mistakes_are_one_line(argv: list[str], code: int, line: str, bench: Bench) -> None:
    done = bench.run("sessions", *argv)
    assert done.returncode == code
    assert line in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_export_that_cannot_be_written_is_told(bench: Bench) -> None:
    session = new_session(bench, "x", "y")
    done = bench.run("sessions", "export", session, "-o", "/nowhere/at/all")
    assert done.returncode == 2
    assert done.stderr == "droid-lsp: cannot write /nowhere/at/all: No such file or directory\n"


def test_a_long_list_into_a_reader_that_leaves(bench: Bench) -> None:
    session = new_session(bench, "x", "a long answer " * 20_000)
    done = subprocess.run(
        f"{sys.executable} -m droid sessions export {session} | head -1; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=bench.workspace,
        env=bench.env,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def checks(bench: Bench, *flags: str, code: int = 0) -> dict[str, dict[str, str]]:
    done = bench.run("doctor", "--json", *flags)
    assert done.returncode == code, done.stdout + done.stderr
    return {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_a_machine_in_order(bench: Bench) -> None:
    found = checks(bench, "--network")
    wanted = (
        "droid-lsp",
        "python",
        "commands",
        "bash",
        "git",
        "ripgrep",
        "home",
        "sessions",
        "settings",
        "models",
    )
    assert {name: found[name]["status"] for name in (*wanted, "address")} == dict.fromkeys(
        (*wanted, "address"), "ok"
    )
    assert found["sandbox"]["status"] == "warn"
    assert "none" in found["sandbox"]["detail"]
    assert bench.server.requests == []
    text = bench.run("doctor").stdout
    assert "✓ ok   git" in text
    assert "→ " in text
    assert "key-of-the-fake" not in text


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ("{", "settings"),
        ('{"maxAutonomyLevel": 7}', "settings"),
        ("{}", "models"),
        ('{"model": "x"}', "models"),
    ],
)
def test_a_configuration_that_cannot_work_is_exit_code_6_with_its_mend(
    settings: str, name: str, bench: Bench
) -> None:
    (bench.home / "settings.json").write_text(settings)
    found = checks(bench, code=6)[name]
    assert found["status"] == "fail"
    assert found["mend"]


def test_programs_that_are_missing_are_told(bench: Bench, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    done = bench.run("doctor", "--json", env={"PATH": str(empty)})
    assert done.returncode == 1
    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert (found["bash"]["status"], found["git"]["status"]) == ("fail", "warn")
    assert "install bash" in found["bash"]["mend"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root can write everywhere")
def test_a_home_that_cannot_be_written(bench: Bench) -> None:
    bench.home.chmod(0o500)
    try:
        assert checks(bench, code=1)["home"]["status"] == "fail"
    finally:
        bench.home.chmod(0o700)


def test_a_home_that_others_can_write(bench: Bench) -> None:
    bench.home.chmod(0o777)
    found = checks(bench, code=1)["home"]
    assert found["status"] == "fail"
    assert found["mend"] == f"chmod go-w {bench.home}"


def test_a_damaged_index_is_no_reason_to_worry(bench: Bench) -> None:
    new_session(bench, "x", "y")
    bench.run("sessions", "list")
    (bench.home / "sessions" / "index.db").write_bytes(b"garbage" * 1000)
    assert checks(bench)["sessions"]["status"] == "ok"


def test_an_address_that_does_not_answer(bench: Bench) -> None:
    settings = json.loads((bench.home / "settings.json").read_text())
    settings["customModels"][0]["baseUrl"] = "http://127.0.0.1:9/v1"
    (bench.home / "settings.json").write_text(json.dumps(settings))
    found = checks(bench, "--network", code=1)["address"]
    assert "http://127.0.0.1:9/v1 cannot be reached" in found["detail"]


def test_what_is_stored_is_private(bench: Bench) -> None:
    bench.play(call("Read", file_path="a.txt"), {"text": "x"})
    assert bench.exec("go").returncode == 0
    for path in [bench.home / "sessions", *(bench.home / "sessions").rglob("*")]:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_session_goes_back_to_before_a_turn(bench: Bench) -> None:
    path = bench.workspace / "a.txt"
    before = path.read_text()
    bench.play(call("Execute", command="echo more >> a.txt; echo x > made"), {"text": "done"})
    done = bench.exec("-o", "json", "--auto", "high", "change it")
    assert done.returncode == 0, done.stderr
    session = json.loads(done.stdout)["session_id"]
    listed = json.loads(bench.run("sessions", "checkpoints", session, "--json").stdout)
    assert [(one["turn"], one["prompt"], one["paths"]) for one in listed] == [
        ("t1", "change it", ["a.txt", "made"])
    ]
    assert "change it" in bench.run("sessions", "checkpoints", session).stdout
    refused = bench.run("sessions", "rewind", session, "t1")
    assert refused.returncode != 0
    assert "--yes" in refused.stderr
    assert path.read_text() != before
    back = bench.run("sessions", "rewind", session[:9], "t1", "--both", "--yes")
    assert back.returncode == 0, back.stderr
    assert "delete" in back.stderr
    assert path.read_text() == before
    assert not (bench.workspace / "made").exists()
    assert [event["type"] for event in bench.events()][-2:] == ["files_restored", "rewound"]
    assert json.loads(bench.run("sessions", "checkpoints", session, "--json").stdout) == []
    unknown = bench.run("sessions", "rewind", session, "t7", "--files", "--yes")
    assert unknown.returncode != 0
    assert "no turn 't7'" in unknown.stderr
