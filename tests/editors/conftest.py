"""Fixtures of the tests that drive real editors."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.editors.desk import Desk, SetUp, desk_in
from tests.fakes.model_server import Script


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[SetUp]:
    """Sets up a person's machine with a model that plays a script."""
    with ExitStack() as stack:

        def set_up(script: Script) -> Desk:
            return stack.enter_context(desk_in(tmp_path, script))

        yield set_up
