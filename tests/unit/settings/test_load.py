import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from droid.domain.levels import AutonomyLevel, SettingsLevel
from droid.domain.models import ModelProfile, Price, Wire
from droid.domain.policy import BUILTIN, Policy
from droid.settings.jsonc import MAX_BYTES
from droid.settings.load import load_policy

OFF, LOW, MEDIUM, HIGH = AutonomyLevel

MODEL = {
    "id": "qwen",
    "model": "qwen3:4b",
    "provider": "generic-chat-completion-api",
    "baseUrl": "http://x/v1",
}


class Tree:
    """A home and a repository with settings files in them."""

    def __init__(self, root: Path) -> None:
        self.home = root / "home" / ".factory"
        self.repository = root / "shop"
        self.workspace = self.repository / "src"
        self.home.mkdir(parents=True)
        self.workspace.mkdir(parents=True)
        (self.repository / ".git").mkdir()

    def file(self, name: str) -> Path:
        """`user`, `user.local`, `project` or `project.local`."""
        level, _, local = name.partition(".")
        folder = self.home if level == "user" else self.repository / ".factory"
        folder.mkdir(exist_ok=True)
        return folder / ("settings.local.json" if local else "settings.json")

    def write(self, name: str, value: Mapping[str, Any] | str) -> Path:
        path = self.file(name)
        path.write_text(value if isinstance(value, str) else json.dumps(value))
        return path

    def load(self, **environ: str) -> Policy:
        return load_policy(self.workspace, self.home, environ)


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def start(level: str) -> dict[str, Any]:
    return {"sessionDefaultSettings": {"autonomyLevel": level}}


def most(level: str) -> dict[str, Any]:
    return {"maxAutonomyLevel": level}


NOT_TRUSTED = "is ignored: this workspace is not trusted"


def test_without_any_file_the_defaults_are_safe(tree: Tree) -> None:
    assert tree.load() == Policy()
    assert Policy().autonomy is OFF


@pytest.mark.parametrize(
    ("files", "autonomy", "maximum"),
    [
        ({"user": start("high")}, HIGH, HIGH),
        ({"user": start("high") | most("medium")}, MEDIUM, MEDIUM),
        ({"user": most("low")}, OFF, LOW),
        ({"user": start("medium"), "project": start("low")}, LOW, HIGH),
        ({"user": start("low"), "project": start("high")}, LOW, HIGH),
        ({"project": start("high")}, OFF, HIGH),
        ({"project": start("low")}, OFF, HIGH),
        ({"project": start("off"), "user": start("high")}, OFF, HIGH),
        ({"user": start("high"), "project": most("low")}, LOW, LOW),
        ({"user": start("high") | most("low"), "project": most("high")}, LOW, LOW),
        ({"user": most("off"), "project": most("high") | start("high")}, OFF, OFF),
        ({"user": start("high"), "user.local": start("low")}, LOW, HIGH),
        ({"user": start("low"), "user.local": start("high")}, LOW, HIGH),
        ({"user.local": start("high")}, HIGH, HIGH),
        ({"user.local": start("high") | most("medium")}, MEDIUM, MEDIUM),
        ({"user": start("high"), "project.local": start("medium")}, MEDIUM, HIGH),
        ({"user": start("high"), "project": start("medium"), "project.local": start("high")}, MEDIUM, HIGH),
        ({"user": {"sessionDefaultSettings": {"autonomyMode": "auto-medium"}}}, MEDIUM, HIGH),
        ({"user": {"sessionDefaultSettings": {"autonomyMode": "spec"}}}, OFF, HIGH),
        (
            {"user": {"sessionDefaultSettings": {"autonomyMode": "auto-low", "autonomyLevel": "high"}}},
            LOW,
            HIGH,
        ),
        (
            {"user": {"sessionDefaultSettings": {"autonomyMode": "auto-high", "autonomyLevel": "low"}}},
            LOW,
            HIGH,
        ),
        (
            {"user": start("high"), "project": {"sessionDefaultSettings": {"autonomyMode": "normal"}}},
            OFF,
            HIGH,
        ),
        ({"user": {"autonomyMode": "auto-high"}}, OFF, HIGH),
    ],
)
def test_autonomy_is_the_lowest_of_all_and_raised_by_the_trusted_alone(
    tree: Tree, files: dict[str, dict[str, Any]], autonomy: AutonomyLevel, maximum: AutonomyLevel
) -> None:
    for name, value in files.items():
        tree.write(name, value)
    policy = tree.load()
    assert (policy.autonomy, policy.max_autonomy) == (autonomy, maximum)


def test_autonomy_knows_where_it_came_from(tree: Tree) -> None:
    user = tree.write("user", '{\n  "sessionDefaultSettings": {\n    "autonomyLevel": "high"\n  }\n}')
    policy = tree.load()
    assert (policy.autonomy_source.level, policy.autonomy_source.file, policy.autonomy_source.line) == (
        SettingsLevel.USER, str(user), 3,
    )  # fmt: skip
    assert policy.max_autonomy_source == BUILTIN
    project = tree.write("project", '{"model": "m",\n"maxAutonomyLevel": "low"}')
    policy = tree.load()
    assert policy.autonomy_source == policy.max_autonomy_source
    assert (policy.autonomy_source.level, policy.autonomy_source.file, policy.autonomy_source.line) == (
        SettingsLevel.PROJECT, str(project), 2,
    )  # fmt: skip


def test_a_repository_that_wants_more_autonomy_is_told_no(tree: Tree) -> None:
    project = tree.write("project", '{"sessionDefaultSettings":\n  {"autonomyLevel": "high"}}')
    assert tree.load().warnings == (f"{project}:2: sessionDefaultSettings.autonomyLevel {NOT_TRUSTED}",)
    tree.write("user", start("low"))
    assert tree.load().warnings == (), "merely the lower of two"


@pytest.mark.parametrize(
    ("files", "model", "level"),
    [
        ({"user": {"model": "a"}}, "a", "user"),
        ({"user": {"sessionDefaultSettings": {"model": "a"}}}, "a", "user"),
        ({"user": {"model": "a", "sessionDefaultSettings": {"model": "b"}}}, "b", "user"),
        ({"user": {"sessionDefaultSettings": {"model": "a"}}, "project": {"model": "b"}}, "b", "project"),
        ({"user": {"model": "a"}, "user.local": {"model": "b"}}, "b", "user"),
        ({"user": {"sessionDefaultSettings": {"model": "a"}}, "user.local": {"model": "b"}}, "b", "user"),
        ({"project": {"model": "a"}, "user.local": {"model": "b"}}, "a", "project"),
        (
            {"project.local": {"model": "c"}, "project": {"model": "a"}, "user.local": {"model": "b"}},
            "c",
            "project",
        ),
        ({"user": {"maxAutonomyLevel": "low"}}, None, "built-in"),
    ],
)
def test_the_highest_level_that_names_a_model_wins(
    tree: Tree, files: dict[str, dict[str, Any]], model: str | None, level: str
) -> None:
    for name, value in files.items():
        tree.write(name, value)
    policy = tree.load()
    assert policy.model == model
    assert policy.model_source.level == level


@pytest.mark.parametrize(
    ("effort", "expected"),
    [
        ("high", "high"),
        ("xhigh", "xhigh"),
        ("minimal", "minimal"),
        ("off", None),
        ("none", None),
        ("dynamic", None),
    ],
)
def test_an_effort_of_none_is_asked_for_by_leaving_it_out(
    tree: Tree, effort: str, expected: str | None
) -> None:
    tree.write("user", {"reasoningEffort": effort})
    assert tree.load().reasoning_effort == expected
    tree.write("project", {"sessionDefaultSettings": {"reasoningEffort": "low"}})
    assert tree.load().reasoning_effort == "low"


def test_custom_models_become_profiles(tree: Tree) -> None:
    tree.file("user").write_bytes(Path("tests/data/settings/factory.json").read_bytes())
    policy = tree.load(ZAI_API_KEY="sk-zai", ANTHROPIC_BASE_URL="https://gateway.example/anthropic/")
    assert [line for line in policy.warnings if "is not enforced in this version" not in line] == []
    assert (policy.model, policy.reasoning_effort) == ("custom:GLM-4.6-[Z.AI]-0", "high")
    assert (policy.autonomy, policy.max_autonomy) == (LOW, MEDIUM)
    assert policy.models == {
        "custom:GLM-4.6-[Z.AI]-0": ModelProfile(
            id="custom:GLM-4.6-[Z.AI]-0",
            model="glm-4.6",
            wire=Wire.CHAT_COMPLETIONS,
            base_url="https://api.z.ai/api/coding/paas/v4",
            api_key="sk-zai",
            display_name="GLM-4.6 [Z.AI]",
            context_tokens=200_000,
            max_output_tokens=131_072,
            supports_images=False,
            extra_headers={"X-Team": "none"},
            extra_args={"temperature": 0.7, "top_p": 0.9},
            price=Price(input_per_mtok=0.6, output_per_mtok=2.2, cache_read_per_mtok=0.11),
        ),
        "custom:claude-sonnet-4-5-20250929": ModelProfile(
            id="custom:claude-sonnet-4-5-20250929",
            model="claude-sonnet-4-5-20250929",
            wire=Wire.ANTHROPIC,
            base_url="https://gateway.example/anthropic",
            display_name="Sonnet",
            thinking_tokens=20_000,
        ),
    }
    assert "sk-zai" not in repr(policy)


@pytest.mark.parametrize(
    ("written", "identity"), [("a", "custom:a"), ("custom:a", "custom:a"), ("custom:", "custom:m")]
)
def test_an_id_is_known_with_its_prefix(tree: Tree, written: str, identity: str) -> None:
    tree.write("user", {"customModels": [MODEL | {"id": written, "model": "m"}]})
    assert list(tree.load().models) == [identity]


def test_a_model_that_is_defined_above_is_locked_whole(tree: Tree) -> None:
    tree.write("user", {"customModels": [MODEL | {"apiKey": "${KEY}"}]})
    local = tree.write(
        "user.local", {"customModels": [MODEL | {"baseUrl": "http://evil/v1"}, MODEL | {"id": "other"}]}
    )
    policy = tree.load(KEY="k")
    assert {identity: model.base_url for identity, model in policy.models.items()} == {
        "custom:qwen": "http://x/v1",
        "custom:other": "http://x/v1",
    }
    assert policy.models["custom:qwen"].api_key == "k"
    assert policy.warnings == (
        f"{local}:1: customModels[0] is ignored: locked by user: {tree.file('user')}:1",
    )
    assert list(tree.load().models) == ["custom:other"], "off is not free to be defined by others"


def test_models_of_a_repository_are_ignored_and_the_line_is_named(tree: Tree) -> None:
    project = tree.write("project", '{\n  "customModels": [' + json.dumps(MODEL) + "]\n}")
    tree.write("project.local", {"customModels": []})
    tree.write("user", {"customModels": [MODEL | {"baseUrl": "http://mine/v1"}]})
    policy = tree.load()
    assert policy.models["custom:qwen"].base_url == "http://mine/v1"
    assert policy.warnings == (f"{project}:2: customModels[0] {NOT_TRUSTED}",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"apiKey": "${NO_KEY}"}, "apiKey uses ${NO_KEY}, and the environment variable NO_KEY is not set"),
        (
            {"baseUrl": "${NO_URL}/v1"},
            "baseUrl uses ${NO_URL}, and the environment variable NO_URL is not set",
        ),
        ({"extraHeaders": {"X-A": "Bearer ${NO}"}}, "extraHeaders.X-A uses ${NO}, and"),
        ({"apiKey": "${KEY"}, "apiKey has a ${ that is neither"),
        ({"apiKey": "${MULTILINE}"}, "apiKey has a character that a header cannot hold"),
        ({"apiKey": "schlüssel"}, "apiKey has a character that a header cannot hold"),
        ({"extraHeaders": {"X A": "b"}}, "extraHeaders has a name that is no header's"),
        ({"extraHeaders": {"Host": "other"}}, "extraHeaders cannot have host"),
        ({"extraArgs": {"model": "other"}}, "extraArgs cannot have model"),
        ({"extraArgs": {"Models": ["other"]}}, "extraArgs cannot have models"),
        ({"extraHeaders": {"X-A": "b\r\nEvil: 1"}}, "extraHeaders.X-A has a character"),
        ({"baseUrl": "ftp://x"}, "baseUrl is not an http:// or https:// address"),
        ({"baseUrl": "localhost:8000"}, "baseUrl is not an http:// or https:// address"),
        ({"baseUrl": "http://"}, "baseUrl is not an http:// or https:// address"),
        ({"baseUrl": "http://x:99999"}, "baseUrl is not an http:// or https:// address"),
        ({"baseUrl": "http://[x"}, "baseUrl is not an http:// or https:// address"),
        ({"baseUrl": "http://x/a b"}, "baseUrl is not an http:// or https:// address"),
        ({"baseUrl": ""}, "baseUrl is not an http:// or https:// address"),
        ({"provider": "google"}, "provider google is not supported by this version"),
        ({"bedrock": {"awsRegion": "eu"}}, "bedrock is not supported by this version"),
    ],
)
def test_a_model_that_cannot_be_used_is_off_and_the_others_are_not(
    tree: Tree, changes: dict[str, Any], reason: str
) -> None:
    user = tree.write("user", {"customModels": [MODEL | changes, MODEL | {"id": "other"}]} | start("low"))
    policy = tree.load(MULTILINE="secret-a\nsecret-b")
    assert list(policy.models) == ["custom:other"]
    (warning,) = policy.warnings
    assert warning.startswith(f"{user}:1: model 'custom:qwen' is off: {reason}")
    assert "secret" not in warning
    assert policy.autonomy is LOW, "the file is fine"


@pytest.mark.parametrize(
    ("provider", "environ", "expected"),
    [
        ("openai", {"OPENAI_BASE_URL": "https://gw/v1/"}, "https://gw/v1"),
        ("openai", {}, "baseUrl is missing, and OPENAI_BASE_URL is not set"),
        (
            "anthropic",
            {"OPENAI_BASE_URL": "https://gw/v1"},
            "baseUrl is missing, and ANTHROPIC_BASE_URL is not set",
        ),
        ("openai", {"OPENAI_BASE_URL": "gw"}, "OPENAI_BASE_URL is not an http:// or https:// address"),
        ("generic-chat-completion-api", {"OPENAI_BASE_URL": "https://gw/v1"}, "baseUrl is missing"),
    ],
)
def test_an_address_that_is_left_out_comes_from_the_environment(
    tree: Tree, provider: str, environ: dict[str, str], expected: str
) -> None:
    tree.write("user", {"customModels": [{"model": "m", "provider": provider}]})
    policy = tree.load(**environ)
    if policy.models:
        assert policy.models["custom:m"].base_url == expected
    else:
        assert policy.warnings[0].endswith(f"is off: {expected}")


@pytest.mark.parametrize(
    ("changes", "thinking_tokens"),
    [
        ({}, None),
        ({"enableThinking": False}, None),
        ({"enableThinking": True}, 4096),
        ({"enableThinking": True, "maxOutputTokens": 64_000}, 32_000),
        ({"enableThinking": True, "maxOutputTokens": 1000}, 1024),
        ({"enableThinking": True, "thinkingMaxTokens": 9}, 9),
        ({"thinkingMaxTokens": 9}, 9),
        ({"enableThinking": False, "thinkingMaxTokens": 9}, None),
        ({"enableThinking": True, "thinkingMaxTokens": 0}, None),
    ],
)
def test_thinking_has_a_budget_or_none(
    tree: Tree, changes: dict[str, Any], thinking_tokens: int | None
) -> None:
    tree.write("user", {"customModels": [MODEL | changes]})
    assert tree.load().models["custom:qwen"].thinking_tokens == thinking_tokens


@pytest.mark.parametrize("key", [{"noImageSupport": True}, {"supportsImages": False}])
def test_a_model_without_images_says_so_in_either_way(tree: Tree, key: dict[str, bool]) -> None:
    tree.write("user", {"customModels": [MODEL, MODEL | key | {"id": "blind"}]})
    assert {identity: model.supports_images for identity, model in tree.load().models.items()} == {
        "custom:qwen": True,
        "custom:blind": False,
    }


def test_a_key_is_sent_without_the_newline_that_a_secret_file_ends_with(tree: Tree) -> None:
    tree.write("user", {"customModels": [MODEL | {"apiKey": "${KEY}"}]})
    assert tree.load(KEY="sk-1\r\n").models["custom:qwen"].api_key == "sk-1"


MENDED = "until this is mended the file is ignored and autonomy is off"


@pytest.mark.parametrize("name", ["user", "user.local", "project", "project.local"])
@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('{"model": "a",\n  oops}', ":2:3: a key in double quotes, or }, is missing here"),
        ("", ":1:1: the file is empty; an empty object is {}"),
        ('{"maxAutonomyLevel": "hihg"}', ":1:22: maxAutonomyLevel: must be one of off, low, medium, high"),
        ('{"model": "a", "model": "b"}', ":1:16: the key 'model' is given twice, first on line 1"),
        ('{"model": null}', ":1:11: model: must not be null; leave the key out instead"),
        ('{"customModels": [{}]}', ":1:19: customModels[0]: the key 'model' is missing"),
    ],
)
def test_a_malformed_file_switches_autonomy_off_until_it_is_mended(
    tree: Tree, name: str, content: str, problem: str
) -> None:
    tree.write("user", start("high"))
    tree.write("project", {"model": "b"})
    path = tree.write(name, content)
    policy = tree.load()
    assert policy.autonomy is policy.max_autonomy is OFF
    assert policy.autonomy_source.file == policy.max_autonomy_source.file == str(path)
    assert policy.warnings[0] == f"{path}{problem}; {MENDED}"
    assert policy.malformed == policy.warnings
    tree.write(name, start("high") | {"modle": 1})
    policy = tree.load()
    assert (policy.autonomy, policy.malformed, len(policy.warnings)) == (HIGH, (), 1)


def test_a_malformed_file_gives_nothing_and_leaves_the_others(tree: Tree) -> None:
    tree.write("user", {"model": "a", "customModels": [MODEL]})
    tree.write("project", '{"model": "b", "reasoningEffort": "huge"}')
    policy = tree.load()
    assert (policy.model, policy.reasoning_effort, list(policy.models)) == ("a", None, ["custom:qwen"])


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("absent"))


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _huge(path: Path) -> None:
    path.write_bytes(b"{" + b" " * MAX_BYTES + b"}")


@pytest.mark.parametrize("make", [_folder, _pipe, _device, _dangling, _loop, _huge])
@pytest.mark.parametrize("name", ["user", "project"])
def test_what_is_there_and_is_no_file_that_can_be_read_is_malformed(tree: Tree, name: str, make: Any) -> None:
    path = tree.file(name)
    make(path)
    policy = tree.load()
    assert policy.max_autonomy is OFF
    assert policy.warnings[0].startswith(f"{path}:")
    assert policy.warnings[0].endswith(MENDED)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_malformed(tree: Tree) -> None:
    tree.write("project", {}).chmod(0)
    assert tree.load().max_autonomy is OFF


def test_a_file_that_vanishes_or_a_file_in_the_place_of_the_folder_is_no_settings(tree: Tree) -> None:
    (tree.repository / ".factory").write_text("not a folder")
    assert tree.load() == Policy()


def test_many_problems_are_told_together_and_bounded(tree: Tree) -> None:
    tree.write("user", {"customModels": [{}] * 50, "model": 1})
    warnings = tree.load().warnings
    assert len(warnings) == 10
    assert all(warning.endswith(MENDED) for warning in warnings)


@pytest.mark.parametrize(
    ("key", "mend"),
    [
        ("modle", "did you mean model?"),
        ("maxautonomylevel", "did you mean maxAutonomyLevel?"),
        ("commandAllowList", "did you mean commandAllowlist?"),
        ("custom_models", "did you mean customModels?"),
        ("zzz", "it is ignored"),
        ("x" * 10_000, "it is ignored"),
        ("\x1b[31mred", "it is ignored"),
    ],
)
def test_an_unknown_key_is_a_warning_with_the_nearest_name(tree: Tree, key: str, mend: str) -> None:
    user = tree.write("user", {key: 1} | start("low"))
    (warning,) = tree.load().warnings
    assert warning.startswith(f"{user}:1:2: unknown key ")
    assert warning.endswith(f"; {mend}")
    assert len(warning) < len(str(user)) + 120
    assert warning.isprintable()
    assert tree.load().autonomy is LOW


def test_unknown_keys_are_named_with_their_section(tree: Tree) -> None:
    user = tree.write("user", '{"sessionDefaultSettings": {"autonomyLevl": "high"},\n"customModels": []}')
    assert tree.load().warnings == (
        f"{user}:1:29: unknown key sessionDefaultSettings.autonomyLevl; did you mean autonomyLevel?",
    )
    tree.write("user", {f"zzz{number}": 1 for number in range(15)})
    assert len(tree.load().warnings) == 10
    assert tree.load().warnings[-1] == f"{user}: 6 more like these"


def test_a_workspace_whose_settings_are_the_users_own_is_not_a_repositorys(tree: Tree) -> None:
    """With the home folder as workspace, `~/.factory` is one file, and it is the user's."""
    home = tree.home.parent
    tree.write("user", start("high") | {"customModels": [MODEL]})
    link = tree.repository / "home"
    link.symlink_to(home)
    for workspace, user in (
        (home, tree.home),
        (link, tree.home),
        (tree.home, tree.home),
        (home, link / ".factory"),
    ):
        policy = load_policy(workspace, user, {})
        assert (policy.autonomy, list(policy.models), policy.warnings) == (HIGH, ["custom:qwen"], ())


def test_the_project_file_is_that_of_the_git_root(tree: Tree) -> None:
    tree.write("project", most("low"))
    (tree.workspace / ".factory").mkdir()
    (tree.workspace / ".factory" / "settings.json").write_text(json.dumps(most("medium")))
    policy = tree.load()
    assert (policy.max_autonomy, policy.max_autonomy_source.level) == (LOW, SettingsLevel.PROJECT)
    (tree.repository / ".git").rmdir()
    policy = tree.load()
    assert policy.max_autonomy is MEDIUM, "without a git root the workspace is the project"
    assert policy.max_autonomy_source.level is SettingsLevel.PROJECT


def test_settings_are_read_anew_each_time(tree: Tree) -> None:
    for level in ("low", "medium"):
        tree.write("user", start(level))
        assert tree.load().autonomy == level
    tree.file("user").unlink()
    assert tree.load() == Policy()


def test_a_policy_is_made_without_what_is_slow_to_import(tree: Tree) -> None:
    """A run waits for it."""
    tree.file("user").write_bytes(Path("tests/data/settings/factory.json").read_bytes())
    tree.write("project", start("low") | {"model": "a"})
    program = (
        "import sys; from pathlib import Path; from droid.settings.load import load_policy;"
        "policy = load_policy(Path(sys.argv[1]), Path(sys.argv[2]), {}); assert policy.model == 'a', policy;"
        "print([name for name in ('pydantic', 'difflib', 'httpx', 'sqlite3') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tree.workspace), str(tree.home)],
        capture_output=True, text=True, check=True, cwd="server", timeout=60,
    )  # fmt: skip
    assert done.stdout == "[]\n"


def test_a_policy_of_one_workspace_says_nothing_of_another(tree: Tree, tmp_path: Path) -> None:
    tree.write("project", most("low"))
    other = tmp_path / "other"
    other.mkdir()
    assert load_policy(other, tree.home, {}) == replace(Policy(), models={})


def test_what_is_not_enforced_is_told(tree: Tree) -> None:
    user = tree.write("user", '{"sandbox": {"required": true},\n"model": "a"}')
    assert tree.load().warnings == (f"{user}:1: sandbox.required is not enforced in this version",)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"sandbox": {"required": False}}, None),
        (
            {"sandbox": {"filesystem": {"denyRead": ["/a"]}}},
            "holds for tools and the paths that commands name",
        ),
        ({"sandbox": {"filesystem": {"denyWrite": ["/a"]}}}, "is not enforced"),
        ({"sandbox": {"network": {"allowedDomains": ["a.example"]}}}, "spares questions about these hosts"),
        ({"enableDroidShield": True}, "is not enforced"),
        ({"shield": {"dlpHookTimeoutMs": 1000}}, None),
        ({"sessionDefaultSettings": {"interactionMode": "spec"}}, "is not enforced"),
        ({"sessionDefaultSettings": {"interactionMode": "auto"}}, None),
        ({"deployment": {"mode": "airgapped"}}, "is not enforced"),
        ({"protectedFiles": ["a"], "protectedBranches": ["b"], "taint": "deny"}, None),
        ({"commandBlocklist": ["a"], "riskPolicy": {"low": "ask"}, "hooksDisabled": True}, None),
    ],
)
def test_only_what_is_relied_upon_and_not_done_is_told(
    tree: Tree, settings: dict[str, Any], told: str | None
) -> None:
    tree.write("user", settings)
    warnings = tree.load().warnings
    assert (told is not None) == bool(warnings)
    assert told is None or told in warnings[0]


def test_the_smallest_budget_of_all_counts(tree: Tree) -> None:
    tree.write("user", {"budget": {"maxUsdPerSession": 5, "maxTurns": 10}})
    tree.write("project", {"budget": {"maxUsdPerSession": 9, "maxTurns": 3}})
    budget = tree.load().budget
    assert (budget.max_usd, budget.max_tokens, budget.max_turns) == (5, None, 3)
    assert budget.source.level is SettingsLevel.PROJECT
