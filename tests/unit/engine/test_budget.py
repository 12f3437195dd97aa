"""The limits of a turn."""

import pytest

from droid.domain.messages import Usage
from droid.engine.budget import Budgets, exceeded


@pytest.mark.parametrize(
    ("budgets", "steps", "tokens", "cost", "reached"),
    [
        (Budgets(), 1_000, 10**9, 10**6, None),
        (Budgets(max_turns=3), 2, 0, 0.0, None),
        (Budgets(max_turns=3), 3, 0, 0.0, "3 model requests"),
        (Budgets(max_turns=0), 0, 0, 0.0, "0 model requests"),
        (Budgets(max_tokens=100), 1, 99, 0.0, None),
        (Budgets(max_tokens=100), 1, 100, 0.0, "100 tokens"),
        (Budgets(max_usd=0.5), 1, 0, 0.49, None),
        (Budgets(max_usd=0.5), 1, 0, 0.5, "$0.5 is reached"),
        (Budgets(max_usd=0.5), 1, 0, None, None),
    ],
)
def test_a_limit_is_reached_exactly_there(
    budgets: Budgets, steps: int, tokens: int, cost: float | None, reached: str | None
) -> None:
    said = exceeded(budgets, steps=steps, usage=Usage(input_tokens=tokens), cost_usd=cost)
    assert (said is None) if reached is None else (said is not None and reached in said)
