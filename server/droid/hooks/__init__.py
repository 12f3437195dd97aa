"""Runs the hooks that settings define, and reads their answers."""
