"""What a checkpoint leaves out, in words that fit a line."""

_NAMED = 3


class LeftOut:
    """Collects names by the reason for which they are left out."""

    def __init__(self) -> None:
        self._names: dict[str, list[str]] = {}
        self._everything: dict[str, None] = {}

    def everything(self, why: str) -> None:
        self._everything[f"the files of the workspace: {why}"] = None

    def guarded(self, name: str) -> None:
        self._add("settings or their content keep them from being copied", name)

    def large(self, name: str) -> None:
        self._add("too large", name)

    def many(self, name: str) -> None:
        self._add("there are too many files", name)

    def much(self, name: str) -> None:
        self._add("all files together are too large", name)

    def late(self, name: str) -> None:
        self._add("reading them would take too long", name)

    def changing(self, name: str) -> None:
        self._add("changed while they were read", name)

    def unreadable(self, name: str) -> None:
        self._add("cannot be read", name)

    def in_words(self) -> tuple[str, ...]:
        """One line for each reason, with the first names."""
        lines = list(self._everything)
        for why, names in self._names.items():
            lines.append(f"{named(names)} ({why})")
        return tuple(lines)

    def _add(self, why: str, name: str) -> None:
        self._names.setdefault(why, []).append(name)


def named(names: list[str]) -> str:
    """`a, b, c and 7 more`, each on one line whatever it is called."""
    shown = ["".join(char if char.isprintable() else "�" for char in name) for name in names[:_NAMED]]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more else "")
