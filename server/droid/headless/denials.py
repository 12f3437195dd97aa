"""Why a call was denied, in words."""

from droid.domain.decisions import Decision
from droid.domain.levels import Verdict


def reason_of_denial(decision: Decision) -> str:
    """Why a call was denied: where nobody could be asked, the rule that wanted to ask comes first."""
    asked = next((entry for entry in decision.trace if entry.verdict is Verdict.ASK), None)
    if asked is None:
        return decision.reason
    matched = f": {asked.matched}" if asked.matched else ""
    return f"{asked.rule}{matched}; {decision.reason}"
