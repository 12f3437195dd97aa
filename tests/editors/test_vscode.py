"""The extension in a real VS Code: code-server, with Chromium in front of it.

The tests inside the extension host are `vscode-client/test/host`, and the journey of a person on the screen is
`vscode/journey.mjs`; here each of their tests and steps is a test of its own. Both start one editor, once.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.editors.desk import HERE, ROOT, Desk, desk_in, program
from tests.editors.journey_shop import write_shop
from tests.editors.vscode_desk import EXTENSION, Outcome, drive, names_in, package

pytestmark = pytest.mark.editors

JOURNEY = HERE / "vscode" / "journey.mjs"
PICTURES = ROOT / ".cache" / "journey"
IN_HOST = names_in(*sorted((EXTENSION / "test" / "host").glob("*.test.ts")))
STEPS = names_in(JOURNEY)
DROID = str(Path(sys.executable).parent / "droid-lsp")


def variables(desk: Desk) -> dict[str, str]:
    """What the editor's programs are told beside the desk's own environment."""
    return {
        "DROID_LSP": DROID,
        "DROID_TEST_MODEL": desk.model.url,
        "DROID_VSCODE_RIG": str(ROOT / ".cache" / "vscode"),
    }


@pytest.fixture(scope="module")
def in_host(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    subprocess.run([program("npm"), "run", "--silent", "host-tests"], cwd=EXTENSION, check=True, timeout=120)
    bundle = EXTENSION / "dist" / "test" / "host" / "index.js"
    with desk_in(tmp_path_factory.mktemp("vscode"), []) as desk:
        settings = json.dumps({"droid.server.path": DROID})
        arguments = [str(EXTENSION), str(bundle), str(desk.project), str(desk.home), settings]
        return drive(desk, "host_tests.mjs", arguments, limit_s=300, env=variables(desk))


@pytest.mark.parametrize("name", IN_HOST)
def test_in_the_extension_host(in_host: Outcome, name: str) -> None:
    in_host.check(name)


def test_all_that_ran_in_the_extension_host_is_named_here(in_host: Outcome) -> None:
    """Else a failure in a test whose name is put together would be seen by nobody."""
    assert set(in_host.tests) == set(IN_HOST), in_host.output[-8000:]
    assert in_host.exit_code == 0, in_host.output[-8000:]


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """With the extension installed from its package, as a user's is."""
    folder = tmp_path_factory.mktemp("journey")
    with desk_in(folder, []) as desk:
        settings = desk.home / ".factory" / "settings.json"
        given = json.loads(settings.read_text(encoding="utf-8"))
        settings.write_text(json.dumps({**given, "commandBlocklist": ["curl"]}), encoding="utf-8")
        shutil.rmtree(PICTURES, ignore_errors=True)
        arguments = [str(package(folder)), str(write_shop(folder)), str(desk.home), str(PICTURES)]
        return drive(desk, "journey.mjs", arguments, limit_s=420, env=variables(desk))


@pytest.mark.parametrize("step", STEPS)
def test_on_the_screen(journey: Outcome, step: str) -> None:
    journey.check(step)
