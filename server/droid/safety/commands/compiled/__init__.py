"""The table of programs as Python literals, written from `programs/*.toml` by `make generate`."""
