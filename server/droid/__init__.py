"""Droid as a language server: a coding agent whose rules travel with the repository."""

__version__ = "0.1.0"
