"""What a client can do, read off what it sends."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from droid.lsp.negotiation import (
    Approval,
    ClientProfile,
    DroidClient,
    Review,
    Transcript,
    answer_to,
    profile_of,
)

CLIENTS = Path(__file__).parents[2] / "data" / "clients"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("name", "profile"),
    [
        (
            "vscode",
            ClientProfile(
                name="code-server",
                apply_edit=True,
                versioned_edits=True,
                review=Review.ANNOTATED,
                show_document=True,
                progress=True,
                code_action_literals=True,
                refresh_lenses=True,
                diagnostics=True,
                unnecessary_tag=True,
                related_information=True,
                watch_files=True,
                refresh_hints=True,
                markdown_hover=True,
                markdown_completion=True,
                symbol_tree=True,
            ),
        ),
        (
            "neovim",
            ClientProfile(
                name="Neovim",
                apply_edit=True,
                versioned_edits=True,
                show_document=True,
                progress=True,
                code_action_literals=True,
                diagnostics=True,
                unnecessary_tag=True,
                related_information=True,
                watch_files=False,
                refresh_hints=True,
                markdown_hover=True,
                markdown_completion=True,
                symbol_tree=True,
            ),
        ),
        (
            "eglot",
            ClientProfile(
                apply_edit=True,
                versioned_edits=True,
                code_action_literals=True,
                diagnostics=True,
                unnecessary_tag=True,
                watch_files=True,
                symbol_tree=True,
            ),
        ),
        (
            "helix",
            ClientProfile(
                apply_edit=True,
                versioned_edits=True,
                show_document=True,
                progress=True,
                code_action_literals=True,
                diagnostics=True,
                unnecessary_tag=True,
                diagnostic_versions=True,
                watch_files=True,
                markdown_hover=True,
            ),
        ),
        (
            "lsp4ij",
            ClientProfile(
                apply_edit=True,
                versioned_edits=True,
                show_document=True,
                progress=True,
                code_action_literals=True,
                refresh_lenses=True,
                diagnostics=True,
                unnecessary_tag=True,
                related_information=True,
                watch_files=True,
                refresh_hints=True,
                markdown_hover=True,
                markdown_completion=True,
                symbol_tree=True,
            ),
        ),
    ],
)
def test_a_real_client_is_what_it_declares(name: str, profile: ClientProfile) -> None:
    params = json.loads((CLIENTS / f"{name}.json").read_text(encoding="utf-8"))["initialize"]
    found = profile_of(params)
    assert found == replace(profile, name=profile.name or found.name)


def test_a_client_that_declares_nothing_can_do_nothing() -> None:
    assert profile_of({}) == ClientProfile()


DECLARED = {
    "api": 1,
    "editor": {"name": "ed", "version": "2"},
    "transcript": "stream",
    "review": "hunk",
    "approval": "rich",
    "input": True,
    "status": True,
    "sessions": True,
    "save": True,
}


@pytest.mark.parametrize(
    "params",
    [
        {"capabilities": {"experimental": {"droid": DECLARED}}},
        {"initializationOptions": {"droid": DECLARED}, "capabilities": {"experimental": None}},
    ],
)
def test_a_client_declares_what_more_it_can_do(params: dict[str, Any]) -> None:
    assert profile_of(params).droid == DroidClient(
        declared=True,
        editor="ed 2",
        transcript=Transcript.STREAM,
        review=Review.HUNK,
        approval=Approval.RICH,
        input=True,
        status=True,
        sessions=True,
        save=True,
    )


@pytest.mark.parametrize("api", [0, -1, "1", None, True, 1.5, [], {}])
def test_without_a_version_of_the_interface_nothing_is_declared(api: object) -> None:
    params = {"capabilities": {"experimental": {"droid": {**DECLARED, "api": api}}}}
    assert profile_of(params).droid == DroidClient()


@given(st.dictionaries(st.sampled_from(list(DECLARED)), JSON), JSON, JSON)
def test_whatever_is_declared_is_read_without_surprise(droid: Any, options: Any, capabilities: Any) -> None:
    profile_of({"initializationOptions": options, "capabilities": capabilities, "clientInfo": options})
    found = profile_of({"initializationOptions": {"droid": {"api": 1, **droid}}})
    assert isinstance(found.droid, DroidClient)
    assert json.dumps(answer_to(found, version="1", methods=[]))


def test_the_answer_claims_no_more_than_is_served() -> None:
    declared = {"api": 1, "transcript": "content"}
    profile = profile_of({"capabilities": {"experimental": {"droid": declared}}})
    answer = answer_to(profile, version="1", methods=["droid/prompt"])
    assert (answer["transcript"], answer["review"]) == ("file", "file")
    assert answer["methods"] == ["droid/prompt"]


_ANNOTATES: dict[str, Any] = {"documentChanges": True, "changeAnnotationSupport": {}}


@pytest.mark.parametrize(
    ("name", "declared", "edits", "served"),
    [
        ("Neovim", {"api": 1, "review": "hunk"}, {}, "hunk"),
        ("Neovim", None, _ANNOTATES, "file"),
        ("helix", {"api": 1, "review": "file"}, _ANNOTATES, "file"),
        ("Emacs", {"api": 1, "review": "annotated"}, _ANNOTATES, "annotated"),
        ("Emacs", {"api": 1, "review": "annotated"}, {"documentChanges": True}, "file"),
        ("Visual Studio Code", None, _ANNOTATES, "annotated"),
        ("Visual Studio Code", None, {"changeAnnotationSupport": {}}, "file"),
        ("Visual Studio Code", {"api": 1, "review": "file"}, _ANNOTATES, "file"),
        ("Visual Studio Code", {"api": 0, "review": "hunk"}, _ANNOTATES, "annotated"),
    ],
)
def test_changes_are_reviewed_as_the_client_can_show_them(
    name: str, declared: dict[str, Any] | None, edits: dict[str, Any], served: str
) -> None:
    workspace = {"applyEdit": True, "workspaceEdit": edits}
    capabilities = {"workspace": workspace, **({"experimental": {"droid": declared}} if declared else {})}
    profile = profile_of({"clientInfo": {"name": name}, "capabilities": capabilities})
    assert answer_to(profile, version="1", methods=[])["review"] == served
