"""Turns an ask of the gate into an allow or a deny: by a person, or by what a person has said before.

What a person approves is what they were shown: the world is judged once more after their answer, and what
would have to be asked about for another reason now does not run. The changes that they saw are the only
ones that the call may make.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from droid.domain.decisions import Answer, ApprovalRequest, Decision, Step, TraceEntry
from droid.domain.errors import DroidError, SettingsError, StaleFile, ToolFailed
from droid.domain.events import DestinationAllowed, GrantAdded, Warned
from droid.domain.files import FileWrite
from droid.domain.levels import SettingsLevel, Verdict
from droid.engine.approvals import Reply
from droid.engine.changesets import ChangedFile, Changeset, HunkState, Phase, titled
from droid.engine.core import SessionCore
from droid.engine.diffs import diff_of
from droid.engine.facts import CheckedCall
from droid.engine.file_changes import display_name
from droid.engine.guarded_files import GuardedFiles
from droid.engine.hunks import FileHunks
from droid.engine.lifecycle_hooks import notify
from droid.engine.offers import Offers, is_granted, offers_for
from droid.engine.partial_writes import AcceptedPart
from droid.engine.proposals import is_as_proposed, read_or_none
from droid.engine.strays import CallScope
from droid.engine.tool_context import tool_context
from droid.safety.facts import CallFacts
from droid.safety.grants import Grant, grants_for, reasons_of
from droid.safety.program_grants import program_key
from droid.safety.taint import new_destinations

logger = logging.getLogger(__name__)

_SUBJECT_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a call would change; empty where that cannot be told beforehand.

    Attributes:
        files: The same, hunk by hunk.
        diff: All changes as one unified diff.
    """

    changes: Sequence[FileWrite] = ()
    files: Sequence[ChangedFile] = ()
    diff: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An ask that was answered.

    Attributes:
        told: What the model is told of a deny.
        needs_person: Why the turn must end, where nobody could be asked.
        approved: The changes that the person saw; None where they saw none and none are held to.
        part: Those hunks of them that alone may be written; None: all.
    """

    decision: Decision
    told: str = ""
    needs_person: str | None = None
    approved: Sequence[FileWrite] | None = None
    part: AcceptedPart | None = None


async def settle(
    core: SessionCore,
    call: CheckedCall,
    decision: Decision,
    judge_again: Callable[[], Awaitable[tuple[Decision, CallFacts]]],
) -> Settled:
    """Answer an ask.

    Args:
        judge_again: What the gate says of the call now, and the facts that it says it of.

    Raises:
        ToolFailed: what the call would change cannot be worked out; the message is for the model.
    """
    if core.options.dry_run and not call.tool.spec.only_looks:
        return Settled(decision=_answered(decision, Verdict.ALLOW, "a dry run changes nothing"))
    if is_granted(core.state.grants, call.facts, decision):
        return Settled(decision=_answered(decision, Verdict.ALLOW, "allowed for this session by the person"))
    if not core.options.interactive:
        return Settled(
            decision=_answered(decision, Verdict.DENY, "nobody can be asked"),
            told=f"Denied: {decision.reason}; nobody can be asked here.",
            needs_person=f"{call.part.name} needs a person: {decision.reason}"
            if core.options.stop_on_ask
            else None,
        )
    shown = await preview(core, call)
    notify(core, f"Droid needs your permission to use {call.part.name}")
    offers = offers_for(
        call.facts,
        decision,
        core.policies_for(call.facts),
        can_write=core.ports.allowlist is not None,
    )
    request = _request(core, call, decision, offers, shown.diff)
    answer, instruction, accepted = await _ask(core, request, shown)
    if not answer.allows:
        told = "The person rejected this call. Do not try the same another way; ask what they want."
        if instruction:
            told = f"The person rejected this call and says: {instruction}"
        return Settled(decision=_answered(decision, Verdict.DENY, "rejected by the person"), told=told)
    # The person took their time: judge the world as it is now.
    again, now = await judge_again()
    if again.verdict is Verdict.DENY:
        return Settled(decision=again, told=f"Denied: {again.reason}.")
    if (news := _news(call.facts, decision, now, again)) is not None:
        rule = f"it is not what was approved any more: {news}"
        return Settled(decision=_answered(again, Verdict.DENY, rule), told=f"Not run: {rule}; try again.")
    for place in new_destinations(call.facts):
        if place.named:
            core.emit(DestinationAllowed(destination=place.name))
    await _remember(core, call, decision, answer, offers)
    changeset = core.proposals.of_approval(request.approval_id) if accepted is not None else None
    if accepted is not None and changeset is None:
        rule = "what was accepted of it is not known any more"
        return Settled(decision=_answered(again, Verdict.DENY, rule), told=f"Not run: {rule}; try again.")
    if (
        accepted is not None
        and changeset is not None
        # All of it, as it was shown, is the tool's own to write.
        and (frozenset(accepted) != changeset.ids or not await is_as_proposed(changeset, core.ports.files))
    ):
        rule = f"{len(accepted)} of {len(changeset.ids)} hunks approved by the person"
        part = AcceptedPart(changeset=changeset, accepted=frozenset(accepted))
        return Settled(decision=_answered(decision, Verdict.ALLOW, rule), part=part)
    approved = _answered(decision, Verdict.ALLOW, "approved by the person")
    return Settled(decision=approved, approved=shown.changes or None)


async def _ask(core: SessionCore, request: ApprovalRequest, shown: Preview) -> Reply:
    """Ask; what would change can be answered hunk by hunk meanwhile."""
    if not shown.files:
        return await core.approvals.ask(request)
    names = [file.name for file in shown.files]
    changeset = Changeset(
        changeset_id=f"{request.approval_id}:changes",
        session_id=core.state.session_id,
        turn_id=core.turn_id,
        call_id=request.call_id,
        approval_id=request.approval_id,
        phase=Phase.PROPOSED,
        title=titled(request.tool, names),
        files=shown.files,
    )

    def decided(now: Changeset) -> bool:
        accepted = now.ids_that_are(HunkState.ACCEPTED)
        answer = Answer.ONCE if accepted else Answer.REJECT
        return core.approvals.answer(request.approval_id, answer, None, accepted or None)

    core.proposals.propose(changeset, decided)
    hunks = [hunk.hunk_id for file in changeset.files for hunk in file.hunks.hunks]
    try:
        return await core.approvals.ask(request, hunks)
    finally:
        # Withdrawn before it was its turn to be shown, it has no answer that would have closed them.
        core.proposals.close(changeset.changeset_id, accepted=None)


def _news(facts: CallFacts, decision: Decision, now: CallFacts, again: Decision) -> str | None:
    """What a person has not been asked about; None where they have seen it all."""
    seen = reasons_of(facts, decision.trace)
    for entry in again.trace:
        if reasons_of(now, (entry,)) - seen:
            return f"{entry.rule}: {entry.matched}" if entry.matched else entry.rule
    if any(entry.step is Step.TAINT and entry.verdict is Verdict.ASK for entry in again.trace):
        known = new_destinations(facts)
        place = next((one for one in new_destinations(now) if one not in known), None)
        if place is not None:
            return f"it would send data to {place.name}"
    return f"it is of {again.risk} risk now" if again.risk > decision.risk else None


async def _remember(
    core: SessionCore, call: CheckedCall, decision: Decision, answer: Answer, offers: Offers
) -> None:
    """Keep what a person has allowed beyond this call; what cannot be kept allows this call alone."""
    granted = set[Grant]()
    if answer is Answer.SESSION_PROGRAM and (key := program_key(call.facts)) is not None:
        granted.add(key)
    elif answer is Answer.ALWAYS and offers.always is not None and core.ports.allowlist is not None:
        try:
            await core.ports.allowlist.add(offers.always)
        except SettingsError as error:
            core.emit(Warned(message=f"`{offers.always}` is allowed this once, not always: {error}"))
            return
        # What held when a turn began holds until it ends: the entry alone would be asked about till then.
        granted |= grants_for(call.facts)
    elif answer is Answer.SESSION:
        granted |= grants_for(call.facts, decision.trace)
    for granted_tool, key in sorted(granted):
        core.emit(GrantAdded(tool=granted_tool, key=key))


async def preview(core: SessionCore, call: CheckedCall) -> Preview:
    """Work out what a call would change, without changing it.

    Raises:
        ToolFailed: it could change nothing; the message is for the model.
    """
    if not call.facts.writes:
        return Preview()
    ports = core.ports
    scope = CallScope()
    files = GuardedFiles(
        ports.files,
        ports.blobs,
        ports.paths,
        call.facts,
        scope,
        approved=(),
        policies_for=core.policies_for,
    )

    async def work() -> tuple[Sequence[FileWrite], list[tuple[ChangedFile, str]]]:
        context = tool_context(core, call.part.call_id, files, scope)
        changes = await call.tool.preview(call.input, context)
        return changes, [await _changed(core, files, change) for change in changes]

    try:
        changes, shown = await core.strays.run(work(), scope, name=f"the preview of {call.part.name}")
    except DroidError:
        raise
    except Exception as error:
        # A bug in one tool is that call's failure, as it is when it runs.
        logger.exception("the preview of %s failed", call.part.name)
        raise ToolFailed(f"{call.part.name} failed inside: {type(error).__name__}") from error
    return Preview(
        changes=tuple(changes),
        files=tuple(file for file, _ in shown),
        diff="".join(diff for _, diff in shown),
    )


async def _changed(core: SessionCore, files: GuardedFiles, change: FileWrite) -> tuple[ChangedFile, str]:
    snapshot = await read_or_none(files, change.path)
    before = snapshot.data if snapshot else None
    name = display_name(change.path, core.state.workspace)
    if (snapshot.digest if snapshot else None) != change.before:
        raise StaleFile(f"{name} changed while its change was worked out; try again")

    def compare() -> tuple[FileHunks, str]:
        return FileHunks(name, before, change.data), diff_of(name, before, change.data).text

    hunks, diff = await asyncio.to_thread(compare)
    version = snapshot.version if snapshot else None
    return ChangedFile(path=change.path, name=name, hunks=hunks, version=version, write=change), diff


def _request(
    core: SessionCore, call: CheckedCall, decision: Decision, offers: Offers, diff: str
) -> ApprovalRequest:
    core.asked += 1
    return ApprovalRequest(
        approval_id=f"{core.state.session_id}:{core.turn_id}.{core.asked}",
        call_id=call.part.call_id,
        tool=call.part.name,
        subject=_subject(call, core.state.workspace),
        cwd=str(core.state.cwd),
        risk=decision.risk,
        reason=_reason(decision),
        options=offers.answers,
        session_grant=offers.session,
        session_program=offers.program,
        always=offers.always,
        diff=diff or None,
    )


def _reason(decision: Decision) -> str:
    """Why a person is asked; that data would leave is said beside what was asked about first."""
    first = decision.deciding
    for entry in decision.trace:
        if entry.step is Step.TAINT and entry.verdict is Verdict.ASK and entry is not first:
            return f"{decision.reason}; and it {entry.rule}: {entry.matched}"
    return decision.reason


def _answered(decision: Decision, verdict: Verdict, rule: str) -> Decision:
    """The decision with the person's answer at the end of its trace."""
    asked = decision.deciding
    step = asked.step if asked else Step.AUTONOMY
    entry = TraceEntry(step=step, verdict=verdict, rule=rule, level=SettingsLevel.RUNTIME)
    return replace(decision, verdict=verdict, trace=(*decision.trace, entry))


def _subject(call: CheckedCall, workspace: Path) -> str:
    """Exactly what a person is asked about: the command, or every file."""
    facts = call.facts
    if facts.command is not None:
        return facts.command
    if facts.writes:
        return "\n".join(display_name(Path(path.real), workspace) for path in facts.writes)
    return json.dumps(facts.input, ensure_ascii=False, indent=2)[:_SUBJECT_CHARACTERS]
