"""Whether a person is asked to trust a workspace, and what becomes of the answer."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from droid.app.trust_questions import NothingToTrust, TrustQuestions

LOOSE = {"commandAllowlist": ["make"]}


class Workspace:
    """A repository, and the home of who works in it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home" / ".factory"
        self.home.mkdir(parents=True)
        self.root = folder / "shop"
        (self.root / ".git").mkdir(parents=True)
        self.environ = {"HOME": str(self.home.parent), "FACTORY_HOME": str(self.home)}

    def write(self, value: Mapping[str, Any]) -> None:
        path = self.root / ".factory" / "settings.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(value))

    @property
    def questions(self) -> TrustQuestions:
        """As of another process."""
        return TrustQuestions(self.environ)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path.resolve())


def test_what_loosens_is_asked_about_until_it_is_trusted(workspace: Workspace) -> None:
    workspace.write(LOOSE)
    question = workspace.questions.due(workspace.root)
    assert question is not None
    assert question.root == workspace.root
    assert "allowed command:\n  make  (.factory/settings.json:1)" in question.short
    assert question.short == question.full
    workspace.questions.trust(question)
    assert workspace.questions.due(workspace.root) is None
    with pytest.raises(NothingToTrust, match="is trusted"):
        workspace.questions.question(workspace.root)
    workspace.write({"commandAllowlist": ["make", "npm"]})
    again = workspace.questions.due(workspace.root)
    assert again is not None
    assert again.sha256 != question.sha256


@pytest.mark.parametrize("value", [{}, {"commandDenylist": ["rm"]}, {"maxAutonomyLevel": "off"}])
def test_what_only_tightens_is_not_asked_about(workspace: Workspace, value: dict[str, Any]) -> None:
    workspace.write(value)
    assert workspace.questions.due(workspace.root) is None
    with pytest.raises(NothingToTrust, match="nothing in"):
        workspace.questions.question(workspace.root)


def test_a_no_holds_for_what_it_was_said_of(workspace: Workspace) -> None:
    workspace.write(LOOSE)
    question = workspace.questions.due(workspace.root)
    assert question is not None
    workspace.questions.decline(question)
    assert workspace.questions.due(workspace.root) is None
    # Who asks to be asked is asked.
    assert workspace.questions.question(workspace.root).sha256 == question.sha256
    workspace.write({"commandAllowlist": ["npm"]})
    assert workspace.questions.due(workspace.root) is not None


def test_never_again_holds_for_the_workspace(workspace: Workspace) -> None:
    workspace.write(LOOSE)
    question = workspace.questions.due(workspace.root)
    assert question is not None
    workspace.questions.decline(question, for_ever=True)
    workspace.write({"commandAllowlist": ["npm"]})
    assert workspace.questions.due(workspace.root) is None


def test_what_was_shown_is_trusted_and_nothing_that_came_after(workspace: Workspace) -> None:
    workspace.write(LOOSE)
    question = workspace.questions.due(workspace.root)
    assert question is not None
    workspace.write({"commandAllowlist": ["curl evil"]})
    workspace.questions.trust(question)
    asked = workspace.questions.due(workspace.root)
    assert asked is not None
    assert "curl evil" in asked.short


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"roots": 3}', b'{"roots": {"/x": 3}}', b"\xff", b"[" * 100_000]
)
def test_a_broken_memory_only_means_to_ask_again(workspace: Workspace, data: bytes) -> None:
    workspace.write(LOOSE)
    (workspace.home / "trust-declined.json").write_bytes(data)
    question = workspace.questions.due(workspace.root)
    assert question is not None
    workspace.questions.decline(question)
    assert workspace.questions.due(workspace.root) is None


def test_a_home_that_cannot_be_written_keeps_nobody_from_anything(workspace: Workspace) -> None:
    workspace.write(LOOSE)
    question = workspace.questions.due(workspace.root)
    assert question is not None
    (workspace.home / "trust-declined.json").mkdir()
    workspace.questions.decline(question)
    assert workspace.questions.due(workspace.root) is not None


def test_a_long_list_is_shortened_and_told_in_full(workspace: Workspace) -> None:
    workspace.write({"commandAllowlist": [f"make {'x' * 500} {number}" for number in range(40)]})
    question = workspace.questions.due(workspace.root)
    assert question is not None
    assert "… and 28 more (allowed command)" in question.short
    assert len(question.short) < 4_000
    assert question.full.count("make ") == 40


def test_characters_that_do_not_show_are_shown(workspace: Workspace) -> None:
    workspace.write({"commandAllowlist": ["ls \u202e"]})
    question = workspace.questions.due(workspace.root)
    assert question is not None
    assert "⟨U+202E⟩" in question.short
