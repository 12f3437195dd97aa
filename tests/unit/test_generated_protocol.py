"""The clients' copies of the protocol and its page are what `make generate` makes of the sources."""

import pytest
from generate.protocol import ROOT, outputs

OUTPUTS = outputs()


@pytest.mark.parametrize("path", OUTPUTS, ids=lambda path: path.name)
def test_nothing_has_drifted(path: object) -> None:
    """`make generate` writes these anew."""
    assert path.read_text(encoding="utf-8") == OUTPUTS[path], f"{path.relative_to(ROOT)}: run `make generate`"
