"""Writes what clients and their authors need of the wire protocol, from the Python types of `droid.lsp`."""

import sys
from pathlib import Path

from generate import protocol_lua, protocol_page, protocol_typescript
from generate.protocol_model import NotJson, read

ROOT = Path(__file__).resolve().parents[1]


def outputs() -> dict[Path, str]:
    """Every generated file with its text.

    Raises:
        NotJson: a type cannot be sent.
    """
    protocol = read()
    return {
        ROOT / "vscode-client/src/protocol.ts": protocol_typescript.write(protocol),
        ROOT / "neovim/lua/droid/protocol.lua": protocol_lua.write(protocol),
        ROOT / "docs/protocol.md": protocol_page.write(protocol),
    }


def main() -> int:
    try:
        wanted = outputs()
    except NotJson as error:
        sys.stderr.write(f"droid.lsp.protocol: this cannot be sent as JSON: {error}\n")
        return 1
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
