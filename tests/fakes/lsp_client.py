"""An editor without a screen: speaks raw JSON-RPC to the real server, and answers as real editors do.

    async with LspClient(command, root=folder, profile="neovim") as editor:
        await editor.initialize()
        editor.open(path)
        await editor.command("droid.explain")
        await editor.message("$/progress")

Profiles come from `tests/data/clients`, which were recorded with real editors or read off their source:
what they declare, how they number requests and versions, and what they do with an edit that is stale.
Questions are answered by `answers` in order: a title or its beginning, `DISMISS`, or `NEVER`; without one
they stay open. Edits that need confirmation are taken, where the editor asks at all, until `refusals` says
otherwise.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from tests.fakes.lsp_declared import undeclared
from tests.fakes.lsp_habits import HABITS, Confirm, Existing, Habits, Stale

DATA = Path(__file__).resolve().parents[1] / "data" / "clients"
NAMES = ("vscode", "neovim", "eglot", "helix", "lsp4ij")
DISMISS = object()
NEVER = object()
_RICH = {"Approve once": "once", "Reject": "reject", "Reject and instruct": "instruct"}
_PREVIEW = "vscode-bulkeditpreview-editor"


class LspError(Exception):
    """The server answered with an error."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("message")))
        self.code = error.get("code")


class ServerGone(Exception):
    """The server closed the connection while something was awaited."""


@dataclass
class Buffer:
    """An open document."""

    uri: str
    text: str
    version: int
    path: Path
    language: str


@dataclass
class Profile:
    """One editor, as it was recorded."""

    name: str
    initialize: Mapping[str, Any]
    behaviour: Mapping[str, Any] = field(repr=False)

    @classmethod
    def load(cls, name: str, root: Path) -> Profile:
        text = (DATA / f"{name}.json").read_text(encoding="utf-8").replace("${ROOT}", str(root))
        data = json.loads(text)
        return cls(name=name, initialize=data["initialize"], behaviour=data["behaviour"])

    @property
    def encoding(self) -> str:
        offered = self.initialize["capabilities"].get("general", {}).get("positionEncodings", [])
        return offered[0] if offered else "utf-16"

    @property
    def habits(self) -> Habits:
        return HABITS[self.name]

    def declares(self, *path: str) -> bool:
        found: Any = self.initialize["capabilities"]
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return bool(found)

    def answer(self, case: str) -> Mapping[str, Any] | None:
        """The recorded answer; None where there never was one."""
        return self.behaviour[case]["answer"]


class LspClient:
    """The editor.

    Attributes:
        received: Every message of the server, in order.
        questions: What `window/showMessageRequest` asked, with the titles it offered.
        answers: How the next questions are answered.
        instruction: What goes with "Reject and instruct", in a client that asks in its own way.
        refusals: How many of the next edits that are confirmed by a person are refused.
        before_edit: Called with the documents of each edit that the server asks for, before it is made.
        undeclared: What the server sent so far that this client had not declared.
        handlers: By method, what answers a request of the server instead of the profile.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        root: Path,
        profile: str = "vscode",
        env: Mapping[str, str] | None = None,
        droid: Mapping[str, Any] | None = None,
        stderr: Path | None = None,
    ) -> None:
        self.root = root
        self.profile = Profile.load(profile, root)
        self.droid = droid
        self.received: list[dict[str, Any]] = []
        self.questions: list[dict[str, Any]] = []
        self.answers: deque[object] = deque()
        self.handlers: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.buffers: dict[str, Buffer] = {}
        self.instruction = ""
        self.refusals = 0
        self.type_before_edits: Callable[[], None] | None = None
        self.before_edit: Callable[[list[str]], None] | None = None
        self._command = command
        self._env = env
        self._stderr = stderr
        self._numbers = itertools.count(0)
        self._waiting: dict[object, asyncio.Future[dict[str, Any]]] = {}
        self._asked: dict[object, str] = {}
        self._params: Mapping[str, Any] = self.profile.initialize
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()

    # The process

    async def __aenter__(self) -> Self:
        with (self._stderr or self.root.parent / "server.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self.root,
                env=dict(self._env) if self._env is not None else None,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                limit=1 << 26,
            )
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self.process.returncode is None:
            try:
                async with asyncio.timeout(10):
                    if not self._reading.done():
                        await self.request("shutdown", None)
                        self.notify("exit", None)
                    await self.process.wait()
            except (TimeoutError, LspError, ServerGone, OSError):
                self.kill_server()
                await self.process.wait()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self.hang_up()

    def kill_server(self) -> None:
        if self.process.returncode is None:
            self.process.kill()

    def hang_up(self) -> None:
        """Close the server's standard input, as a killed editor does."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    # Talking

    async def initialize(self, **changes: Any) -> dict[str, Any]:
        params = {**self.profile.initialize, **changes}
        if self.droid is not None:
            capabilities = dict(params["capabilities"])
            capabilities["experimental"] = {"droid": dict(self.droid)}
            params["capabilities"] = capabilities
        self._params = params
        result = await self.request("initialize", params)
        self.encoding = result["capabilities"].get("positionEncoding", "utf-16")
        self.notify("initialized", {})
        return result

    async def request(self, method: str, params: Any, timeout_s: float = 60) -> Any:
        """Ask, and wait for the result.

        Raises:
            LspError: the server refused.
        """
        reply = await self.ask(method, params, timeout_s)
        if "error" in reply:
            raise LspError(reply["error"])
        return reply["result"]

    async def ask(self, method: str, params: Any, timeout_s: float = 60) -> dict[str, Any]:
        """The whole reply, good or bad."""
        number = next(self._numbers)
        id_: object = str(number + 1) if self.profile.habits.string_ids else number
        self._asked[id_] = method
        future = self._waiting[id_] = asyncio.get_running_loop().create_future()
        self.send({"id": id_, "method": method, "params": params})
        async with asyncio.timeout(timeout_s):
            return await future

    async def command(self, command: str, *arguments: Any, timeout_s: float = 60) -> Any:
        return await self.request(
            "workspace/executeCommand", {"command": command, "arguments": list(arguments)}, timeout_s
        )

    def notify(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def send(self, message: Mapping[str, Any]) -> None:
        self.send_raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_raw(self, body: bytes) -> None:
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def send_bytes(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)

    def cancel_progress(self, token: object) -> None:
        """Press the button that cancels a progress, in an editor that has one."""
        assert self.profile.habits.cancels_progress
        self.notify("window/workDoneProgress/cancel", {"token": token})

    @property
    def undeclared(self) -> list[str]:
        return undeclared(self._params, self.received, self._asked)

    # Waiting

    async def until(self, condition: Callable[[], Any], timeout_s: float = 60) -> Any:
        """Wait until a condition holds, looked at after every message; returns what it said."""
        async with asyncio.timeout(timeout_s), self._changed:
            while not (found := condition()):
                if self._reading.done():
                    raise ServerGone
                await self._changed.wait()
            return found

    async def message(
        self, method: str, fits: Callable[[dict[str, Any]], bool] = lambda _: True, timeout_s: float = 60
    ) -> dict[str, Any]:
        """The first message of the server of that kind, past or to come."""

        def find() -> dict[str, Any] | None:
            for one in self.received:
                if one.get("method") == method and fits(one.get("params") or {}):
                    return one
            return None

        return await self.until(find, timeout_s)

    async def question(self, pattern: str = "", timeout_s: float = 60) -> dict[str, Any]:
        """The first question whose text matches, past or to come."""
        return await self.until(
            lambda: next((one for one in self.questions if re.search(pattern, one["message"])), None),
            timeout_s,
        )

    def answer(self, question: Mapping[str, Any], title: object) -> None:
        """Answer a question that was left open."""
        answer = self._rich_answer if question.get("rich") else self._answer_with
        self.send({"id": question["id"], **answer(question["actions"], title)})

    async def turn_ended(self, count: int = 1, timeout_s: float = 60) -> None:
        """Wait for the end of a turn's progress."""

        def ended() -> bool:
            ends = [
                one
                for one in self.received
                if one.get("method") == "$/progress" and one["params"]["value"].get("kind") == "end"
            ]
            return len(ends) >= count

        await self.until(ended, timeout_s)

    # Editing

    def open(self, path: Path, text: str | None = None, *, language: str = "python") -> Buffer:
        uri = path.as_uri()
        text = path.read_bytes().decode() if text is None else text
        version = self.profile.habits.first_version
        buffer = self.buffers[unquote(uri)] = Buffer(uri, text, version, path, language)
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        for _ in range(1 + self.profile.habits.opens_twice):
            self.notify("textDocument/didOpen", {"textDocument": item})
        return buffer

    def close(self, path: Path) -> None:
        buffer = self.buffers.pop(unquote(path.as_uri()))
        self.notify("textDocument/didClose", {"textDocument": {"uri": buffer.uri}})

    def save(self, path: Path) -> None:
        buffer = self.buffers[unquote(path.as_uri())]
        buffer.path.write_bytes(buffer.text.encode())
        self.notify("textDocument/didSave", {"textDocument": {"uri": buffer.uri}})

    def buffer(self, path: Path) -> Buffer:
        return self.buffers[unquote(path.as_uri())]

    def type(self, path: Path, offset: int, text: str, *, keys: bool = True) -> None:
        """Insert at a place in the text, key by key or at once."""
        buffer = self.buffer(path)
        for index, piece in enumerate(text if keys else [text]):
            self.change(buffer, offset + (index if keys else 0), 0, piece)

    def change(self, buffer: Buffer, offset: int, length: int, text: str) -> None:
        """Replace some text, as one change."""
        range_ = {
            "start": self._position(buffer.text, offset),
            "end": self._position(buffer.text, offset + length),
        }
        buffer.text = buffer.text[:offset] + text + buffer.text[offset + length :]
        buffer.version += 1
        self._report(buffer, [{"range": range_, "text": text}])

    def _report(self, buffer: Buffer, changes: list[dict[str, Any]]) -> None:
        identifier = {"uri": buffer.uri, "version": buffer.version}
        self.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})

    def _position(self, text: str, offset: int) -> dict[str, int]:
        before = text[:offset]
        line = before.count("\n")
        return {"line": line, "character": self._units(before[before.rfind("\n") + 1 :])}

    def _units(self, text: str) -> int:
        match self.encoding:
            case "utf-8":
                return len(text.encode())
            case "utf-16":
                return len(text.encode("utf-16-le")) // 2
            case _:
                return len(text)

    def _offset(self, text: str, position: Mapping[str, int]) -> int:
        lines = text.split("\n")
        if position["line"] >= len(lines):
            return len(text)
        start = sum(len(line) + 1 for line in lines[: position["line"]])
        line = lines[position["line"]]
        for index in range(len(line) + 1):
            if self._units(line[:index]) >= position["character"]:
                return start + index
        return start + len(line)

    # The server's requests

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while True:
                header = await self.process.stdout.readuntil(b"\r\n\r\n")
                length = int(re.search(rb"Content-Length: (\d+)", header)[1])  # type: ignore[index]
                await self._take(json.loads(await self.process.stdout.readexactly(length)))
        except asyncio.IncompleteReadError:
            pass
        finally:
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ServerGone())
            async with self._changed:
                self._changed.notify_all()

    async def _take(self, message: dict[str, Any]) -> None:
        self.received.append(message)
        if message.get("method") == "$/cancelRequest":
            self._withdrawn(message["params"]["id"])
        elif "method" not in message:
            future = self._waiting.pop(message.get("id"), None)
            if future is not None and not future.done():
                future.set_result(message)
        elif "id" in message:
            self._serve(message)
        async with self._changed:
            self._changed.notify_all()

    def _serve(self, message: dict[str, Any]) -> None:
        method, params = message["method"], message.get("params") or {}
        if method in self.handlers:
            answer = self.handlers[method](params)
            if answer is not NEVER:
                self.send({"id": message["id"], "result": answer})
        elif method == "window/showMessageRequest":
            actions = [action["title"] for action in params.get("actions") or ()]
            self._question({"id": message["id"], "message": params["message"], "actions": actions})
        elif method == "droid/requestApproval":
            asked = {"id": message["id"], "message": params["subject"], "actions": params["options"]}
            self._question({**asked, "rich": True})
        elif method == "window/showDocument":
            self._show_document(message["id"], params)
        elif method == "workspace/applyEdit":
            task = asyncio.get_running_loop().create_task(self._edit(message["id"], params))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        else:
            self.send({"id": message["id"], **(self._recorded(method, params) or {"result": None})})

    def _question(self, question: dict[str, Any]) -> None:
        self.questions.append(question)
        if self.answers and (title := self.answers.popleft()) is not NEVER:
            self.answer(question, title)

    def _recorded(self, method: str, params: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """As the editor answered when it was recorded; a method that nobody put to it is unknown to it."""
        case = method
        if method == "client/registerCapability":
            case = f"{method}.{params['registrations'][0]['method'].rpartition('/')[2]}"
        return self.profile.answer(case if case in self.profile.behaviour else "unknownRequest")

    def _withdrawn(self, id_: object) -> None:
        """Most editors leave a question on the screen that the server has withdrawn."""
        asked = next((one for one in self.questions if one["id"] == id_), None)
        if asked is not None and self.profile.habits.closes_withdrawn:
            recorded = self.profile.answer("window/showMessageRequest.cancelledByServer")
            self.send({"id": id_, **(recorded or {"result": None})})

    def _answer_with(self, actions: Sequence[str], title: object) -> Mapping[str, Any]:
        if title is DISMISS:
            answer = self.profile.answer("window/showMessageRequest.dismissed") if self.profile else None
            return answer or {"result": None}
        chosen = next((one for one in actions if one.startswith(str(title))), None)
        assert chosen is not None, f"{title!r} is not among {actions}"
        return {"result": {"title": chosen}}

    def _rich_answer(self, options: Sequence[str], title: object) -> Mapping[str, Any]:
        if title is DISMISS:
            return {"result": None}
        answer = _RICH[str(title)]
        assert answer in options, f"{title!r} is not among {options}"
        instruction = {"instruction": self.instruction} if answer == "instruct" else {}
        return {"result": {"answer": answer, **instruction}}

    def _show_document(self, id_: object, params: Mapping[str, Any]) -> None:
        if self.profile.habits.needs_selection and "selection" not in params:
            return  # it never answers
        if not self.profile.declares("window", "showDocument", "support"):
            self.send({"id": id_, **(self.profile.answer("window/showDocument.file") or {"result": None})})
            return
        path = Path(unquote(urlsplit(params["uri"]).path))
        if unquote(params["uri"]) not in self.buffers and path.exists():
            self.open(path, language="markdown")
        missing = self.profile.answer("window/showDocument.missingFile") or {"result": None}
        self.send({"id": id_, **({"result": {"success": True}} if path.exists() else missing)})

    async def _edit(self, id_: object, params: Mapping[str, Any]) -> None:
        await self._apply_edit(id_, params)
        # Buffers change after the message that asked for it was taken in: whoever waits looks again.
        async with self._changed:
            self._changed.notify_all()

    async def _apply_edit(self, id_: object, params: Mapping[str, Any]) -> None:
        if self.type_before_edits is not None:
            self.type_before_edits()
        edit, habits = params["edit"], self.profile.habits
        if self.before_edit is not None:
            named = [one["textDocument"]["uri"] for one in edit.get("documentChanges", ()) if "edits" in one]
            self.before_edit([*named, *edit.get("changes", {})])
        if habits.asks_while_editing:
            await self._ask_about_edit(edit)
        if (refusal := self._refused_by_person(edit)) is not None:
            self.send({"id": id_, **refusal})
            return
        changes = edit.get("documentChanges") or [
            {"textDocument": {"uri": uri, "version": None}, "edits": edits}
            for uri, edits in edit.get("changes", {}).items()
        ]
        stale = [self._is_stale(change) for change in changes]
        if habits.first_only:
            stale[1:] = [False] * (len(stale) - 1)
        reports: list[tuple[Buffer, list[dict[str, Any]]]] = []
        answer: Mapping[str, Any] = {"result": {"applied": True}}
        if habits.confirm is Confirm.PREVIEW and any(stale):
            # VS Code takes all of an edit or nothing.
            changes, answer = [], self.profile.answer("workspace/applyEdit.staleVersion") or answer
        for change, is_stale in zip(changes, stale, strict=False):
            if is_stale and habits.stale is not Stale.MADE:
                answer = self.profile.answer("workspace/applyEdit.staleVersion") or answer
                break
            if "kind" in change:
                answer = self._change_files(change) or answer
                continue
            buffer = self._buffer_for(change["textDocument"]["uri"])
            reports.append((buffer, self._apply(buffer, change["edits"])))
        later = habits.reports_after_s
        if later is None:
            for buffer, changed in reports:
                self._report(buffer, changed)
            self.send({"id": id_, **answer})
            return
        self.send({"id": id_, **answer})
        await asyncio.sleep(later)
        for buffer, changed in reports:
            self._report(buffer, changed)

    def _is_stale(self, change: Mapping[str, Any]) -> bool:
        identifier = change.get("textDocument") or {}
        version = identifier.get("version")
        buffer = self.buffers.get(unquote(identifier.get("uri", "")))
        return version is not None and (buffer is None or buffer.version != version)

    def _buffer_for(self, uri: str) -> Buffer:
        """The buffer of a file; one that is not open is opened for the edit, whether it exists or not."""
        found = self.buffers.get(unquote(uri))
        if found is not None:
            return found
        path = Path(unquote(urlsplit(uri).path))
        return self.open(path, path.read_bytes().decode() if path.exists() else "")

    async def _ask_about_edit(self, edit: Mapping[str, Any]) -> None:
        """VS Code asks the server, and waits for it, before it says whether an edit was applied."""
        for change in edit.get("documentChanges") or ():
            if change.get("kind") == "create":
                await self.ask("workspace/willCreateFiles", {"files": [{"uri": change["uri"]}]})
            elif "textDocument" in change and change["textDocument"]["uri"] in self.buffers:
                start = {"line": 0, "character": 0}
                place = {"textDocument": {"uri": change["textDocument"]["uri"]}}
                range_ = {"start": start, "end": start}
                context = {"diagnostics": [], "triggerKind": 2}
                await self.ask("textDocument/codeAction", {**place, "range": range_, "context": context})

    def _refused_by_person(self, edit: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The answer to an edit that the person looked at and did not want."""
        annotations = edit.get("changeAnnotations") or {}
        asks = self.profile.habits.confirm
        if asks is Confirm.NOBODY or not any(one.get("needsConfirmation") for one in annotations.values()):
            return None
        if asks is Confirm.PREVIEW:
            uri = f"{_PREVIEW}:/preview.txt"
            item = {"uri": uri, "languageId": "plaintext", "version": 1, "text": ""}
            self.notify("textDocument/didOpen", {"textDocument": item})
            self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        if not self.refusals:
            return None
        self.refusals -= 1
        return self.profile.answer("workspace/applyEdit.needsConfirmation.refused")

    def _change_files(self, change: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """A file operation; what is answered where it failed."""
        if not self.profile.habits.file_operations:
            return None  # eglot ignores them, and says that it applied them
        options = change.get("options") or {}
        if change["kind"] == "create":
            path = Path(unquote(urlsplit(change["uri"]).path))
            if not path.exists() or options.get("overwrite"):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"")
            elif self.profile.habits.existing is Existing.TRUNCATED:
                path.write_bytes(b"")
            elif self.profile.habits.existing is Existing.REFUSED and not options.get("ignoreIfExists"):
                return {"result": {"applied": False}}
        elif change["kind"] == "delete":
            Path(unquote(urlsplit(change["uri"]).path)).unlink(missing_ok=True)
        else:
            old, new = (Path(unquote(urlsplit(change[key]).path)) for key in ("oldUri", "newUri"))
            if not new.exists():
                old.rename(new)
        return None

    def _apply(self, buffer: Buffer, edits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Apply edits from the last to the first, so that ranges hold; as the changes to report."""
        text = buffer.text
        placed = [
            (self._offset(text, one["range"]["start"]), self._offset(text, one["range"]["end"]), one)
            for one in edits
        ]
        changes: list[dict[str, Any]] = []
        for start, end, one in sorted(placed, key=lambda entry: entry[0], reverse=True):
            range_ = {"start": self._position(text, start), "end": self._position(text, end)}
            changes.append({"range": range_, "text": one["newText"]})
            buffer.text = buffer.text[:start] + one["newText"] + buffer.text[end:]
        buffer.version += 1
        return changes
