"""The settings of a place: every level of it, as the files are now, and what changes meanwhile."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.policy import Policy
from droid.settings.engine import SettingsEngine
from droid.settings.file_layers import environment_layer
from droid.settings.layers import Layer
from droid.settings.org_level import NoOrg, OrgLevel
from droid.settings.snapshot import Environment, Snapshot
from droid.settings.trust_scan import TrustScanner

OFF, LOW, MEDIUM, HIGH = AutonomyLevel
MODEL = {"id": "qwen", "model": "q", "provider": "generic-chat-completion-api", "baseUrl": "http://x/v1"}


def most(level: str) -> dict[str, Any]:
    return {"maxAutonomyLevel": level}


def start(level: str) -> dict[str, Any]:
    return {"sessionDefaultSettings": {"autonomyLevel": level}}


def org(values: Mapping[str, Any], *, environment: Environment | None = None, **changes: Any) -> NoOrg:
    layer = Layer(
        level=SettingsLevel.ORG,
        file=Path("/etc/factory/settings.json"),
        values=values,
        lines=lambda _: 7,
        trusted=True,
    )
    return NoOrg(OrgLevel(layers=(layer,), environment=environment or Environment(), **changes))


class Tree:
    """A home, and a repository with `.factory` folders in it."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home" / ".factory"
        self.home.mkdir(parents=True)
        self.repository = root / "shop"
        self.source = self.repository / "src" / "api"
        self.source.mkdir(parents=True)
        (self.repository / ".git").mkdir()

    def write(self, folder: Path, value: Mapping[str, Any] | str, name: str = "settings.json") -> Path:
        path = (folder if folder == self.home else folder / ".factory") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    def engine(self, source: NoOrg | None = None, **changes: Any) -> SettingsEngine:
        return SettingsEngine(home=self.home, environ={}, org=source or NoOrg(), **changes)

    def trust(self, engine: SettingsEngine) -> None:
        content = TrustScanner(self.repository, self.home).scan()
        engine.store.trust(self.repository, content.sha256, surface="test")
        engine.changed()


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def look(engine: SettingsEngine, place: Path) -> Snapshot:
    """As if some time had passed since the last look."""
    engine.changed()
    return engine.snapshot(place)


def policy(engine: SettingsEngine, place: Path) -> Policy:
    return look(engine, place).policy


def test_every_folder_on_the_way_has_a_say_the_outermost_first(tree: Tree) -> None:
    tree.write(tree.repository, {"model": "project", "maxAutonomyLevel": "high"})
    tree.write(tree.repository / "src", {"model": "outer", "specSaveDir": "outer"})
    tree.write(tree.source, {"model": "inner", "specSaveDir": "inner", "maxAutonomyLevel": "low"})
    engine = tree.engine()
    snapshot = engine.snapshot(tree.source)
    assert snapshot.policy.model == "project"
    assert snapshot.settings["specSaveDir"].value == "outer"
    assert snapshot.policy.max_autonomy is LOW
    assert snapshot.policy.max_autonomy_source.level is SettingsLevel.FOLDER
    assert [folder.level for folder in snapshot.folders] == ["project", "folder", "folder", "user"]
    assert policy(engine, tree.repository).max_autonomy is HIGH
    assert policy(engine, tree.source / "deeper" / "file.py").max_autonomy is LOW


def test_the_organisation_is_above_all_others(tree: Tree) -> None:
    tree.write(tree.home, start("high") | {"model": "mine"})
    engine = tree.engine(org({"maxAutonomyLevel": "medium", "model": "theirs"}))
    found = policy(engine, tree.source)
    assert (found.autonomy, found.max_autonomy, found.model) == (MEDIUM, MEDIUM, "theirs")
    assert (found.max_autonomy_source.file, found.max_autonomy_source.line) == (
        "/etc/factory/settings.json",
        7,
    )
    assert found.warnings == (), "to want another model is no mistake"


def test_what_a_repository_loosens_counts_once_it_is_trusted_and_until_it_changes(tree: Tree) -> None:
    path = tree.write(
        tree.repository, start("medium") | {"customModels": [MODEL], "commandAllowlist": ["make"]}
    )
    engine = tree.engine()
    before = look(engine, tree.source)
    assert (before.policy.autonomy, list(before.policy.models)) == (OFF, [])
    assert before.settings["commandAllowlist"].value == ()
    tree.trust(engine)
    after = look(engine, tree.source)
    assert (after.policy.autonomy, list(after.policy.models)) == (MEDIUM, ["custom:qwen"])
    assert after.settings["commandAllowlist"].value == ("make",)
    path.write_text(json.dumps(start("high")))
    changed = look(engine, tree.source)
    assert changed.policy.autonomy is OFF
    assert "has changed" in changed.trust.reason


def test_another_file_of_the_repository_lapses_trust_too(tree: Tree) -> None:
    tree.write(tree.repository, {"commandAllowlist": ["make"]})
    engine = tree.engine()
    tree.trust(engine)
    assert look(engine, tree.source).trust.trusted
    tree.write(tree.repository / "elsewhere", {"commandAllowlist": ["rm"]})
    engine.scan(tree.source)
    assert not look(engine, tree.source).trust.trusted


def test_the_organisation_may_forbid_trust(tree: Tree) -> None:
    tree.write(tree.repository, {"commandAllowlist": ["make"]})
    engine = tree.engine(org({"trustedWorkspaces": ["forbid"]}))
    tree.trust(engine)
    found = look(engine, tree.source)
    assert not found.trust.trusted
    assert "/etc/factory/settings.json:7" in found.trust.reason


@pytest.mark.parametrize(
    ("environment", "maximum", "model"),
    [
        (Environment(type="local"), HIGH, "base"),
        (Environment(type="ci"), LOW, "base"),
        (Environment(type="ci", verified=True), LOW, "of ci"),
    ],
)
def test_an_environment_that_is_not_verified_can_only_tighten(
    tree: Tree, environment: Environment, maximum: AutonomyLevel, model: str
) -> None:
    of_ci = {"maxAutonomyLevel": "low", "model": "of ci"}
    tree.write(tree.home, {"model": "base", "environments": {"ci": of_ci}})
    found = policy(tree.engine(org({}, environment=environment)), tree.source)
    assert (found.max_autonomy, found.model) == (maximum, model)


def test_a_value_for_an_environment_is_found_in_its_file(tree: Tree) -> None:
    text = '{\n "environments": {\n  "ci": {\n   "maxAutonomyLevel": "low"\n}}}'
    tree.write(tree.home, text)
    found = policy(tree.engine(org({}, environment=Environment(type="ci"))), tree.source)
    assert found.max_autonomy_source.line == 4


def test_a_file_that_breaks_keeps_its_last_good_version_in_force(tree: Tree) -> None:
    path = tree.write(tree.home, most("low") | {"model": "a"})
    engine = tree.engine()
    assert policy(engine, tree.source).max_autonomy is LOW
    path.write_text('{"maxAutonomyLevel": "hi')
    broken = look(engine, tree.source)
    assert (broken.policy.max_autonomy, broken.policy.model) == (LOW, "a")
    assert broken.policy.malformed == ()
    (warning,) = broken.policy.warnings
    assert warning.startswith(f"{path}:1:")
    assert warning.endswith("its last good version stays in force")
    assert [(level.status, bool(level.errors)) for level in broken.levels] == [("last good", True)]
    path.write_text(json.dumps(most("medium")))
    mended = look(engine, tree.source)
    assert (mended.policy.max_autonomy, mended.policy.warnings) == (MEDIUM, ())
    path.unlink()
    assert policy(engine, tree.source).max_autonomy is HIGH


def test_a_file_that_is_rewritten_within_the_tick_of_a_clock_is_read_again(tree: Tree) -> None:
    path = tree.write(tree.home, {"model": "a"})
    engine = tree.engine()
    assert policy(engine, tree.source).model == "a"
    before = path.stat()
    path.write_text(json.dumps({"model": "b"}))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert policy(engine, tree.source).model == "b"


def test_a_policy_file_that_changes_while_a_call_runs_can_only_tighten_until_it_is_confirmed(
    tree: Tree,
) -> None:
    path = tree.write(tree.home, most("medium"))
    engine = tree.engine()
    assert policy(engine, tree.source).max_autonomy is MEDIUM
    engine.call_began()
    path.write_text(json.dumps(most("high") | {"model": "m"}))
    assert policy(engine, tree.source).max_autonomy is MEDIUM
    engine.call_ended()
    held = look(engine, tree.source)
    assert [one.max_autonomy for one in held.policies] == [MEDIUM, HIGH]
    assert held.policy.model is None
    assert held.unconfirmed == (path,)
    assert "until you confirm it" in held.policy.warnings[0]
    path.write_text(json.dumps(most("low")))
    assert [one.max_autonomy for one in look(engine, tree.source).policies] == [MEDIUM, LOW]
    engine.confirm(path)
    confirmed = look(engine, tree.source)
    assert [one.max_autonomy for one in confirmed.policies] == [LOW]
    assert confirmed.unconfirmed == ()


def test_a_change_at_the_very_end_of_a_call_is_its(tree: Tree) -> None:
    path = tree.write(tree.home, most("low"))
    engine = tree.engine()
    look(engine, tree.source)
    engine.call_began()
    path.write_text("{}")
    engine.call_ended()
    assert policy(engine, tree.source).max_autonomy is LOW


def test_a_policy_file_that_a_call_deletes_or_makes_waits_too(tree: Tree) -> None:
    path = tree.write(tree.home, most("low"))
    engine = tree.engine()
    look(engine, tree.source)
    engine.call_began()
    path.unlink()
    made = tree.write(tree.home, {"customModels": [MODEL]}, "settings.local.json")
    engine.call_ended()
    held = look(engine, tree.source)
    assert (held.policy.max_autonomy, list(held.policy.models)) == (LOW, [])
    assert set(held.unconfirmed) == {path, made}
    engine.confirm(path)
    engine.confirm(made)
    found = policy(engine, tree.source)
    assert (found.max_autonomy, list(found.models)) == (HIGH, ["custom:qwen"])


@pytest.mark.parametrize("text", [None, "{}", '{"maxAutonomyLevel": "high"}', '{"still'])
def test_a_malformed_file_that_a_call_changes_is_not_mended_before_it_is_confirmed(
    tree: Tree, text: str | None
) -> None:
    path = tree.write(tree.home, '{"maxAutonomyLevel": "lo')
    engine = tree.engine()
    before = policy(engine, tree.source)
    engine.call_began()
    if text is None:
        path.unlink()
    else:
        path.write_text(text)
    engine.call_ended()
    held = look(engine, tree.source)
    assert held.policy.max_autonomy is OFF
    assert held.policy.malformed == before.malformed
    assert held.unconfirmed == (path,)
    engine.confirm(path)
    most = OFF if text == '{"still' else HIGH
    assert policy(engine, tree.source).max_autonomy is most


@pytest.mark.parametrize("which", ["the repository's", "the user's"])
def test_a_folder_that_a_call_swaps_for_a_link_to_the_other_holds_until_that_is_confirmed(
    tree: Tree, which: str
) -> None:
    path = tree.write(tree.repository, most("low"))
    tree.write(tree.home, most("high"))
    engine = tree.engine()
    look(engine, tree.source)
    engine.call_began()
    folder, other = path.parent, tree.home
    if which == "the user's":
        folder, other = other, folder
    folder.rename(folder.with_name("away"))
    folder.symlink_to(other)
    engine.call_ended()
    assert policy(engine, tree.source).max_autonomy is LOW


def test_a_change_that_is_taken_back_waits_for_nobody(tree: Tree) -> None:
    path = tree.write(tree.home, most("low"))
    engine = tree.engine()
    look(engine, tree.source)
    engine.call_began()
    path.write_text("{}")
    engine.call_ended()
    assert look(engine, tree.source).unconfirmed
    path.write_text(json.dumps(most("low")))
    assert look(engine, tree.source).unconfirmed == ()


def test_what_has_not_changed_is_the_same_object(tree: Tree) -> None:
    tree.write(tree.home, most("low"))
    engine = tree.engine()
    first = look(engine, tree.source)
    assert look(engine, tree.source) is first
    assert look(engine, tree.repository / "src") is not None
    assert look(engine, tree.source) is first


def test_hooks_and_servers_come_from_their_own_files(tree: Tree) -> None:
    hook = {"matcher": "Execute", "hooks": [{"type": "command", "command": "check"}]}
    tree.write(tree.home, {"hooks": {"PreToolUse": [hook]}}, "hooks.json")
    tree.write(tree.home, {"mcpServers": {"docs": {"command": "docs-server"}}}, "mcp.json")
    tree.write(tree.repository, {"mcpServers": {"evil": {"command": "x"}}}, "mcp.json")
    found = look(tree.engine(), tree.source)
    assert found.settings["hooks.PreToolUse"].value == (hook,)
    assert list(found.servers["mcpServers"].value) == ["docs"]


def test_lockdown_is_told_with_its_reason(tree: Tree) -> None:
    engine = tree.engine(NoOrg(OrgLevel(lockdown="/etc/factory/settings.json:3: mend it")))
    assert policy(engine, tree.source).lockdown == "/etc/factory/settings.json:3: mend it"


def test_a_layer_for_an_environment_stands_beside_its_file() -> None:
    base = Layer(
        level=SettingsLevel.USER,
        part="local",
        file=Path("/x"),
        values={},
        lines=len,
        trusted=True,
    )
    laid = environment_layer(base, {"model": "m"}, Environment(type="ci"))
    assert (laid.part, laid.environment, laid.verified) == ("local-environment", "ci", False)
    assert laid.lines(("model",)) == 3


def test_trust_that_appears_while_a_call_runs_is_nobodys(tree: Tree) -> None:
    tree.write(tree.repository, {"commandAllowlist": ["make"]})
    engine = tree.engine()
    engine.call_began()
    tree.trust(engine)
    assert not look(engine, tree.source).trust.trusted
    engine.call_ended()
    assert not look(engine, tree.source).trust.trusted
    engine.trusted(tree.repository)
    assert look(engine, tree.source).trust.trusted


def test_trust_that_a_person_gives_while_a_call_runs_is_theirs(tree: Tree) -> None:
    tree.write(tree.repository, {"commandAllowlist": ["make"]})
    engine = tree.engine()
    engine.call_began()
    tree.trust(engine)
    engine.trusted(tree.repository)
    assert look(engine, tree.source).trust.trusted
    engine.call_ended()
    assert look(engine, tree.source).trust.trusted
