import pytest

from droid.settings.trust_names import TooMuchToName, commands_of, names_of, names_of_script


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("./scripts/check.sh", "./scripts/check.sh"),
        ("scripts/check.sh --fast", "scripts/check.sh"),
        ("python tools/x.py", "tools/x.py"),
        ("node --require=./hook.js x.js", "./hook.js"),
        ("bash -c 'cd x && ./y.sh'", "./y.sh"),
        ("""bash -c "sh -c './deep.sh'" """, "./deep.sh"),
        ("true;./x.sh", "./x.sh"),
        ("true&&x/y.sh||z", "x/y.sh"),
        ("cat <in/a.txt >out", "in/a.txt"),
        ("$(scripts/which.sh) a", "scripts/which.sh"),
        ("`scripts/which.sh` a", "scripts/which.sh"),
        ('"$FACTORY_PROJECT_DIR"/.factory/hooks/x.sh', "./.factory/hooks/x.sh"),
        ("${FACTORY_PROJECT_DIR}/scripts/x.sh", "./scripts/x.sh"),
        ("${ROOT:-.}/scripts/x.sh", "./scripts/x.sh"),
        ('"$(pwd)/scripts/x.sh"', "./scripts/x.sh"),
        ('scr"ip"ts/x.sh', "scripts/x.sh"),
        (r"my\ scripts/x.sh", "my scripts/x.sh"),
        ("'my scripts/x.sh';", "my scripts/x.sh"),
        ("env A=scripts/x.sh run", "scripts/x.sh"),
        ("run 'unclosed scripts/x.sh", "scripts/x.sh"),
        ("# scripts/x.sh", "scripts/x.sh"),
        ("python -m tools.check --all", "tools/check.py"),
        ("python -m tools.check --all", "tools/check/__main__.py"),
        ("a:b/x.sh", "b/x.sh"),
        ("a\nb/x.sh\n", "b/x.sh"),
        ("ünï/cödé.sh", "ünï/cödé.sh"),
        ("my server.py", "my server.py"),
    ],
)
def test_a_path_in_a_command_is_found_whatever_is_around_it(command: str, name: str) -> None:
    assert name in names_of(command)


@pytest.mark.parametrize("command", ["", "--flag", "~/x.sh", "x" * 5000, "\ud800"])
def test_what_can_be_no_path_of_the_repository_is_none(command: str) -> None:
    assert not {command} & names_of(command)


def test_a_command_that_nobody_could_read_is_refused() -> None:
    with pytest.raises(TooMuchToName):
        names_of("x " * 40_000)


def test_words_within_words_end() -> None:
    command = "x.sh"
    for _ in range(12):
        command = f"sh -c {command!r}"
    assert "x.sh" in names_of(command)


def test_a_program_names_by_its_plain_words() -> None:
    assert {"./x.sh", "bin/y"} <= names_of_script("#!/bin/sh\n# it's open\n./x.sh && exec bin/y\n")


def test_texts_that_are_run_are_found_wherever_they_stand() -> None:
    value = {
        "hooks": {"Stop": [{"hooks": [{"type": "command", "command": "one"}]}]},
        "mcpServers": {
            "s": {"command": "two", "args": ["three"], "env": {"NODE_OPTIONS": "four"}, "url": "no"}
        },
        "environments": {"ci": {"hooks": {"Stop": [{"hooks": [{"command": "five"}]}]}}},
        "commandAllowlist": ["no"],
        "odd": {"command": [["six"], {"x": "seven"}, 8, None]},
    }
    assert set(commands_of(value)) == {"one", "two", "three", "four", "five", "six", "seven"}
