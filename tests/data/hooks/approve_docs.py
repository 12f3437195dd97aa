#!/usr/bin/env python3
"""Lets documentation be written without asking, in the older form of an answer."""

import json
import sys

data = json.load(sys.stdin)
if data.get("tool_input", {}).get("file_path", "").endswith((".md", ".txt")):
    print(json.dumps({"decision": "approve", "reason": "documentation", "suppressOutput": True}))
