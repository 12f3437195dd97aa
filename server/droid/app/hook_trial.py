"""Runs hooks on a made-up event, for whoever wants to know what they would say; no session is needed."""

import os
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from droid.app.hooks import hooks_of
from droid.app.policies import Policies, open_policies
from droid.domain.errors import DroidError
from droid.domain.events import Event
from droid.domain.hooks import HookCall, HookEvent, HookOutcome
from droid.domain.policy import Policy
from droid.engine.hook_points import HookPoints
from droid.engine.hook_step import HookStep, pre_git_calls
from droid.engine.ports import Hooks, SessionOptions
from droid.engine.state import SessionState
from droid.safety.command_texts import readings_of
from droid.safety.commands.classify import Assessment, classify
from droid.sandbox.runner import WardenRunner

_SESSION = "check"
_OWN_FIELDS: Mapping[HookEvent, Mapping[str, Any]] = {
    HookEvent.SESSION_START: {"source": "startup"},
    HookEvent.USER_PROMPT_SUBMIT: {"prompt": ""},
    HookEvent.PRE_MODEL_REQUEST: {"model": "", "parts": []},
    HookEvent.NOTIFICATION: {"message": "Droid is waiting for your input"},
    HookEvent.STOP: {"stop_hook_active": False},
    HookEvent.SUBAGENT_STOP: {"stop_hook_active": False},
    HookEvent.PRE_COMPACT: {"trigger": "auto", "custom_instructions": ""},
    HookEvent.SESSION_END: {"reason": "other"},
    HookEvent.POST_EDIT: {"files": [], "diff": ""},
}
_MATCHED_BY = {HookEvent.SESSION_START: "source", HookEvent.PRE_COMPACT: "trigger"}


class NoSuchCall(DroidError):
    """An event cannot be made up from what was given; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ports:
    hooks: Hooks


@dataclass(slots=True)
class _Host:
    """A session that does not exist, in one folder."""

    policies: Policies
    ports: _Ports
    state: SessionState
    options: SessionOptions = field(default_factory=lambda: SessionOptions(surface=_SESSION))
    events: list[Event] = field(default_factory=list[Event])

    @property
    def policy(self) -> Policy:
        return self.policies.of(self.state.cwd)

    def policies_of(self, paths: Iterable[Path] = ()) -> Sequence[Policy]:
        return self.policies.all_of(self.state.cwd, paths)

    def emit(self, event: Event) -> None:
        self.events.append(event)


class HookTrial:
    """Hooks of one folder.

    Attributes:
        policies: The settings in force; open.
    """

    def __init__(
        self, policies: Policies, runner: WardenRunner, place: Path, environ: Mapping[str, str]
    ) -> None:
        self.policies = policies
        self._place = place
        self._home = Path(os.path.realpath(environ.get("HOME") or Path.home()))
        state = SessionState(session_id=_SESSION, cwd=place, workspace=policies.workspace)
        state.autonomy = policies.of(place).autonomy
        host = _Host(policies, _Ports(hooks=hooks_of(policies, runner, environ)), state)
        self._points = HookPoints(host)

    @property
    def step(self) -> HookStep:
        """The gate's step `hooks`, for a gate without a session."""
        return HookStep(self._points)

    async def run(self, event: HookEvent, tool: str | None, given: Mapping[str, Any]) -> HookOutcome:
        """What the hooks of an event say together.

        Args:
            tool: Of events that are about a tool call.
            given: The tool's input; of other events, their own fields.

        Raises:
            NoSuchCall: the event cannot be made of that.
        """
        calls, rules = self._calls(event, tool, given), self._points.rules(event)
        return await self._points.run(calls, rules) if rules else HookOutcome()

    def _calls(self, event: HookEvent, tool: str | None, given: Mapping[str, Any]) -> list[HookCall]:
        if event in _OWN_FIELDS:
            return [self._own(event, given)]
        if event is HookEvent.PRE_GIT:
            return self._git(given)
        if tool is None:
            raise NoSuchCall(f"{event} is about a tool call: say --tool")
        fields: dict[str, Any] = {"tool_name": tool, "tool_input": dict(given)}
        command = _command(given)
        if command is not None and event is HookEvent.PRE_TOOL_USE:
            assessment = self._assessed(command)
            fields["risk"] = {"level": assessment.risk.value, "reasons": list(assessment.reasons)}
        if event is HookEvent.POST_TOOL_USE:
            fields["tool_response"] = {"success": True, "output": ""}
        resolved = () if command is None else readings_of(self._assessed(command))
        return [self._points.call(event, subjects=(tool,), command=command, resolved=resolved, fields=fields)]

    def _assessed(self, command: str) -> Assessment:
        return classify(command, cwd=self._place, home=self._home, workspace=self._place)

    def _own(self, event: HookEvent, given: Mapping[str, Any]) -> HookCall:
        fields = {**_OWN_FIELDS[event], **given}
        subjects: tuple[str, ...] | None = None
        if event in _MATCHED_BY:
            subjects = (str(fields[_MATCHED_BY[event]]),)
        elif event is HookEvent.POST_EDIT:
            given_files = fields["files"]
            files = cast("list[Any]", given_files) if isinstance(given_files, list) else []
            subjects = tuple(os.path.relpath(self._place / str(one), self._place) for one in files)
            if not subjects:
                raise NoSuchCall('PostEdit is about files: say --input \'{"files": ["a.py"]}\'')
        return self._points.call(event, subjects=subjects, fields=fields)

    def _git(self, given: Mapping[str, Any]) -> list[HookCall]:
        command = _command(given)
        if command is None:
            raise NoSuchCall('PreGit is about a command: say --input \'{"command": "git push"}\'')
        assessment = self._assessed(command)
        fields = {"tool_name": "Execute", "tool_input": dict(given)}
        calls = pre_git_calls(
            self._points,
            assessment,
            fields,
            cwd=self._place,
            command=command,
            resolved=readings_of(assessment),
        )
        if not calls:
            raise NoSuchCall(f"no git subcommand in `{command}` changes history or a remote")
        return calls


def _command(given: Mapping[str, Any]) -> str | None:
    command = given.get("command")
    return command if isinstance(command, str) else None


def outcome_row(event: HookEvent, outcome: HookOutcome) -> dict[str, Any]:
    """An outcome for scripts."""
    return {
        "event": event.value,
        "verdict": None if outcome.verdict is None else outcome.verdict.value,
        "reason": outcome.reason,
        "updatedInput": outcome.updated_input,
        "updatedOutput": outcome.updated_output,
        "context": list(outcome.context),
        "revert": outcome.revert,
        "stop": outcome.stop,
        "hooks": [
            {
                "command": one.rule.command,
                "level": one.rule.source.level.value,
                "file": one.rule.source.file,
                "line": one.rule.source.line,
                "exitCode": one.exit_code,
                "durationS": round(one.duration_s, 3),
                "verdict": None if one.verdict is None else one.verdict.value,
                "reason": one.reason,
                "error": one.error,
                "message": one.message,
                "output": one.output,
            }
            for one in outcome.replies
        ],
    }


@asynccontextmanager
async def open_trial(
    place: Path, environ: Mapping[str, str] | None = None
) -> AsyncGenerator[HookTrial, None]:
    """Hooks of a folder, with the settings in force there."""
    environ = os.environ if environ is None else environ
    policies = open_policies(place, environ)
    await policies.start()
    runner = WardenRunner()
    try:
        yield HookTrial(policies, runner, place, environ)
    finally:
        await runner.aclose()
        await policies.aclose()
