"""Which answers to an approval can be honoured, and what each would allow from now on."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from droid.domain.decisions import Answer, Decision, Step
from droid.domain.levels import AutonomyLevel, SettingsLevel, Verdict
from droid.domain.policy import Policy
from droid.safety.allowed import allowed, missing_entry
from droid.safety.facts import CallFacts
from droid.safety.grants import Grant, covers, described
from droid.safety.program_grants import covers_program, program_grant

_ABOVE_USER = frozenset({SettingsLevel.ORG, SettingsLevel.PROJECT, SettingsLevel.FOLDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What a person may answer besides once and no.

    Attributes:
        session: What would be allowed for this session, in words.
        program: The program, with its subcommand, that would be.
        always: The entry that would be written to the user's allowlist.
    """

    session: str | None = None
    program: str | None = None
    always: str | None = None

    @property
    def answers(self) -> tuple[Answer, ...]:
        """All of them, in the order in which they are shown."""
        offered = (
            (Answer.ONCE, True),
            (Answer.SESSION, self.session),
            (Answer.SESSION_PROGRAM, self.program),
            (Answer.ALWAYS, self.always),
            (Answer.REJECT, True),
            (Answer.INSTRUCT, True),
        )
        return tuple(answer for answer, is_offered in offered if is_offered)


def offers_for(
    facts: CallFacts, decision: Decision, policies: Sequence[Policy], *, can_write: bool
) -> Offers:
    """What can be offered for a call that is asked about.

    Args:
        can_write: The user's settings can be written.
    """
    only_autonomy = _asking_steps(decision) == {Step.AUTONOMY}
    grant = program_grant(facts) if only_autonomy else None
    return Offers(
        session=described(facts),
        program=None if grant is None else grant.what,
        always=always_entry(facts, decision, policies) if only_autonomy and can_write else None,
    )


def is_granted(granted: Set[Grant], facts: CallFacts, decision: Decision) -> bool:
    """Whether a person has allowed a call for the session already."""
    asking = _asking_steps(decision)
    if Step.TAINT in asking:
        return False  # it was said of what runs, not of where data may go
    if covers(granted, facts, decision.trace):
        return True
    return asking == {Step.AUTONOMY} and covers_program(granted, facts)


def always_entry(facts: CallFacts, decision: Decision, policies: Sequence[Policy]) -> str | None:
    """The entry of the user's own that would have let this call run; None where there is none.

    A level above the user's has the last word: where it asked, or caps what may run, nothing of the user's
    lifts that.
    """
    asked = [entry for entry in decision.trace if entry.verdict is Verdict.ASK]
    if facts.assessment is None or any(entry.level in _ABOVE_USER for entry in asked):
        return None
    wanted: set[str | None] = set()
    for policy in policies:
        if allowed(policy.command_allowlist, facts.assessment) is None:
            capped = policy.max_autonomy_source.level in _ABOVE_USER
            within = policy.max_autonomy if capped else AutonomyLevel.HIGH
            wanted.add(missing_entry(policy.command_allowlist, facts.assessment, within))
    return wanted.pop() if len(wanted) == 1 else None


def _asking_steps(decision: Decision) -> set[Step]:
    return {entry.step for entry in decision.trace if entry.verdict is Verdict.ASK}
