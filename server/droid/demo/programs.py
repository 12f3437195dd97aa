"""Git and the sample's tests, run by the demonstration itself, to see for itself."""

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from droid.app.parts import process_runner
from droid.demo.task import TEST_COMMAND
from droid.domain.errors import ToolFailed
from droid.domain.processes import ProcessRequest

_PROGRAM_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRun:
    """What the tests said; `failures` are their names with the last line of each."""

    __test__ = False  # not a test itself, whatever its name says

    green: bool
    summary: str
    failures: tuple[str, ...]


class Programs:
    """Runs programs in the sample repository; ended by `aclose`."""

    def __init__(self, env: dict[str, str]) -> None:
        self._runner = process_runner()
        self._env = env

    async def aclose(self) -> None:
        await self._runner.aclose()

    async def run(self, folder: Path, *argv: str) -> tuple[int, str]:
        """Run one to its end; returns exit code and output."""
        pieces: list[bytes] = []
        request = ProcessRequest(argv=argv, cwd=folder, env=self._env, timeout_s=_PROGRAM_S)
        result = await self._runner.run(request, pieces.append)
        return result.exit_code, b"".join(pieces).decode(errors="replace")

    async def test(self, folder: Path) -> TestRun:
        """Run the sample's tests."""
        code, output = await self.run(folder, *TEST_COMMAND.split())
        failures = re.findall(r"^(?:FAIL|ERROR): (\w+).*?^(\w*Error: .*?)$", output, re.MULTILINE | re.DOTALL)
        ran = re.search(r"^Ran (\d+) tests?", output, re.MULTILINE)
        count = int(ran[1]) if ran else 0
        failed = f"{len(failures)} of {count} tests {'fails' if len(failures) == 1 else 'fail'}"
        summary = f"all {count} tests pass" if code == 0 else failed
        return TestRun(
            green=code == 0 and count > 0,
            summary=summary,
            failures=tuple(f"{name}: {error}" for name, error in failures),
        )

    async def commit(self, folder: Path) -> bool:
        """Make the folder a repository with one commit; False where there is no git."""
        who = ("-c", "user.name=Droid demo", "-c", "user.email=demo@localhost", "-c", "commit.gpgsign=false")
        for argv in (
            ("init", "-q"),
            ("add", "-A"),
            (*who, "commit", "-q", "--no-verify", "-m", "A small shop"),
        ):
            try:
                code, _ = await self.run(folder, "git", *argv)
            except ToolFailed:
                return False
            if code:
                return False
        return True


def environment() -> dict[str, str]:
    """The environment of the demonstration's programs: this Python answers to `python3`."""
    return {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
