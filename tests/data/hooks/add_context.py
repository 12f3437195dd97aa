#!/usr/bin/env python3
"""Adds what the team wants every prompt to come with; refuses prompts with a password in them."""

import json
import re
import sys

data = json.load(sys.stdin)
prompt = data.get("prompt", "")
if re.search(r"(?i)\bpassword\s*[:=]", prompt):
    print(json.dumps({"decision": "block", "reason": "there is a password in the prompt; leave it out"}))
    sys.exit(0)
print(f"The team's branch names begin with the ticket. Mode: {data['permission_mode']}.")
