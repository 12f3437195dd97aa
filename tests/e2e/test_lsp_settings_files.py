"""The server as a language server for settings files: what an editor is shown, asked and given."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.e2e.harness import Bench, bench_in
from tests.e2e.lsp_bench import execute
from tests.fakes.lsp_client import DISMISS, LspClient, LspError

ORG = {
    "maxAutonomyLevel": "low",
    "customModels": [
        {"id": "custom:house", "model": "m", "provider": "generic-chat-completion-api", "baseUrl": "http://x"}
    ],
}


class Desk:
    """An editor with a settings file open.

    Attributes:
        org: The organisation's file.
    """

    def __init__(self, client: LspClient, bench: Bench, org: Path) -> None:
        self.client = client
        self.bench = bench
        self.org = org

    def open(self, text: str, name: str = "settings.json", folder: Path | None = None) -> Path:
        """Open a buffer that is not on disk."""
        path = (folder or self.bench.workspace / ".factory") / name
        self.client.open(path, text, language="json")
        return path

    def write(self, text: str, name: str = "settings.json", folder: Path | None = None) -> Path:
        path = (folder or self.bench.workspace / ".factory") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    async def diagnostics(self, path: Path, *codes: str, timeout_s: float = 30) -> list[dict[str, Any]]:
        """The last diagnostics of a file, once they have just these codes."""

        def find() -> list[list[dict[str, Any]]] | None:
            last = self.last(path)
            fits = last is not None and sorted(str(one["code"]) for one in last) == sorted(codes)
            return [last] if fits and last is not None else None

        try:
            (found,) = await self.client.until(find, timeout_s)
        except TimeoutError:
            raise AssertionError(f"{codes} expected, and there is {self.last(path)}") from None
        return found

    def last(self, path: Path) -> list[dict[str, Any]] | None:
        uri = path.as_uri()
        for message in reversed(self.client.received):
            is_about = message.get("method") == "textDocument/publishDiagnostics"
            if is_about and unquote(message["params"]["uri"]) == unquote(uri):
                return message["params"]["diagnostics"]
        return None

    async def at(self, method: str, path: Path, mark: str, **more: Any) -> Any:
        """Ask about the place just behind a mark."""
        buffer = self.client.buffer(path)
        position = self.client._position(buffer.text, buffer.text.index(mark) + len(mark))
        return await self.client.request(
            method, {"textDocument": {"uri": buffer.uri}, "position": position, **more}
        )

    async def complete(self, path: Path, mark: str) -> dict[str, dict[str, Any]]:
        found = await self.at("textDocument/completion", path, mark)
        return {one["label"]: one for one in found["items"]}

    def taken(self, path: Path, item: Mapping[str, Any]) -> str:
        """The buffer's text once a completion is taken."""
        buffer = self.client.buffer(path)
        self.client._apply(buffer, [item["textEdit"], *item.get("additionalTextEdits", ())])
        return buffer.text

    async def hover(self, path: Path, mark: str) -> str:
        found = await self.at("textDocument/hover", path, mark)
        return "" if found is None else found["contents"]["value"]

    async def hints(self, path: Path) -> list[str]:
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 10_000, "character": 0}}
        uri = {"uri": path.as_uri()}
        found = await self.client.request("textDocument/inlayHint", {"textDocument": uri, "range": whole})
        return [one["label"] for one in found]

    async def fixes(self, path: Path) -> dict[str, dict[str, Any]]:
        whole = {"start": {"line": 0, "character": 0}, "end": {"line": 10_000, "character": 0}}
        params = {
            "textDocument": {"uri": path.as_uri()},
            "range": whole,
            "context": {"diagnostics": [], "only": ["quickfix"]},
        }
        found = await self.client.request("textDocument/codeAction", params)
        return {one["title"]: one for one in found}

    def mended(self, path: Path, action: Mapping[str, Any]) -> str:
        """The buffer's text once a quick fix is taken."""
        edit = action["edit"]
        (edits,) = [one["edits"] for one in edit.get("documentChanges", ())] or edit["changes"].values()
        buffer = self.client.buffer(path)
        self.client._apply(buffer, edits)
        return buffer.text


@asynccontextmanager
async def desk_in(
    folder: Path,
    *,
    profile: str = "vscode",
    org: Mapping[str, Any] = ORG,
    droid: Mapping[str, Any] | None = None,
    before: Mapping[str, str] | None = None,
    **settings: Any,
) -> AsyncGenerator[Desk]:
    with bench_in(folder) as bench:
        bench.settings(**settings)
        bundle = folder / "bundle"
        bundle.mkdir()
        (bundle / "settings.json").write_text(json.dumps(org, indent=1))
        for name, text in (before or {}).items():
            path = bench.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        client = LspClient(
            bench.argv("serve"),
            root=bench.workspace,
            profile=profile,
            env={**bench.env, "DROID_ORG_BUNDLE": str(bundle), "HOUSE_KEY": "s3cr3t-of-the-house"},
            droid=droid,
            stderr=folder / "server.log",
        )
        async with client:
            await client.initialize()
            yield Desk(client, bench, bundle / "settings.json")
        assert "s3cr3t-of-the-house" not in json.dumps(client.received)


# --- diagnostics -----------------------------------------------------------------------------


async def test_what_is_wrong_with_a_buffer_is_said_while_it_is_written(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        path = desk.open('{"maxAutonomyLevel": "hi"}')
        (wrong,) = await desk.diagnostics(path, "schema")
        assert wrong["severity"] == 1
        assert wrong["message"] == "maxAutonomyLevel: must be one of off, low, medium, high"
        assert wrong["range"] == {"start": {"line": 0, "character": 21}, "end": {"line": 0, "character": 25}}
        buffer = desk.client.buffer(path)
        desk.client.change(buffer, buffer.text.index("hi"), 2, "off")
        assert await desk.diagnostics(path) == []
        desk.client.change(buffer, len(buffer.text) - 1, 1, "")
        (syntax,) = await desk.diagnostics(path, "syntax")
        assert "a comma or } is missing here" in syntax["message"]
        desk.client.close(path)
        assert await desk.diagnostics(path) == []


TABLE: list[tuple[str, str, dict[str, Any], str, int]] = [
    ("unknown-key", '{"modle": "x"}', {}, "unknown key modle; did you mean model?", 2),
    (
        "locked",
        '{"customModels": [{"id": "house", "model": "q", "provider": "openai", "baseUrl": "http://y"}]}',
        {"trusted": True},
        r"locked by org: .*/bundle/settings.json:\d+; this is ignored",
        2,
    ),
    ("looser", '{"maxAutonomyLevel": "high"}', {}, "has no effect: looser than org's: .*:2", 3),
    ("untrusted", '{"commandAllowlist": ["make"]}', {}, "ignored: this workspace is not trusted", 2),
    (
        "level",
        '{"telemetry": {"endpoint": "http://x"}}',
        {},
        "ignored: honoured only from org and user",
        2,
    ),
    (
        "secret",
        '{"network": {"searchProvider": {"kind": "brave", "apiKey": "abc"}}}',
        {"also": ["level"]},
        r"a secret in a settings file: .*write \$\{API_KEY\}",
        2,
    ),
    (
        "variable",
        '{"network": {"searchProvider": {"kind": "brave", "apiKey": "${NOT_SET}"}}}',
        {"also": ["level"]},
        "the environment variable NOT_SET is not set",
        3,
    ),
]


@pytest.mark.parametrize(
    ("code", "text", "more", "message", "severity"), TABLE, ids=[row[0] for row in TABLE]
)
async def test_each_kind_of_diagnostic(
    tmp_path: Path, code: str, text: str, more: dict[str, Any], message: str, severity: int
) -> None:
    async with desk_in(tmp_path) as desk:
        if more.get("trusted"):
            path = desk.write(text)
            assert desk.bench.run("trust", "--yes").returncode == 0
            desk.client.open(path, language="json")
        else:
            path = desk.open(text)
        found = await desk.diagnostics(path, code, *more.get("also", ()))
        (one,) = [one for one in found if one["code"] == code]
        assert re.search(message, one["message"])
        assert one["severity"] == severity
        assert one["source"] == "droid"
        assert one.get("tags") == ([1] if code == "looser" else None)


async def test_what_a_higher_level_sets_has_no_effect_below(tmp_path: Path) -> None:
    async with desk_in(tmp_path, before={".factory/settings.json": '{"model": "of-the-project"}'}) as desk:
        path = desk.bench.home / "settings.json"
        desk.client.open(path, language="json")
        found = await desk.diagnostics(path, "overridden", "secret")
        (one,) = [one for one in found if one["code"] == "overridden"]
        assert one["message"].startswith("has no effect: a higher level sets it: ")
        assert one["tags"] == [1]
        (related,) = one["relatedInformation"]
        assert related["location"]["uri"] == (desk.bench.workspace / ".factory/settings.json").as_uri()
        assert any(hint.startswith("← of-the-project, project: ") for hint in await desk.hints(path))


async def test_hooks_servers_and_front_matter_are_checked_too(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        hooks = desk.open('{"hooks": {"PreTolUse": []}}', "hooks.json")
        (one,) = await desk.diagnostics(hooks, "unknown-key")
        assert "did you mean PreToolUse?" in one["message"]
        inner = desk.open('{"PreToolUse": [{"matcher": 3, "hooks": []}]}', "hooks/hooks.json")
        await desk.diagnostics(inner, "schema")
        servers = desk.open('{"mcpServers": {"db": {"command": "x", "env": {"API_TOKEN": "t"}}}}', "mcp.json")
        await desk.diagnostics(servers, "secret", "untrusted")
        droid = desk.open("---\nname: Bad Name\nmodle: x\n---\nbody\n", "droids/a.md")
        await desk.diagnostics(droid, "schema", "unknown-key")
        skill = desk.open("---\nname: [\n---\n", "skills/x/SKILL.md")
        await desk.diagnostics(skill, "syntax")
        command = desk.open("---\ndescription: 3\n---\n", "commands/c.md")
        await desk.diagnostics(command, "schema")


async def test_what_changes_on_disk_shows_within_a_second(tmp_path: Path) -> None:
    """In every open settings document, whichever file it was."""
    async with desk_in(tmp_path, org={}) as desk:
        path = desk.open('{"maxAutonomyLevel": "high", "model": "here"}')
        assert await desk.diagnostics(path) == []
        began = time.monotonic()
        desk.org.write_text('{"maxAutonomyLevel": "medium"}')
        await desk.diagnostics(path, "looser")
        assert time.monotonic() - began < 20  # a second on an idle machine
        await desk.client.message("workspace/inlayHint/refresh")
        assert (await desk.hints(path))[0].startswith("← medium, org: ")


async def test_a_save_and_a_watched_file_are_looked_at_at_once(tmp_path: Path) -> None:
    async with desk_in(tmp_path, org={}) as desk:
        outer = desk.open('{"model": "outer"}')
        inner = desk.open('{"model": "inner"}', folder=desk.bench.workspace / "pkg" / ".factory")
        registered = await desk.client.message("client/registerCapability")
        (one,) = registered["params"]["registrations"]
        assert one["method"] == "workspace/didChangeWatchedFiles"
        assert {"globPattern": "**/.factory/**"} in one["registerOptions"]["watchers"]
        for path in (outer, inner):
            path.parent.mkdir(parents=True, exist_ok=True)
        desk.client.save(inner)
        desk.client.save(outer)
        await desk.diagnostics(inner, "overridden")


async def test_a_client_that_declares_nothing_gets_nothing(tmp_path: Path) -> None:
    with bench_in(tmp_path) as bench:
        (bench.workspace / ".factory").mkdir()
        client = LspClient(
            bench.argv("serve"), root=bench.workspace, env=bench.env, stderr=tmp_path / "server.log"
        )
        async with client:
            await client.initialize(capabilities={})
            path = bench.workspace / ".factory" / "settings.json"
            client.open(path, '{"modle": 1}', language="json")
            found = await client.request(
                "textDocument/hover",
                {"textDocument": {"uri": path.as_uri()}, "position": {"line": 0, "character": 3}},
            )
            assert found is None
            await asyncio.sleep(1.0)
        sent = {one["method"] for one in client.received if "method" in one}
        assert sent <= {"window/logMessage", "window/showMessage"}


# --- completion ------------------------------------------------------------------------------


async def test_a_key_is_completed_with_its_quotes_its_colon_and_the_commas(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        path = desk.open('{\n  "model": "x"\n  \n  "taint": "ask"\n}')
        found = await desk.complete(path, '"x"\n  ')
        assert "model" not in found
        assert "taint" not in found
        item = found["maxAutonomyLevel"]
        assert "autonomy that no session" in item["documentation"]["value"]
        text = desk.taken(path, item)
        assert json.loads(text) == {"model": "x", "maxAutonomyLevel": "high", "taint": "ask"}


async def test_values_are_completed_while_the_rest_is_broken(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        path = desk.open('{"maxAutonomyLevel": , "model": "", "sandbox": {"enabled": ')
        assert list(await desk.complete(path, '"maxAutonomyLevel": ')) == ["off", "low", "medium", "high"]
        assert {"true", "false"} <= set(await desk.complete(path, '"enabled": '))
        models = await desk.complete(path, '"model": "')
        assert "custom:house" in models
        assert desk.taken(path, models["custom:house"]).startswith(
            '{"maxAutonomyLevel": , "model": "custom:house", '
        )


async def test_names_of_tools_events_droids_servers_and_variables(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        desk.write("---\nname: reviewer\n---\nLook.\n", "droids/r.md")
        hooks = desk.open(
            '{"hooks": {"": [], "PreToolUse": [{"matcher": "Edit|"}], "SubagentStop": [{"matcher": ""}]}}',
            "hooks.json",
        )
        assert {"PostToolUse", "SessionEnd"} <= set(await desk.complete(hooks, '{"hooks": {"'))
        tools = await desk.complete(hooks, '"matcher": "Edit|')
        assert tools["Execute"]["textEdit"]["newText"] == '"Edit|Execute"'
        assert "reviewer" in await desk.complete(hooks, '"SubagentStop": [{"matcher": "')
        servers = desk.open('{"mcpServers": {"db": {"env": {"KEY": "${"}}}}', "mcp.json")
        names = await desk.complete(servers, '"KEY": "${')
        assert desk.taken(servers, names["${HOUSE_KEY}"]).endswith('{"KEY": "${HOUSE_KEY}"}}}}')
        droid = desk.open("---\nname: x\ntools: [Read, ]\nmodel: \n\n---\n", "droids/x.md")
        assert "Grep" in await desk.complete(droid, "tools: [Read, ")
        assert "inherit" in await desk.complete(droid, "model: ")
        assert "mcpServers" in await desk.complete(droid, "model: \n")


@pytest.mark.parametrize("profile", ["vscode", "neovim", "eglot", "helix", "lsp4ij"])
async def test_every_client_gets_it_at_the_right_place(tmp_path: Path, profile: str) -> None:
    """Characters that are longer in one encoding than in another stand before the place."""
    async with desk_in(tmp_path, profile=profile) as desk:
        path = desk.open('{"model": "𝒳é", "tai": "", "maxAutonomyLevel": "high"}')
        found = await desk.diagnostics(path, "looser", "unknown-key")
        buffer = desk.client.buffer(path)
        (unknown,) = [one for one in found if one["code"] == "unknown-key"]
        start, end = (desk.client._offset(buffer.text, unknown["range"][end]) for end in ("start", "end"))
        assert buffer.text[start:end] == '"tai"'
        item = (await desk.complete(path, '"tai'))["taint"]
        assert '"𝒳é", "taint": "", ' in desk.taken(path, item)
        assert "maxAutonomyLevel" in await desk.hover(path, '"maxAuto')


# --- hover, hints, fixes, definitions, symbols -------------------------------------------------


async def test_a_hover_says_what_is_in_force_and_why(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        path = desk.open('{\n "maxAutonomyLevel": "high",\n "customModels": []\n}')
        text = await desk.hover(path, '"maxAuto')
        assert "The autonomy that no session, subagent, flag or approval goes beyond." in text
        assert "a lower level may tighten" in text
        assert f'**In force:** `"low"` — org: {desk.org}:2'.replace("_", "\\_") in text
        assert '**Not in force:** `"high"` — project: ' in text
        models = await desk.hover(path, '"customM')
        assert '"apiKey": "***"' in models
        assert "key-of-the-fake" not in models
        assert await desk.hints(path) == [f"← low, org: {desk.org}:2"]


async def test_a_client_without_markdown_gets_plain_text(tmp_path: Path) -> None:
    async with desk_in(tmp_path, profile="eglot") as desk:
        path = desk.open('{"maxAutonomyLevel": "high"}')
        found = await desk.at("textDocument/hover", path, '"maxAuto')
        assert found["contents"]["kind"] == "plaintext"
        assert "*" not in found["contents"]["value"]


async def test_quick_fixes_mend_what_they_say(tmp_path: Path) -> None:
    text = '{\n  "modle": "x", // mine\n  "maxAutonomyLevel": "high",\n  "taint": "ask"\n}'
    async with desk_in(tmp_path) as desk:
        path = desk.open(text)
        await desk.diagnostics(path, "looser", "unknown-key")
        fixes = await desk.fixes(path)
        assert fixes["Rename to model"]["isPreferred"] is True
        assert desk.mended(path, fixes["Rename to model"]) == text.replace("modle", "model")
        desk.client.close(path)
        path = desk.open(text)
        fixes = await desk.fixes(path)
        mended = desk.mended(path, fixes["Remove maxAutonomyLevel, which has no effect"])
        assert mended == '{\n  "modle": "x", // mine\n  "taint": "ask"\n}'


async def test_a_secret_becomes_a_reference(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        path = desk.bench.home / "settings.json"
        desk.client.open(path, language="json")
        await desk.diagnostics(path, "secret")
        (title,) = [title for title in await desk.fixes(path) if title.startswith("Replace by")]
        assert title == "Replace by ${API_KEY} (set API_KEY in the environment of the server)"
        assert '"apiKey": "${API_KEY}"' in desk.mended(path, (await desk.fixes(path))[title])


async def test_definitions_lead_to_what_wins(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        desk.write("---\nname: reviewer\n---\n", "droids/r.md")
        path = desk.open(
            '{"maxAutonomyLevel": "high", "model": "custom:house",\n'
            '"hooks": {"SubagentStop": [{"matcher": "reviewer", "hooks": []}]}}'
        )
        for mark, file, line in (
            ('"maxAuto', desk.org, 1),
            ("custom:ho", desk.org, 3),
            ('"matcher": "rev', desk.bench.workspace / ".factory/droids/r.md", 0),
        ):
            (found,) = await desk.at("textDocument/definition", path, mark)
            assert (found["uri"], found["range"]["start"]["line"]) == (file.as_uri(), line), mark


@pytest.mark.parametrize("profile", ["vscode", "helix"])
async def test_symbols(tmp_path: Path, profile: str) -> None:
    async with desk_in(tmp_path, profile=profile) as desk:
        path = desk.open('{"sandbox": {"enabled": true}, "customModels": [{"id": "a", "apiKey": "secret"}]}')
        found = await desk.client.request(
            "textDocument/documentSymbol", {"textDocument": {"uri": path.as_uri()}}
        )
        names = [one["name"] for one in found]
        if profile == "vscode":
            assert names == ["sandbox", "customModels"]
            assert [one["name"] for one in found[1]["children"]] == ["a"]
            assert "secret" not in json.dumps(found)
        else:
            assert names == ["sandbox", "enabled", "customModels", "a", "id", "apiKey"]
            assert all("location" in one for one in found)


async def test_other_documents_are_left_alone(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        path = desk.bench.workspace / "settings.json"
        desk.client.open(path, '{"modle": 1}', language="json")
        assert await desk.at("textDocument/hover", path, "mod") is None
        assert await desk.at("textDocument/completion", path, "mod") is None
        assert await desk.hints(path) == []
        assert await desk.fixes(path) == {}
        local = desk.open("{", "local/settings.json")
        assert await desk.at("textDocument/hover", local, "{") is None
        assert desk.last(path) is None


# --- trust -----------------------------------------------------------------------------------

HOOK = '{"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "./ring.sh"}]}]}}'


async def test_trust_is_asked_once_and_shows_what_it_enables(tmp_path: Path) -> None:
    before = {".factory/hooks.json": HOOK, ".factory/settings.json": '{"commandAllowlist": ["make"]}'}
    async with desk_in(tmp_path, before=before) as desk:
        path = desk.bench.workspace / ".factory/settings.json"
        desk.client.open(path, language="json")
        await desk.diagnostics(path, "untrusted")
        question = await desk.client.question("Trust .*work")
        assert "Stop: ./ring.sh" in question["message"]
        assert "make" in question["message"]
        assert question["actions"] == ["Not now", "Trust", "Never ask here again"]
        desk.client.answer(question, "Trust")
        await desk.diagnostics(path)
        assert len(desk.client.questions) == 1
        # It lapses with any change, and the person is asked about that.
        (desk.bench.workspace / ".factory/hooks.json").write_text(HOOK.replace("ring", "bell"))
        again = await desk.client.until(
            lambda: next((one for one in desk.client.questions if "bell.sh" in one["message"]), None)
        )
        desk.client.answer(again, DISMISS)
        await desk.diagnostics(path, "untrusted")


async def test_no_is_remembered_and_trust_can_be_asked_for(tmp_path: Path) -> None:
    before = {".factory/settings.json": '{"commandAllowlist": ["make"]}'}
    async with desk_in(tmp_path, before=before) as desk:
        desk.client.answer(await desk.client.question("Trust"), "Not now")
        declined = desk.bench.home / "trust-declined.json"
        while not declined.exists():
            await asyncio.sleep(0.02)
        second = LspClient(
            desk.bench.argv("serve"),
            root=desk.bench.workspace,
            env=desk.bench.env,
            stderr=tmp_path / "second.log",
        )
        async with second:
            await second.initialize()
            path = desk.bench.workspace / ".factory/settings.json"
            second.open(path, language="json")
            await second.message("textDocument/publishDiagnostics")
            await asyncio.sleep(1.2)
            assert second.questions == []
            second.answers.append("Trust")
            result = await second.command("droid.trust")
            assert result == {"asked": True, "root": str(desk.bench.workspace)}
            await second.message("window/showMessage", lambda one: "is trusted until" in one["message"])
            with pytest.raises(LspError, match="is trusted"):
                await second.command("droid.trust")


async def test_nobody_is_asked_where_nothing_would_be_enabled(tmp_path: Path) -> None:
    before = {".factory/settings.json": '{"commandDenylist": ["rm"], "model": "x"}'}
    async with desk_in(tmp_path, before=before) as desk:
        path = desk.bench.workspace / ".factory/settings.json"
        desk.client.open(path, language="json")
        await desk.diagnostics(path)
        await asyncio.sleep(1.2)
        assert desk.client.questions == []
        with pytest.raises(LspError, match=r"nothing in .* that trusting it would enable"):
            await desk.client.command("droid.trust")


# --- explain ---------------------------------------------------------------------------------


async def test_a_setting_is_explained_by_key_or_place(tmp_path: Path) -> None:
    async with desk_in(tmp_path) as desk:
        text = '{"maxAutonomyLevel": "high"}'
        path = desk.write(text)
        desk.client.open(path, language="json")
        found = await desk.client.command("droid.settings.explain", {"key": "maxAutonomyLevel"})
        assert {key: found[key] for key in ("key", "value", "level", "file", "line")} == {
            "key": "maxAutonomyLevel",
            "value": "low",
            "level": "org",
            "file": str(desk.org),
            "line": 2,
        }
        (refused,) = found["refused"]
        assert refused["file"] == str(path)
        here = {"line": 0, "character": 4}
        place = {"uri": path.as_uri(), "range": {"start": here, "end": here}}
        assert await desk.client.command("droid.settings.explain", place) == found
        told = await desk.client.message("window/showMessage")
        assert "maxAutonomyLevel" in told["params"]["message"]
        assert isinstance(await desk.client.command("droid.settings.explain"), list)
        with pytest.raises(LspError, match="did you mean maxAutonomyLevel"):
            await desk.client.command("droid.settings.explain", {"key": "maxAutonomyLevl"})


# --- what a tool changed -----------------------------------------------------------------------


async def test_a_policy_file_that_a_tool_changed_is_used_once_a_person_says_so(tmp_path: Path) -> None:
    loosened = '{"maxAutonomyLevel": "high", "model": "other", "apiKey": "sk-0123456789abcdefghij"}'
    before = {".factory/settings.json": '{"maxAutonomyLevel": "low"}'}
    async with desk_in(tmp_path, org={}, before=before, maxAutonomyLevel="high") as desk:
        desk.bench.play(execute(f"printf '%s' '{loosened}' > .factory/settings.json"), {"text": "done"})
        desk.client.answers.append("Approve once")
        await desk.client.command("droid.ask", {"prompt": "go"})
        question = await desk.client.question("changed while a tool ran")
        assert '-{"maxAutonomyLevel": "low"}' in question["message"]
        assert '+{"maxAutonomyLevel": "high"' in question["message"]
        assert "sk-0123456789" not in question["message"]
        level = (await desk.client.command("droid.settings.explain", {"key": "model"}))["value"]
        assert level == "custom:fake"
        desk.client.answer(question, "Use it")
        while (await desk.client.command("droid.settings.explain", {"key": "model"}))["value"] != "other":
            await asyncio.sleep(0.1)
