"""Fixtures of the tools' tests."""

from pathlib import Path

import pytest
from tests.unit.tools.workbench import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    root = tmp_path.resolve() / "work"
    root.mkdir()
    return Workbench(root=root)
