"""Where a hook runs, wherever the agent has gone to."""

from pathlib import Path

import pytest
from tests.fakes.shop import Shop

from droid.settings.hook_place import definition_place, running_place


@pytest.mark.parametrize(
    ("command", "place"),
    [
        ("sh ci/guard.sh", "."),
        ("./ci/guard.sh --strict", "."),
        ("bash -c 'python3 ci/guard.sh'", "."),
        ('"$PWD"/ci/guard.sh', "."),
        ('"$FACTORY_PROJECT_DIR"/ci/guard.sh', "sub"),
        ("${FACTORY_PROJECT_DIR}/ci/guard.sh", "sub"),
        ("~/ci/guard.sh", "sub"),
        ("/opt/ci/guard.sh", "sub"),
        ("npm test", "sub"),
        ("prettier --check .", "sub"),
        ("cat ../a", "sub"),
        ("sh own.sh", "pkg"),
        ("sh planted.sh", "."),
        ("sh ci/guard.sh own.sh", "pkg"),
        ("x" * 100_000, "."),
    ],
)
def test_a_hook_runs_where_the_files_are_that_it_names(tmp_path: Path, command: str, place: str) -> None:
    root = Shop(tmp_path).root
    for name in ("ci/guard.sh", "pkg/own.sh", "sub/planted.sh", "sub/ci/guard.sh"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("exit 0")
    bases = [root / "pkg", root]
    assert running_place(command, cwd=root / "sub", bases=bases) == root / place
    assert running_place(command, cwd=root, bases=bases) == root


@pytest.mark.parametrize("name", ["hooks.json", "settings.json", "settings.local.json", "hooks/hooks.json"])
def test_a_definition_speaks_for_the_folder_of_its_factory_folder(name: str) -> None:
    assert definition_place(Path("/shop/pkg/.factory") / name) == Path("/shop/pkg")
