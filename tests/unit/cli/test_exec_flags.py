"""`droid-lsp exec`: what each flag becomes, and how mistakes are answered."""

from pathlib import Path

import pytest

from droid.cli.exec import parse
from droid.domain.levels import AutonomyLevel
from droid.headless.options import ExecOptions, Listing, OutputFormat


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("hello", {"prompt": "hello"}),
        ("-f p.md", {"prompt_file": Path("p.md")}),
        ("-", {"prompt": "-"}),
        ("--auto low p", {"prompt": "p", "auto": AutonomyLevel.LOW}),
        ("--auto high p", {"prompt": "p", "auto": AutonomyLevel.HIGH}),
        ("--skip-permissions-unsafe p", {"prompt": "p", "skip_permissions": True}),
        ("-s abc p", {"prompt": "p", "session_id": "abc"}),
        ("--session-id abc p", {"prompt": "p", "session_id": "abc"}),
        ("--fork abc p", {"prompt": "p", "fork_id": "abc"}),
        ("-m custom:x p", {"prompt": "p", "model": "custom:x"}),
        ("-r high p", {"prompt": "p", "reasoning_effort": "high"}),
        ("--restrict-tools Read,LS p", {"prompt": "p", "only_tools": ("Read", "LS")}),
        ("--disabled-tools Edit p", {"prompt": "p", "disabled_tools": ("Edit",)}),
        ("--additional-tools Edit, p", {"prompt": "p", "extra_tools": ("Edit",)}),
        ("--list-tools", {"listing": Listing.TOOLS}),
        ("--list-models", {"listing": Listing.MODELS}),
        ("--append-system-prompt x p", {"prompt": "p", "append_system_prompt": "x"}),
        ("--append-system-prompt-file x p", {"prompt": "p", "append_system_prompt_file": Path("x")}),
        ("-o json p", {"prompt": "p", "output": OutputFormat.JSON}),
        ("--output-format stream-json p", {"prompt": "p", "output": OutputFormat.STREAM_JSON}),
        ("--on-ask continue p", {"prompt": "p", "on_ask": "continue"}),
        ("--max-turns 3 p", {"prompt": "p", "max_turns": 3}),
        ("--max-tokens 1000 p", {"prompt": "p", "max_tokens": 1000}),
        ("--max-usd 0.5 p", {"prompt": "p", "max_usd": 0.5}),
        ("--time-limit 90 p", {"prompt": "p", "time_limit_s": 90}),
        ("--time-limit 1.5m p", {"prompt": "p", "time_limit_s": 90}),
        ("--time-limit 2h p", {"prompt": "p", "time_limit_s": 7200}),
        ("--dry-run p", {"prompt": "p", "dry_run": True}),
        (f"--trust-hash {'aB' * 32} p", {"prompt": "p", "trust_hash": "ab" * 32}),
        ("--cwd / p", {"prompt": "p", "workspace": Path("/")}),
        ("-- --prompt-like-a-flag", {"prompt": "--prompt-like-a-flag"}),
    ],
)
def test_a_flag_becomes_its_option_and_nothing_else(flags: str, expected: dict[str, object]) -> None:
    assert parse(flags.split()) == ExecOptions(**{"workspace": Path.cwd(), **expected})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ("--nonsense", "unrecognized arguments: --nonsense"),
        ("--max-t 3 p", "unrecognized arguments: --max-t"),
        ("a b", "unrecognized arguments: b"),
        ("--trust-hash abc p", "--trust-hash: 'abc' is not a SHA-256 of 64 hexadecimal digits"),
        ("--auto max p", "--auto: invalid choice: 'max'"),
        ("--auto off p", "--auto: invalid choice: 'off'"),
        ("-o xml p", "invalid choice: 'xml'"),
        ("-o stream-jsonrpc p", "invalid choice: 'stream-jsonrpc'"),
        ("-r extreme p", "invalid choice: 'extreme'"),
        ("--on-ask perhaps p", "invalid choice: 'perhaps'"),
        ("--max-turns 0 p", "--max-turns: '0' is not above zero"),
        ("--max-turns -1 p", "--max-turns: '-1' is not above zero"),
        ("--max-turns many p", "--max-turns: invalid whole number value: 'many'"),
        ("--max-usd nan p", "--max-usd: 'nan' is not above zero"),
        ("--max-usd inf p", "--max-usd: 'inf' is not above zero"),
        ("--time-limit soon p", "--time-limit: 'soon' is not a time such as 90, 90s, 15m or 2h"),
        ("--time-limit 0s p", "--time-limit: '0' is not above zero"),
        ("--cwd /nowhere/at/all p", "--cwd: '/nowhere/at/all' is not a folder"),
        ("-s a --fork b p", "--session-id and --fork exclude each other"),
        ("-m", "expected one argument"),
        (["--restrict-tools", "", "p"], "--restrict-tools: no name is given"),
        (["--disabled-tools", " , ", "p"], "--disabled-tools: no name is given"),
        (["-m", "", "p"], "--model: nothing is given"),
        (["-s", " ", "p"], "--session-id: nothing is given"),
        ("--worktree p", "unrecognized arguments: --worktree"),
    ],
)
def test_a_mistake_is_one_line_with_where_to_look_and_exit_code_2(
    flags: str | list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(flags.split() if isinstance(flags, str) else flags)
    assert stopped.value.code == 2
    line = capsys.readouterr().err
    assert told in line
    assert line.endswith("; see `droid-lsp exec --help`\n")
    assert line.count("\n") == 1
