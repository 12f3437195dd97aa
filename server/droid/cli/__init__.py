"""The command line: reads argv and picks an edge."""
