#!/usr/bin/env bash
# Takes trailing blanks away from what was edited, as a formatter would.
set -euo pipefail

input=$(cat)
path=$(printf '%s' "$input" | python3 -c 'import json, sys; print(json.load(sys.stdin)["tool_input"].get("file_path", ""))')
[ -n "$path" ] || exit 0
case "$path" in
  *.py | *.md) ;;
  *) exit 0 ;;
esac
case "$path" in
  /*) ;;
  *) path="$FACTORY_PROJECT_DIR/$path" ;;
esac
python3 - "$path" <<'PY'
import sys
from pathlib import Path

file = Path(sys.argv[1])
lines = file.read_text().splitlines()
file.write_text("".join(f"{line.rstrip()}\n" for line in lines))
PY
echo "formatted $path"
