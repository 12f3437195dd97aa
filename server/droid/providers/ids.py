"""Ids of tool calls, which some servers leave out or give twice."""

import secrets


class CallIds:
    """The ids within one answer."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def unique(self, call_id: str | None) -> str:
        """The server's id, or a new one where there is none or it is taken."""
        if not call_id or call_id in self._seen:
            call_id = f"call_{secrets.token_hex(12)}"
        self._seen.add(call_id)
        return call_id
