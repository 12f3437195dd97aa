"""The event log on disk: append, resume, list, search, fork and export sessions, and checkpoints."""
