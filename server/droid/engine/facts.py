"""Gathers what the gate judges a call by."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from droid.domain.errors import InvalidToolInput
from droid.domain.levels import AutonomyLevel
from droid.domain.ports import Tool
from droid.domain.tools import ToolAccess, ToolInput
from droid.engine.ports import EnginePorts, SessionOptions
from droid.safety.commands.classify import classify
from droid.safety.facts import CallFacts, PathFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """A call's facts with its validated input; `input` is None where it is not valid."""

    facts: CallFacts
    input: ToolInput | None


def parsed_arguments(text: str) -> tuple[Mapping[str, Any], str | None]:
    """The arguments as the model wrote them, and what is wrong with their JSON, if anything."""
    try:
        value: object = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        return {}, f"not valid JSON ({str(error)[:200]}); write the arguments as one JSON object"
    if not isinstance(value, dict):
        return {}, f"a JSON object is wanted, not {type(value).__name__}"
    return cast("dict[str, Any]", value), None


def gather(
    ports: EnginePorts,
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
) -> Gathered:
    """Validate the input and resolve every path that the call names."""
    checked: ToolInput | None = None
    access = ToolAccess()
    if tool is not None and invalid is None:
        try:
            checked = tool.validate(arguments)
            access = tool.access(checked)
        except InvalidToolInput as error:
            invalid = str(error)
    reads: Iterable[Path] = access.reads
    if access.command is not None:
        assessment = classify(access.command, cwd=cwd, home=ports.home)
        reads = (*reads, *(Path(word) for word in assessment.operands))
    root = ports.paths.real(workspace)

    def fact(path: Path) -> PathFact:
        real = ports.paths.real(cwd / path)
        return PathFact(named=str(path), real=real, in_workspace=real.is_relative_to(root))

    facts = CallFacts(
        call_id=call_id,
        tool=name,
        input=dict(checked.arguments) if checked else dict(arguments),
        invalid=invalid,
        unavailable=unavailable,
        reads=tuple(map(fact, reads)),
        writes=tuple(map(fact, access.writes)),
        command=access.command,
        cwd=cwd,
        workspace=root,
        home=ports.paths.real(ports.home),
        factory_home=ports.paths.real(ports.factory_home),
        autonomy=autonomy,
        allow_low_risk_commands=options.allow_low_risk_commands,
        skip_permissions=options.skip_permissions,
    )
    return Gathered(facts=facts, input=checked)
