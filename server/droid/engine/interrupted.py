"""Closes what was left open, so that a conversation can go on after a cancel or a crash."""

from droid.domain.events import AssistantAnswered, ToolFinished, TurnEnded, TurnEndReason
from droid.domain.messages import Message, Role, TextPart
from droid.domain.tools import ToolResult
from droid.engine.core import SessionCore


def close_open_calls(core: SessionCore, result: ToolResult) -> None:
    """Give every call that still owes one this result."""
    for call_id, tool in tuple(core.state.unfinished_calls.items()):
        core.emit_regardless(ToolFinished(call_id=call_id, tool=tool, result=result, duration_s=0.0))


def close_open_turn(core: SessionCore) -> None:
    """End a turn that the program did not live to end; keeps what the model had said."""
    state = core.state
    if state.open_turn is None:
        return
    core.turn_id = state.open_turn
    text = "".join(state.partial_text)
    if text:
        message = Message(role=Role.ASSISTANT, parts=(TextPart(text=text),))
        core.emit(AssistantAnswered(message=message, stop_reason=None))
    close_open_calls(
        core,
        ToolResult(
            text="Interrupted: the program ended while this ran; look at what it left behind.", is_error=True
        ),
    )
    core.emit(TurnEnded(reason=TurnEndReason.ERROR, message="the program ended in the middle of this turn"))
    core.turn_id = None
