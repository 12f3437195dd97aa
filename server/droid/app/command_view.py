"""What there is to say of a command in a document: its risk, what it runs, what the gate would do."""

from dataclasses import dataclass
from pathlib import Path

from droid.app.policies import Policies
from droid.app.policy_check import PolicyCheck, Question
from droid.domain.decisions import Decision
from droid.domain.levels import Risk
from droid.safety.commands.classify import classify
from droid.safety.commands.model import Assessment, RatedCommand
from droid.safety.shell_regions import Region, region_at

_MAX_PARTS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A command of a document.

    Attributes:
        span: Where it stands in the document, in characters.
        command: Its text, as the shell reads it.
        programs: What really runs; None where that cannot be told.
        parts: Each simple command with its risk and why, as far as there are several.
        line: The risk of the whole line and why, where that is higher: what a pipe leads into, for one.
        decision: What the gate would do with it as a call of `Execute`.
    """

    span: tuple[int, int]
    command: str
    risk: Risk
    programs: tuple[str, ...] | None
    reasons: tuple[str, ...]
    parts: tuple[tuple[str, Risk, str], ...]
    line: tuple[Risk, str] | None
    decision: Decision


async def explain_at(
    policies: Policies, path: Path, language: str, text: str, offset: int
) -> Explained | None:
    """The command at a place of a document, under the settings of its folder; None where there is none."""
    region = region_at(path, language, text, offset)
    at = None if region is None else region.offset(offset)
    if region is None or at is None:
        return None
    place = path.parent if path.parent.is_relative_to(policies.workspace) else policies.workspace
    whole = classify(region.text, cwd=place, home=Path.home(), arguments_are_empty=False)
    span = _span_at(region, whole, at)
    if span is None:
        return None
    command = region.text[span[0] : span[1]]
    found = classify(command, cwd=place, home=Path.home(), workspace=place, arguments_are_empty=False)
    question = Question(tool="Execute", input={"command": command})
    parts = [(_words(one), one.risk, one.reason) for one in found.commands if one.command.words]
    return Explained(
        span=(region.place(span[0]), region.place(span[1])),
        command=command,
        risk=found.risk,
        programs=found.programs,
        reasons=found.reasons,
        parts=tuple(parts[:_MAX_PARTS]) if len(parts) > 1 else (),
        line=_line(region, whole, span, found.risk),
        decision=await PolicyCheck(policies).decide(question, place),
    )


def _span_at(region: Region, whole: Assessment, offset: int) -> tuple[int, int] | None:
    """The smallest command around an offset; its line, where the whole cannot be taken apart."""
    spans = [one.command.span for one in whole.commands if _holds(one.command.span, offset)]
    if spans:
        return min(spans, key=lambda span: span[1] - span[0])
    line = _line_at(region, offset)
    return line if not whole.commands and region.text[slice(*line)].strip() else None


def _line_at(region: Region, offset: int) -> tuple[int, int]:
    end = region.text.find("\n", offset)
    return region.text.rfind("\n", 0, offset) + 1, len(region.text) if end < 0 else end


def _line(region: Region, whole: Assessment, span: tuple[int, int], risk: Risk) -> tuple[Risk, str] | None:
    """The worst of the line that a command stands in, where it is worse than the command."""
    start, end = _line_at(region, span[0])
    beside = [one for one in whole.commands if start <= one.command.span[0] < max(end, span[1])]
    worst = max(beside, key=lambda one: one.risk, default=None)
    return (worst.risk, worst.reason) if worst is not None and worst.risk > risk else None


def _holds(span: tuple[int, int], offset: int) -> bool:
    return span[0] <= offset <= span[1] and span != (0, 0)


def _words(rated: RatedCommand) -> str:
    return " ".join(map(str, rated.command.words))[:200]
