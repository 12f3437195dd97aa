"""Pure verdicts: the same call, the same policy, the same answer. Nothing here does I/O."""
