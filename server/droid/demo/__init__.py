"""The demonstration: a sample task, a scripted model behind real HTTP, and an editor's side of LSP."""
