"""The pages on editors: what a reader copies is well-formed, and says what the server understands."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from droid.lsp.verbs import VERBS

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "editors"
LANGUAGES = {"toml": tomllib.loads, "json": json.loads}


def blocks(page: str, language: str) -> list[str]:
    text = (PAGES / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", sorted(path.name for path in PAGES.glob("*.md")))
def test_what_is_to_be_copied_is_well_formed(page: str) -> None:
    for language, parse in LANGUAGES.items():
        for block in blocks(page, language):
            parse(block)


def test_the_overview_links_every_page() -> None:
    text = (PAGES / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([a-z]+\.md)\)", text))
    assert linked == {path.name for path in PAGES.glob("*.md")} - {"README.md"}


def test_helix_is_given_one_server_in_each_language() -> None:
    (block,) = blocks("helix.md", "toml")
    settings = tomllib.loads(block)
    assert settings["language-server"]["droid"] == {"command": "droid-lsp"}
    listed: list[dict[str, Any]] = settings["language"]
    assert {one["name"] for one in listed} == {"python", "markdown", "json", "diff"}
    assert all(one["language-servers"][-1] == "droid" for one in listed)


def test_kate_is_given_only_keys_that_it_reads() -> None:
    (block,) = blocks("kate.md", "json")
    for server in json.loads(block)["servers"].values():
        assert server["command"] == ["droid-lsp"]
        assert server.keys() == {"command", "highlightingModeRegex", "rootIndicationFileNames"}
        re.compile(server["highlightingModeRegex"])


def test_the_entry_for_an_agent_is_called_what_it_is() -> None:
    """The page says that it does not work yet: once the verb is there, the page has to say otherwise."""
    from droid.cli import main

    text = (PAGES / "jetbrains.md").read_text(encoding="utf-8")
    assert ("does not speak it yet" in text) is ("acp" not in Path(main.__file__).read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", ["README", "emacs", "helix", "jetbrains", "kate", "zed"])
def test_commands_that_a_page_names_exist(page: str) -> None:
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    for command in re.findall(r"`(?:[a-z:-]+ )?(droid\.[a-z.A-Z]+)`", text):
        assert command in VERBS, command


def test_nobody_is_told_to_install_the_server_by_its_name() -> None:
    """On a public index, any package could bear it."""
    by_name = re.compile(r"\b(?:pipx?|uv|uvx|tool) (?:install |run )?(?:-\S+ )*droid-lsp\b(?![/.\[])")
    assert by_name.search("python3 -m pip install droid-lsp")
    assert by_name.search("uv tool install --force droid-lsp")
    places = [
        "README.md",
        "CONTRIBUTING.md",
        "changes",
        "docs",
        "neovim",
        "server/droid/app",
        "server/droid/lsp",
    ]
    places += [f"vscode-client/{name}" for name in ("README.md", "package.json", "media", "src")]
    files = [
        path
        for place in places
        for path in ([ROOT / place] if (ROOT / place).is_file() else (ROOT / place).rglob("*"))
        if path.suffix in {".md", ".json", ".lua", ".py", ".svg", ".ts", ".tsx", ".txt"}
    ]
    assert len(files) > 200
    found = [str(path) for path in files if by_name.search(path.read_text(encoding="utf-8"))]
    assert not found
