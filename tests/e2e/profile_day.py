"""A day's work in an editor, scene by scene: the same prompts and answers, whichever editor it is.

Each scene is a session of its own in one workspace. What a person does differently in some editor, because
that editor has no other way, stands in `Person`.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.harness import Bench, Step, bench_in, call, until
from tests.fakes.lsp_client import DISMISS, NEVER, Buffer, LspClient

SHOP = "def price(item):\n    name = '😀'; total = item\n    return total\n"
LONG = "".join(f"line {number}\n" for number in range(40))
SETTINGS: Mapping[str, Any] = {"commandDenylist": ["chmod"], "commandBlocklist": ["mkfs"]}
DONE: Step = {"text": "done"}
_READ_SHOP = call("Read", file_path="shop.py")


def execute(command: str) -> Step:
    return call("Execute", command=command)


@dataclass(slots=True)
class Person:
    """Someone at an editor.

    Attributes:
        droid: What the client declared for Droid.
        sessions: The session of each scene that was played.
        dismissals: What became of each message that was dismissed: `null`, `error`, or `nothing` at all.
        lives: The clients that were started, one after another, the present one last.
    """

    bench: Bench
    profile: str
    droid: Mapping[str, Any] | None = None
    sessions: dict[str, str] = field(default_factory=dict[str, str])
    dismissals: list[str] = field(default_factory=list[str])
    lives: list[LspClient] = field(default_factory=list[LspClient])

    @property
    def client(self) -> LspClient:
        return self.lives[-1]

    def path(self, name: str) -> Path:
        return self.bench.workspace / name

    def text(self, name: str) -> str:
        return self.client.buffer(self.path(name)).text

    async def start(self) -> None:
        client = LspClient(
            self.bench.argv("serve"),
            root=self.bench.workspace,
            profile=self.profile,
            env=self.bench.env,
            droid=self.droid,
        )
        await client.__aenter__()
        self.lives.append(client)
        await client.initialize()

    async def session(self, scene: str, autonomy: str) -> str:
        made = await self.client.command("droid.session.new", {"autonomy": autonomy})
        self.sessions[scene] = made["sessionId"]
        return made["sessionId"]

    async def ask(self, session: str, prompt: str) -> None:
        await self.client.command("droid.ask", {"prompt": prompt, "sessionId": session})

    async def actions(self, path: Path, first: int = 0, last: int = 0) -> list[dict[str, Any]]:
        """The menu of code actions on some lines."""
        range_ = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}
        context = {"diagnostics": [], "triggerKind": 1}
        params = {"textDocument": {"uri": path.as_uri()}, "range": range_, "context": context}
        return await self.client.request("textDocument/codeAction", params)

    async def act(self, path: Path, pattern: str, first: int = 0, last: int = 0) -> Any:
        """Open the menu until it has an action of that title, and take it."""
        titles: list[str] = []
        try:
            async with asyncio.timeout(60):
                while True:
                    found = await self.actions(path, first, last)
                    titles = [one["title"] for one in found]
                    for one in found:
                        if re.search(pattern, one["title"], re.IGNORECASE):
                            command = one["command"] if isinstance(one["command"], dict) else one
                            return await self.client.command(
                                command["command"], *command.get("arguments", ())
                            )
                    await asyncio.sleep(0.01)
        except TimeoutError as error:
            error.add_note(f"there is no action {pattern} among {titles}")
            raise

    async def dismiss(self, question: Mapping[str, Any], path: Path) -> None:
        """Leave a message. Where the editor tells nobody, the server waits, and the menu of actions says no."""
        answer = self.client.profile.answer("window/showMessageRequest.dismissed")
        kind = "nothing" if answer is None else "error" if "error" in answer else "null"
        self.dismissals.append(kind)
        if answer is None:
            await self.act(path, "^Droid: reject: ")
        else:
            self.client.answer(question, DISMISS)

    async def cancel(self, path: Path) -> None:
        """Stop the running turn: by the button of its progress, where the editor shows one."""
        if not self.client.profile.habits.cancels_progress:
            await self.act(path, "^Droid: cancel the running turn$")
            return
        tokens = [
            one["params"]["token"]
            for one in self.client.received
            if one.get("method") == "$/progress" and one["params"]["value"]["kind"] == "begin"
        ]
        self.client.cancel_progress(tokens[-1])

    async def document(self, session: str) -> Buffer:
        """The document of a session; where the editor opens none for a server, the person does."""
        path = self.path(f".factory/local/{session}.droid.md")
        if self.droid is not None:
            await self.client.command("droid.transcript.open", {"sessionId": session})
        if not self.client.profile.declares("window", "showDocument", "support"):
            await self.wait(path.exists)
            return self.client.open(path, language="markdown")
        return await self.client.until(lambda: self.client.buffers.get(path.as_uri()))

    async def wait(self, condition: Callable[[], object]) -> None:
        await asyncio.to_thread(until, condition)

    def events(self, session: str) -> list[dict[str, Any]]:
        paths = list(self.bench.home.glob(f"sessions/*/{session}.jsonl"))
        # What stands behind the last line feed is still being written.
        *whole, _ = paths[0].read_text().split("\n") if paths else [""]
        return [json.loads(line) for line in whole]

    async def ended(self, session: str, turns: int = 1) -> None:
        def count() -> bool:
            return sum(one["type"] == "turn_ended" for one in self.events(session)) >= turns

        await self.wait(count)


Scene = Callable[[Person], Awaitable[None]]


async def selection(me: Person) -> None:
    """A code action on a selection: the open file is edited once the person has said yes."""
    edit = call("Edit", file_path="shop.py", old_str="total = item", new_str="total = item.price")
    me.bench.play(_READ_SHOP, edit, DONE)
    session = await me.session("selection", "off")
    me.client.open(me.path("shop.py"))
    me.client.answers.append("Approve once")
    await me.act(me.path("shop.py"), "^Droid: fix$", 1, 2)
    await me.ended(session)
    await me.client.until(lambda: "item.price" in me.text("shop.py"))


async def closed_file(me: Person) -> None:
    """A file that is not open is edited on disk, without a question at this autonomy."""
    edit = call("Edit", file_path="notes.txt", old_str="two", new_str="2")
    me.bench.play(call("Read", file_path="notes.txt"), edit, DONE)
    session = await me.session("closed_file", "low")
    await me.ask(session, "change the notes")
    await me.ended(session)


async def create(me: Person) -> None:
    me.bench.play(call("Create", file_path="new/made.txt", content="hello\n"), DONE)
    session = await me.session("create", "off")
    me.client.answers.append("Approve once")
    await me.ask(session, "make a file")
    await me.ended(session)


async def review(me: Person) -> None:
    """Of two hunks that are proposed, one is rejected and one accepted, in a `.diff` document."""
    hunks = "".join(f"@@\n line {n - 1}\n-line {n}\n+new {n}\n line {n + 1}\n" for n in (5, 30))
    patch = f"*** Begin Patch\n*** Update File: long.txt\n{hunks}*** End Patch\n"
    me.bench.play(call("Read", file_path="long.txt"), call("ApplyPatch", input=patch), DONE)
    session = await me.session("review", "off")
    me.client.answers.append(NEVER)
    await me.ask(session, "change two lines")
    await me.client.question("long.txt")
    opened = await me.act(me.path("shop.py"), "^Droid: review changes$")
    if me.droid is not None:
        changeset = opened["changeset"]
        (file,) = changeset["files"]
        for hunk, verb in zip(file["hunks"], ("rejectHunk", "acceptHunk"), strict=True):
            which = {"changesetId": changeset["changesetId"], "uri": file["uri"], "hunkId": hunk["hunkId"]}
            await me.client.request(f"droid/review/{verb}", which)
        await me.ended(session)
        return
    path = Path(opened["document"])
    if not me.client.profile.declares("window", "showDocument", "support"):
        me.client.open(path, language="diff")
    buffer = await me.client.until(lambda: me.client.buffers.get(path.as_uri()))
    for changed, pattern in (("+new 5\n", "^Droid: reject hunk$"), ("+new 30\n", "^Droid: accept hunk$")):
        line = buffer.text[: buffer.text.index(changed)].count("\n")
        await me.act(path, pattern, line, line)
    await me.ended(session)


async def commands(me: Person) -> None:
    """One is approved, one rejected, one dismissed, one on the denylist rejected, one blocked."""
    lines = ("touch approved", "touch rejected", "touch dismissed", "chmod +x approved", "mkfs approved")
    me.bench.play(*(execute(line) for line in lines), DONE)
    session = await me.session("commands", "off")
    me.client.answers += ["Approve once", "Reject", NEVER, "Reject"]
    await me.ask(session, "run them all")
    await me.dismiss(await me.client.question("touch dismissed"), me.path("shop.py"))
    await me.ended(session)


async def instruct(me: Person) -> None:
    """Rejected, and told in the session document what to do instead."""
    me.bench.play(execute("touch wrong"), {**execute("touch right"), "when": "call it right"}, DONE)
    session = await me.session("instruct", "off")
    me.client.answers += ["Reject and instruct", "Approve once"]
    me.client.instruction = "call it right"
    await me.ask(session, "make it")
    if me.droid is not None:
        await me.ended(session)
        return
    await me.client.message("window/showMessage", lambda p: "what to do instead" in p["message"])
    buffer = await me.document(session)
    await me.client.until(lambda: "Approval needed" in buffer.text)
    me.client.type(buffer.path, len(buffer.text), "\ncall it right\n", keys=False)
    await me.act(buffer.path, "^Droid: reject and instruct: call it right")
    await me.ended(session)


async def typing(me: Person) -> None:
    """The person types in the file in the moment in which the agent's edit arrives."""
    edit = call("Edit", file_path="shop.py", old_str="return total", new_str="return round(total)")
    me.bench.play(_READ_SHOP, edit, _READ_SHOP, edit, DONE)
    session = await me.session("typing", "low")
    path = me.path("shop.py")

    def type_into(edited: list[str]) -> None:
        if path.as_uri() in edited:
            me.client.before_edit = None
            me.client.type(path, 0, "# mine\n", keys=False)

    me.client.before_edit = type_into
    await me.ask(session, "round it")
    await me.ended(session)


async def undo(me: Person) -> None:
    """A turn's changes go as one: in the open file, on disk, and what was created."""
    patch = [
        call("Edit", file_path="shop.py", old_str="# mine\n", new_str=""),
        call("Edit", file_path="notes.txt", old_str="2", new_str="zwei"),
        call("Create", file_path="gone.txt", content="soon\n"),
    ]
    me.bench.play(_READ_SHOP, call("Read", file_path="notes.txt"), *patch, DONE)
    session = await me.session("undo", "low")
    await me.ask(session, "change much")
    await me.ended(session)
    before = me.text("shop.py")
    await me.act(me.path("shop.py"), "^Droid: undo the last turn's changes$")
    await me.client.until(lambda: me.text("shop.py") != before)


async def talk(me: Person) -> None:
    """A conversation in a document: Send, and the answer to a question, are actions in it."""
    path = me.path("talk.droid.md")
    me.bench.play(execute("touch talked"), {"text": "It is there."})
    buffer = me.client.open(path, "", language="markdown")
    me.client.type(path, 0, "Make it, please.")
    me.client.answers.append(NEVER)
    me.sessions["talk"] = (await me.act(path, "^Droid: send$"))["sessionId"]
    await me.client.question("touch talked")
    await me.act(path, "^Droid: approve once: touch talked")
    await me.ended(me.sessions["talk"])
    await me.client.until(lambda: buffer.text.rstrip().endswith("## You") and "It is there." in buffer.text)


async def withdrawn(me: Person) -> None:
    """A question goes with its turn, and a click on what is left of it does nothing."""
    me.bench.play(execute("touch late"))
    session = await me.session("withdrawn", "off")
    me.client.answers.append(NEVER)
    await me.ask(session, "make it")
    question = await me.client.question("touch late")
    await me.cancel(me.path("shop.py"))
    await me.ended(session)
    if not me.client.profile.habits.closes_withdrawn:
        me.client.answer(question, "Approve once")
        await me.client.message("window/showMessage", lambda p: "too late" in p["message"])


async def settings(me: Person) -> None:
    """A settings file that is being written: what is wrong with it, and what the editor asks about it."""
    path = me.path(".factory/settings.json")
    me.client.open(path, '{\n  "autonomy": "low",\n  "commandDenylist": "rm"\n}\n', language="json")
    await me.client.message("textDocument/publishDiagnostics", lambda p: p["uri"] == path.as_uri())
    place = {"textDocument": {"uri": path.as_uri()}}
    at = {"line": 2, "character": 6}
    whole = {"start": {"line": 0, "character": 0}, "end": {"line": 4, "character": 0}}
    asks: tuple[tuple[str, str, dict[str, Any]], ...] = (
        ("hover", "hover", {"position": at}),
        ("completion", "completion", {"position": at}),
        ("documentSymbol", "documentSymbol", {}),
        ("definition", "definition", {"position": at}),
        ("codeLens", "codeLens", {}),
        ("inlayHint", "inlayHint", {"range": whole}),
    )
    for method, capability, more in asks:
        if me.client.profile.declares("textDocument", capability):
            await me.client.request(f"textDocument/{method}", {**place, **more})
    await me.actions(path, 2, 2)
    me.client.close(path)


async def killed(me: Person) -> None:
    """The server is killed in the middle of an answer; the next one goes on with the session."""
    more = {"when": "go on", "text": "I went on."}
    long = {"text_bytes": 200_000, "chunk_chars": 80, "chunk_delay_s": 0.02}
    me.bench.play(call("Create", file_path="kept.txt", content="kept\n"), long)
    session = await me.session("killed", "low")
    await me.ask(session, "begin")
    path = (await me.document(session)).path
    await me.wait(lambda: any(one["type"] == "text_delta" for one in me.events(session)))
    buffers = list(me.client.buffers.values())
    me.client.kill_server()
    await me.client.process.wait()
    me.bench.play(more)
    await me.start()
    for buffer in buffers:
        me.client.open(buffer.path, buffer.text, language=buffer.language)
    await me.client.command("droid.session.resume", {"sessionId": session})
    turns = sum(one["type"] == "turn_ended" for one in me.events(session))
    await me.ask(session, "go on")
    await me.ended(session, turns + 1)
    await me.client.until(lambda: "I went on." in me.client.buffer(path).text)


SCENES: tuple[Scene, ...] = (
    selection, closed_file, create, review, commands, instruct, typing, undo, talk, withdrawn, settings, killed,
)  # fmt: skip


@asynccontextmanager
async def day_of(
    profile: str, folder: Path, droid: Mapping[str, Any] | None = None
) -> AsyncGenerator[Person]:
    """All scenes, one after another, in one editor; the person is still there when it is over."""
    with bench_in(folder) as bench:
        bench.settings(**SETTINGS)
        (bench.workspace / "shop.py").write_text(SHOP)
        (bench.workspace / "notes.txt").write_text("one\ntwo\n")
        (bench.workspace / "long.txt").write_text(LONG)
        me = Person(bench, profile, droid)
        try:
            await me.start()
            for scene in SCENES:
                try:
                    await scene(me)
                except BaseException as error:
                    error.add_note(f"in the scene {scene.__name__}, in {profile}")
                    raise
            yield me
        finally:
            for client in me.lives:
                await client.__aexit__()
