"""Whether typing gets slower while an agent works.

A keystroke is one `didChange` and one `codeAction` in the middle of 10,000 lines; it is over when the
code actions have arrived. It is timed on a server with nothing going on and, key by key in turns with
that, on one whose turn takes 200 events a second from its model and shows them in a session document that
is open in the same client.
"""

import itertools
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.lsp_client import Client
from benchmarks.model_server import Script
from benchmarks.processes import (
    BARE_SERVER,
    DROID,
    ModelServer,
    environment,
    make_workspace,
    model_server,
    write_settings,
)
from benchmarks.report import Row, machine, median, percentile, show

LINES = 10_000
KEYSTROKES = 600
PAUSE_S = 0.01
EVENTS_PER_S = 200
STREAM_S = 300
"""Longer than the typing takes: the turn is cancelled."""


class Typist:
    """One open document, and fingers on it."""

    def __init__(self, client: Client, path: Path) -> None:
        self._client = client
        self._uri = path.as_uri()
        self._version = 1
        text = "".join(f"value_{n} = compute({n})  # line {n}\n" for n in range(LINES))
        client.open(path, text)
        self.press()

    def press(self) -> float:
        """One key; returns milliseconds."""
        line = LINES // 2 + self._version % 50
        self._version += 1
        here = {"line": line, "character": 3}
        began = time.perf_counter()
        self._client.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self._uri, "version": self._version},
                "contentChanges": [{"range": {"start": here, "end": here}, "text": "x"}],
            },
        )
        ended, reply = self._client.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": self._uri},
                "range": {"start": here, "end": here},
                "context": {"diagnostics": [], "triggerKind": 1},
            },
        )
        assert "result" in reply, reply
        return (ended - began) * 1e3


class Reader:
    """Opens the document that the server shows, and makes the edits that it asks for, as an editor does.

    Attributes:
        edits: How many edits were made.
    """

    def __init__(self, client: Client) -> None:
        self.edits = 0
        self._client = client
        self._documents: dict[str, tuple[int, str]] = {}

    def take(self, _at: float, message: dict[str, Any]) -> None:
        params = message.get("params")
        if message["method"] == "window/showDocument" and params["uri"] not in self._documents:
            path = Path(urllib.request.url2pathname(urllib.parse.urlsplit(params["uri"]).path))
            text = path.read_text(encoding="utf-8")
            self._documents[params["uri"]] = (1, text)
            self._client.open(path, text, language="markdown")
        elif message["method"] == "workspace/applyEdit":
            for change in params["edit"]["documentChanges"]:
                self._edit(change["textDocument"]["uri"], change["edits"])

    def _edit(self, uri: str, edits: list[dict[str, Any]]) -> None:
        version, text = self._documents[uri]
        lines = text.split("\n")
        starts = [0, *itertools.accumulate(len(line) + 1 for line in lines)]

        def offset(place: dict[str, int]) -> int:
            return min(starts[min(place["line"], len(lines))] + place["character"], len(text))

        for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
            begin, end = (offset(edit["range"][side]) for side in ("start", "end"))
            text = text[:begin] + edit["newText"] + text[end:]
            self.edits += 1
            version += 1
            change = {"range": edit["range"], "text": edit["newText"]}
            self._client.notify(
                "textDocument/didChange",
                {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]},
            )
        self._documents[uri] = (version, text)


def press_in_turns(typists: Sequence[Typist], count: int) -> list[list[float]]:
    """Each typist's times. Key by key, so that what else the machine does falls on all alike."""
    times: list[list[float]] = [[] for _ in typists]
    order = list(range(len(typists)))
    for _ in range(count):
        order.append(order.pop(0))
        for number in order:
            times[number].append(typists[number].press())
            time.sleep(PAUSE_S)
    return times


def measure(folder: Path, model: ModelServer) -> list[Row]:
    workspace = make_workspace(folder / "workspace")
    run = model.new_run(Script(words=STREAM_S * EVENTS_PER_S, words_per_s=EVENTS_PER_S))
    write_settings(folder, model.base_url(run))
    env, errors = environment(folder), folder / "errors.log"
    commands = (BARE_SERVER, (str(DROID), "serve"), (str(DROID), "serve"))
    clients = [Client(command, workspace=workspace, env=env, errors=errors) for command in commands]
    try:
        for client in clients:
            client.initialize()
        bare, quiet, working = (Typist(client, workspace / "big.py") for client in clients)
        alone, idle = press_in_turns([bare, quiet], KEYSTROKES)
        reader = Reader(clients[-1])
        clients[-1].on_message = reader.take
        clients[-1].command("droid.ask", {"prompt": "Tell me about this folder."})
        deadline = time.monotonic() + 10
        while not model.asked(run) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        before = reader.edits
        beside, busy = press_in_turns([quiet, working], KEYSTROKES)
        still_streaming = not model.asked(run)[0]["ended_ns"]
        shown = reader.edits - before
        clients[-1].command("droid.cancel")
    finally:
        for client in clients:
            client.close()
    assert still_streaming, "the turn ended before the typing did"
    assert shown, "the document was not written while the turn streamed"
    return [
        Row(
            name="key press, idle, p50",
            unit="ms",
            ours=median(idle),
            beside="pygls alone",
            peer=median(alone),
            target=2.0,
        ),
        Row(
            name="key press while a turn streams, p50",
            unit="ms",
            ours=median(busy),
            beside="idle server",
            peer=median(beside),
            target=1.1,
        ),
        Row(name="key press while a turn streams, p99", unit="ms", ours=percentile(busy, 0.99), target=10.0),
    ]


def main() -> bool:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, model_server() as model:
        return show("language server, typing in 10,000 lines", measure(Path(folder), model))


if __name__ == "__main__":
    print(machine())
    main()
