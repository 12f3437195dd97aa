"""The clients' copies of the protocol and its page are what `make generate` makes of the sources."""

import re
from pathlib import Path

import pytest
from generate.protocol import ROOT, outputs
from generate.protocol_example import EXAMPLE, Message
from tests.fakes.wire import misfits

from droid.lsp import protocol, protocol_results
from droid.lsp.protocol import ClientCapabilities, ServerCapabilities

OUTPUTS = outputs()


@pytest.mark.parametrize("path", OUTPUTS, ids=lambda path: path.name)
def test_nothing_has_drifted(path: Path) -> None:
    """`make generate` writes these anew."""
    assert path.read_text(encoding="utf-8") == OUTPUTS[path], f"{path.relative_to(ROOT)}: run `make generate`"


@pytest.mark.parametrize("message", [one for one in EXAMPLE if isinstance(one, Message) and one.wire])
def test_the_example_of_the_page_is_what_is_really_said(message: Message) -> None:
    wire = getattr(protocol, message.wire or "", None) or getattr(protocol_results, message.wire or "")
    assert misfits(message.body.get("params", message.body.get("result")), wire) == []


def test_what_the_example_declares_and_hears_is_of_its_type() -> None:
    asked, heard = [one.body for one in EXAMPLE if isinstance(one, Message)][:2]
    declared = asked["params"]["capabilities"]["experimental"]["droid"]
    assert misfits(declared, ClientCapabilities) == []
    assert misfits(heard["result"]["capabilities"]["experimental"]["droid"], ServerCapabilities) == []


def test_every_link_of_the_page_leads_somewhere() -> None:
    page = OUTPUTS[ROOT / "docs/protocol.md"]
    headings = re.findall(r"(?m)^#+ `?(.*?)`?$", page)
    anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}
    links = set(re.findall(r"\]\(#([^)]*)\)", page))
    assert links
    assert links <= anchors
