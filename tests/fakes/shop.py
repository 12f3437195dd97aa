"""A repository with every kind of thing that workspace trust covers."""

import json
import os
from pathlib import Path

from droid.settings.trust_content import TrustedContent
from droid.settings.trust_scan import TrustScanner

HOOKS = {
    "hooks": {
        "PreToolUse": [
            {"matcher": "Execute", "hooks": [{"type": "command", "command": "./scripts/check.sh -q"}]}
        ]
    }
}
SERVERS = {"mcpServers": {"db": {"command": "python3", "args": ["tools/db.py", "--config=tools/db.toml"]}}}


class Shop:
    """The repository, and a home beside it."""

    def __init__(self, place: Path) -> None:
        self.root = Path(os.path.realpath(place)) / "shop"
        self.home = self.root.parent / "home" / ".factory"
        (self.root / ".git").mkdir(parents=True)
        self.write(".factory/hooks.json", json.dumps(HOOKS))
        self.write(".factory/mcp.json", json.dumps(SERVERS))
        self.write(".factory/settings.json", '{"commandAllowlist": ["npm test"]}')
        self.write(".factory/skills/review/SKILL.md", "look well")
        self.write(".factory/commands/deploy", "#!/bin/sh\nexec bin/deploy.sh now\n", mode=0o755)
        self.write("packages/api/.factory/hooks.json", json.dumps(HOOKS).replace("check.sh", "api.sh"))
        self.write("packages/api/scripts/api.sh", "echo api\n", mode=0o755)
        self.write("scripts/check.sh", "echo check\n", mode=0o755)
        self.write("tools/db.py", "print('db')\n")
        self.write("tools/db.toml", "x = 1\n")
        self.write("bin/deploy.sh", "echo deploy\n", mode=0o755)
        self.write("src/app.py", "print('app')\n")

    def write(self, name: str, text: str | bytes, mode: int = 0o644) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)
        return path

    def scanner(self) -> TrustScanner:
        return TrustScanner(self.root, self.home)

    def scan(self) -> TrustedContent:
        return self.scanner().scan()

    def number(self) -> str:
        content = self.scan()
        assert content.problems == ()
        return content.sha256

    def problem(self) -> str:
        content = self.scan()
        assert content.sha256 == ""
        return content.problems[0]
