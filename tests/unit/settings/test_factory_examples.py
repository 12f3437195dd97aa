"""Files as Factory's public reference shows them work unchanged.

Source: https://docs.factory.ai/enterprise/hierarchical-settings-and-org-control,
https://docs.factory.ai/cli/configuration/settings, https://docs.factory.ai/cli/configuration/mcp,
https://docs.factory.ai/reference/hooks-reference, https://docs.factory.ai/cli/configuration/sandbox
"""

from pathlib import Path
from typing import Any

import pytest

from droid.settings import jsonc
from droid.settings.normalise import normalise
from droid.settings.schema_tree import SchemaName, load
from droid.settings.validate import Findings, validate

DATA = Path("tests/data/settings")

SETTINGS: list[dict[str, Any]] = [
    {"model": "claude-opus-4-7", "reasoningEffort": "low", "diffMode": "github", "cloudSessionSync": True,
     "completionSound": "fx-ok01", "awaitingInputSound": "fx-ack01", "soundFocusMode": "always"},
    {"commandAllowlist": ["ls", "pwd", "dir"], "commandDenylist": ["rm -rf /", "mkfs", "shutdown"],
     "commandBlocklist": ["shutdown", "mkfs", "curl"]},
    {"sandbox": {"enabled": True, "mode": "per-command",
                 "filesystem": {"allowWrite": ["/tmp/build-output"], "denyWrite": ["~/.config/secrets"],
                                "denyRead": ["~/.aws/credentials"]},
                 "network": {"allowedDomains": ["github.com", "*.npmjs.org"]}}},
    {"mcpPolicy": {"enabled": True, "allowlist": ["mcp.linear.app", "mcp.sentry.dev", "npx"]}},
    {"mcpAutonomyUrlOverrides": [{"urlPattern": "https://mcp.internal.example.com/**", "defaultLevel": "low"}]},
    {"mcp": {"callTimeoutMs": 60000}, "blockOnMcpLoad": True},
    {"networkPolicy": {"allowedIps": ["10.0.0.0/8"]}, "sessionRetentionDays": 14, "wikiCloudSync": False},
    {"customModels": [{"model": "anthropic.claude", "displayName": "Sonnet [Bedrock]", "provider": "anthropic",
                       "apiKey": "not-used-for-bedrock",
                       "bedrock": {"awsRegion": "${AWS_REGION}", "awsProfile": "${AWS_PROFILE}"}}]},
    {"statusLine": {"command": "date"}, "theme": "dark", "missionPolicy": {"restrictedAccess": True},
     "subagentAutonomyLevel": "inherit", "subagentModelSettings": {"lightModel": "inherit"}},
    {"hooks": {"hooksDisabled": False, "showHookOutput": True}},
    {"extraKnownMarketplaces": {"m": {"source": {"source": "github", "repo": "o/r", "ref": "v1.2.0"}},
                                "n": {"source": {"source": "url", "url": "https://gitlab.example.com/p.git"}},
                                "l": {"source": {"source": "local", "path": "/opt/plugins"}}}},
]  # fmt: skip
OTHERS: list[tuple[SchemaName, dict[str, Any]]] = [
    ("mcp", {"mcpServers": {
        "linear": {"type": "http", "url": "https://mcp.linear.app/mcp", "disabled": False},
        "example-sse": {"type": "sse", "url": "https://mcp.example.com/sse",
                        "headers": {"Authorization": "Bearer YOUR_TOKEN"}},
        "playwright": {"command": "npx", "args": ["-y", "@playwright/mcp@latest"], "disabled": False},
        "airtable": {"type": "stdio", "command": "npx", "env": {"AIRTABLE_API_KEY": "${AIRTABLE_API_KEY}"}},
        "internal": {"type": "http", "url": "https://mcp.internal.example.com/mcp",
                     "oauth": {"clientMetadataUrl": "https://auth.example.com/oauth/client-metadata.json"}},
        "open": {"type": "http", "url": "https://mcp.example.com/mcp", "oauth": False, "timeoutMs": 120000,
                 "enabledTools": ["one"], "disabledTools": ["two"]}}}),
    ("hooks", {"hooks": {"PostToolUse": [{"matcher": "Create|Edit|ApplyPatch",
        "hooks": [{"type": "command", "command": "\"$FACTORY_PROJECT_DIR\"/.factory/hooks/check-style.sh"}]}]}}),
    ("hooks", {"description": "Automatic code formatting", "PostToolUse": [{"matcher": "Edit", "hooks": []}]}),
    ("droid", {"name": "code-reviewer", "description": "Focused reviewer", "model": "inherit", "tools": "read-only"}),
    ("droid", {"name": "deep_analyzer2", "reasoningEffort": "high", "tools": ["Read", "Grep"], "mcpServers": []}),
    ("droid", {"name": "from-claude", "tools": "Read, Grep", "color": "blue"}),
    ("command", {"description": "Send a checklist", "argument-hint": "<branch-name>", "allowed-tools": "Read"}),
    ("command", {"argument-hint": ["branch"]}),
    ("skill", {"name": "summarize-diff", "description": "Summarize", "user-invocable": True,
               "disable-model-invocation": False}),
]  # fmt: skip


def test_the_published_file_of_an_organisation_loads_without_a_word() -> None:
    document = jsonc.parse((DATA / "factory-org.json").read_bytes())
    assert validate(load("settings"), document.value) == Findings()
    settings = normalise(document.value)
    assert settings["sessionDefaultSettings"]["autonomyLevel"] == "medium"
    assert settings["customModels"][0]["apiKey"] == "${INTERNAL_MODEL_API_KEY}"
    assert "subagentAutonomyLevel" not in settings


def test_a_file_as_the_command_line_writes_it_loads_without_a_word() -> None:
    document = jsonc.parse((DATA / "factory.json").read_bytes())
    assert validate(load("settings"), document.value) == Findings()


@pytest.mark.parametrize("settings", SETTINGS, ids=",".join)
def test_examples_of_settings_load_without_a_word(settings: dict[str, Any]) -> None:
    assert validate(load("settings"), settings) == Findings()


@pytest.mark.parametrize(("name", "value"), OTHERS)
def test_examples_of_other_files_load_without_a_word(name: SchemaName, value: dict[str, Any]) -> None:
    assert validate(load(name), value) == Findings()
