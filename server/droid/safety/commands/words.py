"""Words of a command after quoting and expansion, as far as they are known without running anything."""

from dataclasses import dataclass

UNKNOWN = "\0"
"""Stands in a word for a piece that only the running shell would know. No real word can hold it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word.

    Attributes:
        text: Quotes and escapes taken away, with `UNKNOWN` for each piece that is not known.
        glob: It has a `*`, `?` or `[` that the shell expands to names of files.
        may_split: An unquoted expansion may make several words of it, or none.
    """

    text: str
    glob: bool = False
    may_split: bool = False

    @property
    def known(self) -> bool:
        """Whether `text` is all of it."""
        return UNKNOWN not in self.text

    def __str__(self) -> str:
        return self.text.replace(UNKNOWN, "…")
