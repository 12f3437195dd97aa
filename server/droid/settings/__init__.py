"""Finds, validates and merges `.factory/` folders into the policy of a workspace."""
