"""The extension in a real VS Code: code-server, with Chromium in front of it.

The tests inside the extension host are `vscode-client/test/host`; here each of them is a test of its own.
All of them share one editor, which is started once.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.editors.desk import ROOT, Desk, desk_in, program
from tests.editors.vscode_desk import EXTENSION, Outcome, drive, names_in

pytestmark = pytest.mark.editors

IN_HOST = names_in(EXTENSION / "test" / "host")
DROID = str(Path(sys.executable).parent / "droid-lsp")


def variables(desk: Desk) -> dict[str, str]:
    """What the editor's programs are told beside the desk's own environment."""
    return {"DROID_VSCODE_RIG": str(ROOT / ".cache" / "vscode"), "DROID_TEST_MODEL": desk.model.url}


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
