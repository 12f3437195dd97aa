"""How the program reaches the network: one client factory, so that no part connects around it."""
