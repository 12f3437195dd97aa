"""Gathers what the gate judges a call by."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol, cast

from droid.domain.errors import InvalidToolInput
from droid.domain.json_values import json_problem
from droid.domain.levels import AutonomyLevel
from droid.domain.messages import ToolCallPart
from droid.domain.policy import Policy
from droid.domain.ports import Tool
from droid.domain.tools import ToolAccess, ToolInput
from droid.engine.assessments import assess
from droid.engine.path_facts import PathFacts
from droid.engine.ports import PathResolver, SessionOptions
from droid.safety.branches import git_places
from droid.safety.facts import CallFacts
from droid.safety.git_facts import GitFacts, Place

logger = logging.getLogger(__name__)

_MAX_REPOSITORIES = 16


class FactPorts(Protocol):
    """What the facts of a call are gathered through."""

    @property
    def paths(self) -> PathResolver: ...

    @property
    def home(self) -> Path: ...

    @property
    def factory_home(self) -> Path: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedCall:
    """A call whose tool exists and whose input fits."""

    part: ToolCallPart
    tool: Tool
    input: ToolInput
    facts: CallFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A call's facts with its validated input.

    Attributes:
        input: None where it is not valid.
        title: One line for people.
    """

    facts: CallFacts
    input: ToolInput | None
    title: str

    def checked(self, part: ToolCallPart, tools: Mapping[str, Tool]) -> CheckedCall | None:
        tool = tools.get(part.name)
        if tool is None or self.input is None:
            return None
        return CheckedCall(part=part, tool=tool, input=self.input, facts=self.facts)


def parsed_arguments(text: str) -> tuple[Mapping[str, Any], str | None]:
    """The arguments as the model wrote them, and what is wrong with their JSON, if anything."""
    try:
        value: object = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        return {}, f"not valid JSON ({str(error)[:200]}); write the arguments as one JSON object"
    if not isinstance(value, dict):
        return {}, f"a JSON object is wanted, not {type(value).__name__}"
    arguments = cast("dict[str, Any]", value)
    problem = json_problem(arguments)
    return ({}, problem) if problem is not None else (arguments, None)


def gather(
    ports: FactPorts,
    options: SessionOptions,
    *,
    call_id: str,
    name: str,
    tool: Tool | None,
    arguments: Mapping[str, Any],
    invalid: str | None,
    unavailable: str | None,
    cwd: Path,
    workspace: Path,
    autonomy: AutonomyLevel,
    policies_for: Callable[[CallFacts], Sequence[Policy]],
) -> Gathered:
    """Validate the input and resolve every path that the call names.

    Args:
        policies_for: What a call has to pass, by its paths.
    """
    checked: ToolInput | None = None
    access, title = ToolAccess(), name
    if tool is not None and invalid is None:
        try:
            checked = tool.validate(arguments)
            access, title = tool.access(checked), tool.title(checked)
        except InvalidToolInput as error:
            invalid = str(error)
        except Exception as error:
            # A bug in one tool is that call's failure; what it would touch is not known, so it is refused.
            logger.exception("%s could not read its arguments", name)
            checked, invalid = None, f"{name} failed on them: {type(error).__name__}"
    root, home = ports.paths.real(workspace), ports.paths.real(ports.home)
    factory_home = ports.paths.real(ports.factory_home)
    paths = PathFacts(ports.paths, cwd=cwd, workspace=root, home=home, factory_home=factory_home)
    reads, writes = list(map(paths.of, access.reads)), list(map(paths.of, access.writes))
    assessment = None
    if access.command is not None:
        assessment = assess(access.command, ports.paths.real(cwd), home, root)
        read, written = paths.of_command(assessment, access.command)
        reads, writes = [*reads, *read], [*writes, *written]
    facts = CallFacts(
        call_id=call_id,
        tool=name,
        input=dict(checked.arguments) if checked else dict(arguments),
        invalid=invalid,
        unavailable=unavailable,
        reads=tuple(reads),
        writes=tuple(writes),
        command=access.command,
        assessment=assessment,
        access_is_complete=tool is not None and tool.spec.access_is_complete,
        cwd=cwd,
        workspace=root,
        home=home,
        factory_home=factory_home,
        autonomy=autonomy,
        allow_low_risk_commands=options.allow_low_risk_commands,
        skip_permissions=options.skip_permissions,
        unchecked=paths.unchecked,
    )
    places = git_places(assessment) if assessment is not None else ()
    if reads or writes or places:
        policies = policies_for(facts)
        facts = paths.completed(facts, policies)
        if places and any(policy.protected_branches for policy in policies):
            facts = replace(facts, repositories=_repositories(ports.paths, cwd, home, places))
    return Gathered(facts=facts, input=checked, title=title)


def _repositories(
    paths: PathResolver, cwd: Path, home: Path, places: Sequence[Place]
) -> Mapping[Place, GitFacts]:
    """What is known of the repositories that a line works in."""
    found: dict[Place, GitFacts] = {}
    for folder, git_dir in places[:_MAX_REPOSITORIES]:
        if folder is not None:
            place = paths.real(cwd / folder)
            named = paths.real(place / git_dir) if git_dir is not None else None
            found[folder, git_dir] = paths.repository(place, named, home)
    return found
