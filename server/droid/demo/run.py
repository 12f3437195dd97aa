"""The demonstration from beginning to end: a failing test, mended by an agent through the language server.

The server is the real one, started as an editor starts it. Only two things are played: the editor, with
the person in front of it, and, unless a model is named, the model.
"""

import asyncio
import math
import shlex
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from droid.app.parts import user_folder
from droid.demo.editor import CAPABILITIES, DemoEditor
from droid.demo.lsp_client import LspClient, RequestRefused, ServerGone
from droid.demo.model_server import DISPLAY_NAME, ScriptedModelServer
from droid.demo.narrator import Narrator
from droid.demo.programs import Programs, TestRun, environment
from droid.demo.sample_home import MODEL_ID, write_home
from droid.demo.screen import Screen
from droid.demo.task import PROMPT, TEST_COMMAND, script, write_sample
from droid.demo.transcript import TranscriptReader

_TURN_S = 60.0
_REAL_TURN_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the demonstration happens; the folder is kept.

    Attributes:
        home: The `.factory` folder that is used.
    """

    folder: Path
    workspace: Path
    home: Path


def run(model: str | None) -> int:
    """Run it; returns 0 where the test went from red to green.

    Args:
        model: A configured model's id, with the person's own settings; None plays the model.
    """
    return asyncio.run(_run(model, Screen()))


async def _run(model: str | None, screen: Screen) -> int:
    began = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="droid-demo-")).resolve()
    home = folder / "factory-home" if model is None else user_folder()
    place = Place(folder=folder, workspace=folder / "shop", home=home)
    write_sample(place.workspace)
    env = environment()
    async with AsyncExitStack() as stack:
        base_url = ""
        if model is None:
            server = await stack.enter_async_context(ScriptedModelServer(script()))
            base_url = server.base_url
            write_home(place.home, base_url)
            env["FACTORY_HOME"] = str(place.home)
        programs = Programs(env)
        stack.push_async_callback(programs.aclose)
        _introduce(screen, model, base_url, place)
        if not await programs.commit(place.workspace):
            screen.line(("git is missing or did not work; the demo goes on without a repository", "yellow"))
        before = await programs.test(place.workspace)
        _tests(screen, "Before", before)
        screen.heading("The turn")
        narrator = await _turn(screen, model, place, env)
        screen.heading("After")
        after = await programs.test(place.workspace)
    _tests_line(screen, after)
    _conclude(screen, narrator, place, time.monotonic() - began)
    return 0 if after.green and not before.green else 1


async def _turn(screen: Screen, model: str | None, place: Place, env: dict[str, str]) -> Narrator | None:
    editor = DemoEditor(screen, place.workspace)
    log = place.folder / "server.log"
    client = await LspClient.start(
        [sys.executable, "-P", "-m", "droid", "serve"],
        cwd=place.workspace,
        env=env,
        log=log,
        on_notification=editor.on_notification,
        on_request=editor.on_request,
    )
    try:
        await client.request("initialize", _initialize(place.workspace))
        await client.notify("initialized", {})
        created = await _command(client, "droid.session.new", {"model": model or MODEL_ID, "autonomy": "low"})
        session_id = str(created["sessionId"])
        narrator = editor.narrator = Narrator(screen, TranscriptReader(place.home, session_id))
        await _command(client, "droid.ask", {"prompt": PROMPT, "sessionId": session_id})
        async with asyncio.timeout(_TURN_S if model is None else _REAL_TURN_S):
            await narrator.ended.wait()
        if narrator.end["reason"] != "done":
            screen.line((f"the turn ended: {narrator.end['reason']}: {narrator.end['message']}", "bold red"))
        return narrator
    except RequestRefused as error:
        screen.line((f"the server refused: {error}", "bold red"))
    except ServerGone as error:
        screen.line((f"the server failed: {error}; its log is {log}", "bold red"))
    except TimeoutError:
        screen.line((f"the turn did not end in time; the server's log is {log}", "bold red"))
    finally:
        await client.close()
    return editor.narrator


async def _command(client: LspClient, command: str, argument: dict[str, Any]) -> Any:
    return await client.request("workspace/executeCommand", {"command": command, "arguments": [argument]})


def _initialize(workspace: Path) -> dict[str, Any]:
    uri = workspace.as_uri()
    return {
        "processId": None,
        "clientInfo": {"name": "droid demo"},
        "rootUri": uri,
        "workspaceFolders": [{"uri": uri, "name": workspace.name}],
        "capabilities": CAPABILITIES,
    }


def _introduce(screen: Screen, model: str | None, base_url: str, place: Place) -> None:
    screen.line()
    screen.line(
        ("Droid", "bold"),
        ": a failing test, mended by an agent that lives in a language server.",
    )
    screen.line()
    if model is None:
        screen.fact("model", f"{DISPLAY_NAME} ({base_url})", "yellow")
    else:
        screen.fact("model", model)
    screen.fact("server", "droid-lsp serve, over standard input and output, as an editor starts it")
    screen.fact("repository", str(place.workspace))
    screen.fact("settings", f"{place.home}{'' if model else ' (of this demo; yours are not touched)'}")


def _tests(screen: Screen, title: str, result: TestRun) -> None:
    screen.heading(title)
    _tests_line(screen, result)


def _tests_line(screen: Screen, result: TestRun) -> None:
    mark, style = ("✓", "bold green") if result.green else ("✗", "bold red")
    screen.line((f"{mark} {result.summary}", style), (f"  ({TEST_COMMAND}, run by this demo)", "dim"))
    for failure in result.failures:
        screen.line("  ", (failure, "red"))


def _conclude(screen: Screen, narrator: Narrator | None, place: Place, duration_s: float) -> None:
    screen.line()
    if narrator is not None:
        usage = narrator.usage
        cost = "price unknown" if math.isnan(usage["usd"]) else f"${usage['usd']:.4f}"
        cost = cost if usage["usd"] else "no cost"
        screen.fact(
            "usage",
            f"{usage['requests']:.0f} model requests; tokens: {usage['input']:.0f} in, "
            f"{usage['cached']:.0f} from cache, {usage['output']:.0f} out; {cost}",
        )
        if narrator.transcript_path is not None:
            screen.fact("transcript", str(narrator.transcript_path))
    screen.fact("time", f"{duration_s:.1f} s")
    screen.fact("kept", f"{place.folder}; delete it with: rm -rf {shlex.quote(str(place.folder))}")
    screen.line()
