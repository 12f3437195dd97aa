"""The built-in tools: one file per tool, each declared with `tools.base`."""
