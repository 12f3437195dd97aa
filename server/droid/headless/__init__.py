"""The headless edge: one prompt in, one answer out, and an exit code that says how it went."""
