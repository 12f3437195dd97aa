#!/usr/bin/env bash
# Writes down what a person should look at; a desktop notification would go here.
python3 -c 'import json, sys; print(json.load(sys.stdin)["message"])' >> "$FACTORY_PROJECT_DIR/notified.txt"
