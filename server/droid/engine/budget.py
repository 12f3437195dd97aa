"""Limits of a turn and of a session; reached, the turn ends with a clear reason, and all is kept."""

from dataclasses import dataclass

from droid.domain.messages import Usage
from droid.domain.models import ModelProfile
from droid.domain.policy import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Budgets:
    """What a turn may use; None sets no limit.

    Attributes:
        max_turns: Model requests.
        max_tokens: Tokens of all requests, cached ones included.
        max_usd: Money by the price table; a model without a known price cannot be limited by it.
        time_limit_s: Wall time.
    """

    max_turns: int | None = None
    max_tokens: int | None = None
    max_usd: float | None = None
    time_limit_s: float | None = None


def exceeded(budgets: Budgets, *, steps: int, usage: Usage, cost_usd: float | None) -> str | None:
    """Which limit forbids another model request, in words; None where all allow it."""
    if budgets.max_turns is not None and steps >= budgets.max_turns:
        return f"the limit of {budgets.max_turns} model requests is reached"
    if budgets.max_tokens is not None and usage.total_tokens >= budgets.max_tokens:
        return f"the limit of {budgets.max_tokens} tokens is reached ({usage.total_tokens} used)"
    if budgets.max_usd is not None and cost_usd is not None and cost_usd >= budgets.max_usd:
        return f"the limit of ${budgets.max_usd:g} is reached (${cost_usd:.4f} spent)"
    return None


def session_exceeded(
    budget: Budget, *, steps: int, usage: Usage, cost_usd: float | None, profile: ModelProfile
) -> str | None:
    """Which limit of the settings forbids another model request, in words; None where all allow it.

    Args:
        steps: Model requests of this turn.
        usage, cost_usd: Of the whole session.
        profile: The model that would be asked.
    """
    place = f"budget of {budget.source.level} settings, {budget.source.file}"
    if budget.max_turns is not None and steps >= budget.max_turns:
        return f"the limit of {budget.max_turns} model requests is reached ({place})"
    if budget.max_tokens is not None and usage.total_tokens >= budget.max_tokens:
        return f"the session's limit of {budget.max_tokens} tokens is reached ({place})"
    if budget.max_usd is None:
        return None
    if profile.price is None or cost_usd is None:
        return f"the price of {profile.id} is not known, so maxUsdPerSession cannot hold ({place})"
    if cost_usd >= budget.max_usd:
        return f"the session's limit of ${budget.max_usd:g} is reached: ${cost_usd:.4f} ({place})"
    return None
