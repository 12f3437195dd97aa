"""What a session is after its conversation was rewound, from its events alone."""

from pathlib import Path

from tests.unit.engine.test_state import after, asks, finished, prompt, state_of
from tests.unit.sessions.events import Sequencer, started

from droid.domain.events import (
    Compacted,
    CwdChanged,
    DestinationAllowed,
    Event,
    FilesChanged,
    GrantAdded,
    MessageRedacted,
    Rewound,
    TodosChanged,
    TurnEnded,
    TurnEndReason,
    UntrustedTextEntered,
    UsageReported,
)
from droid.domain.files import FileChange
from droid.domain.messages import Usage, user_message
from droid.domain.tools import Todo, TodoStatus
from droid.domain.untrusted import UntrustedKind
from droid.engine.change_chains import chains, changes_since
from droid.engine.checkpoints import checkpoints_of
from droid.engine.state import SessionState

DONE = TurnEnded(reason=TurnEndReason.DONE)


def session(*events: tuple[str | None, Event]) -> SessionState:
    number = Sequencer()
    return state_of(number(started()), *(number(event, turn_id) for turn_id, event in events))


def texts(state: SessionState) -> list[str]:
    return [message.text for message in state.messages]


def turn(turn_id: str, *events: Event) -> list[tuple[str | None, Event]]:
    return [
        (turn_id, prompt(f"prompt of {turn_id}")),
        *((turn_id, event) for event in events),
        (turn_id, DONE),
    ]


def test_the_conversation_is_as_it_was_and_what_must_not_loosen_stays() -> None:
    todo = (Todo(content="x", status=TodoStatus.PENDING),)
    state = session(
        *turn("t1"),
        *turn(
            "t2",
            asks("c"),
            finished("c"),
            TodosChanged(todos=todo),
            CwdChanged(cwd="/work/shop/src"),
            GrantAdded(tool="Execute", key="make"),
            UntrustedTextEntered(kind=UntrustedKind.FILE, source="/etc/motd", remotes=("r",)),
            DestinationAllowed(destination="example.org"),
            UsageReported(model="m", usage=Usage(input_tokens=5), cost_usd=0.5, duration_s=1.0),
        ),
        *turn("t3"),
        (None, Rewound(turn_id="t2")),
    )
    assert texts(state) == ["prompt of t1"]
    assert (state.todos, state.cwd, state.open_turn) == ((), Path("/work/shop"), None)
    assert (state.turns, list(state.marks)) == (3, ["t1"])
    assert (state.usage.input_tokens, state.cost_usd) == (5, 0.5)
    assert state.tainted is not None
    assert (state.destinations, state.grants) == ({"r", "example.org"}, {("Execute", "make")})
    assert state.call_ids == {"c"}
    assert state.conversation == 1


def test_going_back_past_a_summary_brings_back_what_it_stood_for() -> None:
    summary = Compacted(summary="short", kept=(user_message("the summary"),))
    events = [*turn("t1"), *turn("t2"), *turn("t3", summary), *turn("t4")]
    assert texts(session(*events)) == ["the summary", "prompt of t4"]
    assert texts(session(*events, (None, Rewound(turn_id="t4")))) == ["the summary"]
    assert texts(session(*events, (None, Rewound(turn_id="t2")))) == ["prompt of t1"]
    state = session(*events, (None, Rewound(turn_id="t3")))
    assert texts(state) == ["prompt of t1", "prompt of t2"]
    assert state.size.tokens > 0
    first, second, third, last = checkpoints_of(session(*events))
    assert all("summarised" in one.left_out[0] for one in (first, second, third))
    assert last.left_out == ()


def test_what_was_redacted_stays_so_after_a_rewind() -> None:
    redacted = MessageRedacted(index=0, message=user_message("***"), reason="a secret")
    kept = Compacted(summary="short", kept=(user_message("the summary"),))
    events = [*turn("t1"), *turn("t2", redacted), *turn("t3", kept), (None, Rewound(turn_id="t2"))]
    assert texts(session(*events)) == ["***"]


def test_a_rewind_within_a_rewind() -> None:
    events = [*turn("t1"), *turn("t2"), (None, Rewound(turn_id="t2")), *turn("t3"), *turn("t4")]
    assert texts(session(*events)) == ["prompt of t1", "prompt of t3", "prompt of t4"]
    assert texts(session(*events, (None, Rewound(turn_id="t4")))) == ["prompt of t1", "prompt of t3"]
    # What is no longer part of the conversation cannot be gone back to.
    assert texts(session(*events, (None, Rewound(turn_id="t2")))) == texts(session(*events))


def test_an_event_that_names_no_turn_changes_nothing() -> None:
    assert texts(after(prompt("x"), Rewound(turn_id="t9"))) == ["x"]


def change(path: str, before: str | None, to: str | None) -> FileChange:
    return FileChange(path=path, before=before, after=to, added_lines=0, removed_lines=0)


def test_what_is_told_late_belongs_to_its_turn() -> None:
    """What a cancelled command changed may be told when the next turn has changed the same file already."""
    first, second = change("a", "0", "1"), change("a", "1", "2")
    state = session(
        *turn("t1"), ("t2", prompt("x")), ("t2", FilesChanged(call_id="b", changes=(second,))),
        ("t1", FilesChanged(call_id="a", changes=(first,))),
    )  # fmt: skip
    assert changes_since(state.records, "t1") == [first, second]
    assert changes_since(state.records, "t2") == [second]
    (chain,) = chains(changes_since(state.records, "t1")).values()
    assert (chain.first.before, chain.last.after, chain.broken) == ("0", "2", False)


def test_a_chain_is_broken_where_somebody_else_changed_the_file() -> None:
    (chain,) = chains([change("a", "0", "1"), change("a", "mine", "2")]).values()
    assert chain.broken
