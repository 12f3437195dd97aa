"""Installs the programs that ours is measured beside, at the releases in `peers.json`."""

import json
import subprocess
import sys
from pathlib import Path


def main() -> None:
    cache = Path(sys.argv[1])
    peers = json.loads(Path(__file__).with_name("peers.json").read_text(encoding="utf-8"))
    for name, package in peers["npm"].items():
        folder = cache / "npm" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n', encoding="utf-8")
        command = ["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", "--save-exact", package]
        subprocess.run(command, cwd=folder, check=True)


if __name__ == "__main__":
    main()
