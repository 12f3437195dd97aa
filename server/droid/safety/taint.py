"""Step `taint`: once untrusted text is in the context, nothing leaves for a new place unasked.

Text that nobody vouches for can make a model do what its writer wants; what that writer gains is mostly
what leaves the machine. So the first time that data would go to a place, a person is asked, and no list,
hook or skip answers for them. Places that were known before, that settings allow, and the organisation's
own servers are no news.
"""

from collections.abc import Iterable

from droid.domain.decisions import Step, TraceEntry
from droid.domain.levels import Verdict
from droid.domain.policy import Policy
from droid.safety.facts import CallFacts
from droid.safety.hosts import Destination, allowing

_SHOWN = 3


def taint(facts: CallFacts, policy: Policy) -> TraceEntry:
    """What the step says."""
    if facts.tainted is None:
        return TraceEntry(step=Step.TAINT, verdict=None, rule="no untrusted text has entered the context")
    source = policy.taint_source
    if policy.taint is Verdict.ALLOW:
        return TraceEntry(
            step=Step.TAINT,
            verdict=None,
            rule="taint is switched off",
            level=source.level,
            file=source.file,
        )
    new = [one for one in new_destinations(facts) if allowing(policy.allowed_domains, one) is None]
    new = [one for one in new if allowing(policy.own_servers, one) is None]
    if not new:
        return TraceEntry(step=Step.TAINT, verdict=None, rule="no destination is new")
    return TraceEntry(
        step=Step.TAINT,
        verdict=policy.taint,
        rule=f"sends data to a new destination after untrusted text has entered ({facts.tainted})",
        level=source.level,
        file=source.file,
        matched=_shown(new),
    )


def new_destinations(facts: CallFacts) -> tuple[Destination, ...]:
    """The places that a call would reach and that nobody has let data go to yet."""
    return tuple(
        one for one in facts.destinations if not one.named or one.name not in facts.known_destinations
    )


def _shown(new: Iterable[Destination]) -> str:
    names = [one.name for one in new]
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
