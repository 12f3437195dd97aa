"""VS Code on a desk: its programs run on the real server, and each thing they tell becomes a test's result.

They print TAP: `ok 1 - what holds`, `not ok 2 - what does not`, and `# why` after a failure.
"""

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.editors.desk import HERE, ROOT, Desk, program

EXTENSION = ROOT / "vscode-client"
_LINE = re.compile(r"^(not )?ok \d+ - (.+?)\s*$")
# How long a program may take to end its processes once it is told to.
_LEAVING_S = 15


@dataclass(slots=True, kw_only=True)
class Told:
    """What one test said.

    Attributes:
        why: The lines that followed a failure, for a person.
    """

    held: bool
    why: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a program that drives VS Code left behind.

    Attributes:
        tests: By name, in the order in which they ended.
        output: All that it printed, and the end of the editor's log.
    """

    exit_code: int | None
    tests: Mapping[str, Told]
    output: str = field(repr=False)

    def check(self, name: str) -> None:
        """That this test ran, and held."""
        told = self.tests.get(name)
        assert told is not None, f"it did not run; exit code {self.exit_code}\n{self.output[-8000:]}"
        assert told.held, "\n".join(told.why) or self.output[-8000:]


def read(lines: Sequence[str]) -> dict[str, Told]:
    """TAP, as far as it is used here."""
    tests: dict[str, Told] = {}
    last: Told | None = None
    for line in lines:
        if found := _LINE.match(line):
            last = tests[found[2]] = Told(held=not found[1])
        elif last and not last.held:
            last.why.append(line)
    return tests


def drive(
    desk: Desk, script: str, arguments: Sequence[str], *, limit_s: float, env: Mapping[str, str]
) -> Outcome:
    """Run one of the programs in `vscode/` to its end; none of its processes is left, whatever happens."""
    command = [program("node"), str(HERE / "vscode" / script), *arguments]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**desk.env, **env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        process.terminate()  # it ends the editor and the browser, which have sessions of their own
        try:
            output, _ = process.communicate(timeout=_LEAVING_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
        output += f"\n# stopped after {limit_s} s"
    log = desk.home / "editor" / "code-server.log"
    tail = log.read_text(errors="replace")[-3000:] if log.exists() else ""
    return Outcome(
        exit_code=process.returncode,
        tests=read(output.splitlines()),
        output=f"{output}\n--- code-server.log\n{tail}",
    )


def package(folder: Path) -> Path:
    """The extension as users get it."""
    archive = folder / "droid.vsix"
    flags = ["--no-dependencies", "--skip-license", "--allow-missing-repository"]
    command = [program("npx"), "--no-install", "vsce", "package", *flags, "--out", str(archive)]
    done = subprocess.run(
        command,
        cwd=EXTENSION,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout
    return archive


def names_in(*sources: Path) -> list[str]:
    """The tests that sources name, as `test('…'` or `step('…'`, in their order."""
    named = re.compile(r"^\s*(?:await )?(?:test|step)\(\s*(['\"`])(.+?)(?<!\\)\1", re.MULTILINE)
    return [
        found[2].replace("\\'", "'")
        for path in sources
        for found in named.finditer(path.read_text(encoding="utf-8"))
    ]
