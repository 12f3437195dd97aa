"""Values, events, errors and ports. Imports nothing that does I/O."""
