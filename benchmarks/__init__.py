"""How fast and how small, beside others, in one run on one machine."""
