"""Reads the session's transcript while it is written: that is where each decision and its rule stand."""

import json
from pathlib import Path
from typing import Any


class TranscriptReader:
    """Follows the transcript of one session below a `.factory` folder.

    Attributes:
        path: The file; None until it is there.
    """

    def __init__(self, home: Path, session_id: str) -> None:
        self.path: Path | None = None
        self._home = home
        self._session_id = session_id
        self._read_bytes = 0
        self._decisions: dict[str, list[dict[str, Any]]] = {}

    def decisions(self, call_id: str) -> list[dict[str, Any]]:
        """What the gate said of a call so far: an ask, then what its answer made of it."""
        self._read_on()
        return self._decisions.get(call_id, [])

    def _read_on(self) -> None:
        if self.path is None:
            self.path = next(self._home.glob(f"sessions/*/{self._session_id}.jsonl"), None)
        if self.path is None:
            return
        with self.path.open("rb") as file:
            file.seek(self._read_bytes)
            for line in file:
                if not line.endswith(b"\n"):
                    break  # it is being written
                self._read_bytes += len(line)
                event = json.loads(line)
                if event.get("type") == "decision_made":
                    self._decisions.setdefault(event["call_id"], []).append(event["decision"])


def rule_of(decision: dict[str, Any]) -> str:
    """The rule that decided, in words, with the settings level that it comes from."""
    trace: list[dict[str, Any]] = decision["trace"]
    verdict = decision["verdict"]
    deciding = next((entry for entry in reversed(trace) if entry["verdict"] == verdict), None)
    if deciding is None:
        return "no rule objects"
    matched = f": {deciding['matched']}" if deciding.get("matched") else ""
    return f"{deciding['rule']}{matched} [{deciding['step']}, {deciding['level']}]"
