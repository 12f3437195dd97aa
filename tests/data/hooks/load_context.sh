#!/usr/bin/env bash
# Tells a session at its start what is known of the project.
source=$(python3 -c 'import json, sys; print(json.load(sys.stdin)["source"])')
printf '{"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": "This project sells books (%s)."}}\n' "$source"
