"""The texts that a model reads as instructions, one file each."""

from functools import cache
from importlib.resources import files


@cache
def prompt_text(name: str) -> str:
    """The prompt `<name>.md`, without its final newline."""
    return files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8").rstrip("\n")
