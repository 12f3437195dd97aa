"""How dangerous a shell command is."""
