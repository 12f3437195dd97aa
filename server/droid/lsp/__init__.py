"""The editor edge: a language server whose handlers decode, call the engine and encode."""
