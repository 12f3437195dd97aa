#!/usr/bin/env python3
"""Refuses commands that delete whole trees; exits 1 for tools that it does not care about."""

import json
import re
import sys

RULES = [(r"\brm\s+-[a-z]*r[a-z]*f|\brm\s+-[a-z]*f[a-z]*r", "deleting whole trees is not allowed here")]

try:
    data = json.load(sys.stdin)
except json.JSONDecodeError as error:
    print(f"not JSON: {error}", file=sys.stderr)
    sys.exit(1)

if data.get("tool_name") != "Execute":
    sys.exit(1)

command = data.get("tool_input", {}).get("command", "")
found = [message for pattern, message in RULES if re.search(pattern, command)]
if found:
    print("\n".join(f"- {message}" for message in found), file=sys.stderr)
    sys.exit(2)
