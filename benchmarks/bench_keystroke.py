"""Whether typing gets slower while an agent works.

A keystroke is one `didChange` and one `codeAction` in the middle of 10,000 lines; it is over when the
code actions have arrived. It is timed with nothing going on, and while a turn streams 200 events a
second to the same client.
"""

import tempfile
import time
from pathlib import Path

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
KEYSTROKES = 400
PAUSE_S = 0.02
EVENTS_PER_S = 200


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

    def type(self, count: int) -> list[float]:
        times: list[float] = []
        for _ in range(count):
            times.append(self.press())
            time.sleep(PAUSE_S)
        return times


def measure(folder: Path, model: ModelServer) -> list[Row]:
    workspace = make_workspace(folder / "workspace")
    seconds = KEYSTROKES * 0.1
    run = model.new_run(Script(words=int(seconds * EVENTS_PER_S), words_per_s=EVENTS_PER_S))
    write_settings(folder, model.base_url(run))
    env, errors = environment(folder), folder / "errors.log"

    bare = Client(BARE_SERVER, workspace=workspace, env=env, errors=errors)
    try:
        bare.initialize()
        alone = Typist(bare, workspace / "big.py").type(KEYSTROKES)
    finally:
        bare.close()

    seen = [0]
    client = Client((str(DROID), "serve"), workspace=workspace, env=env, errors=errors)

    def count(_at: float, _message: object) -> None:
        seen[0] += 1

    try:
        client.initialize()
        client.on_message = count
        typist = Typist(client, workspace / "big.py")
        idle = typist.type(KEYSTROKES)
        client.command("droid.ask", {"prompt": "Tell me about this folder."})
        deadline = time.monotonic() + 10
        while not model.asked(run) and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.5)
        seen[0] = 0
        busy = typist.type(KEYSTROKES)
        still_streaming = not model.asked(run)[0]["ended_ns"]
        shown = seen[0]
        client.command("droid.cancel")
    finally:
        client.close()
    assert still_streaming, "the turn ended before the typing did"
    assert shown, "the client was told nothing of the turn"
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
            beside="idle",
            peer=median(idle),
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
