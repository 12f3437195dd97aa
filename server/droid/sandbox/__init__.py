"""Runs commands, and ends everything they started. Nothing is confined yet: see `runner`."""
