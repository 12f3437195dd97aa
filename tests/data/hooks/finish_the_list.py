#!/usr/bin/env python3
"""Keeps the agent going once, until the change log has been thought of."""

import json
import sys

data = json.load(sys.stdin)
if not data.get("stop_hook_active"):
    print(json.dumps({"decision": "block", "reason": "say whether the change log needs an entry"}))
