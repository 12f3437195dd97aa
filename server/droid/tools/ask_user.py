"""The `AskUser` tool: a question that only the person can answer."""

from dataclasses import dataclass
from typing import Annotated

from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools.base import BaseTool, one_line
from droid.tools.inputs import Arg

MAX_ANSWER_CHARS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AskUserInput:
    """See the descriptions."""

    question: Annotated[str, Arg("One question, with what the person needs to answer it.")]
    options: Annotated[tuple[str, ...], Arg("Answers to pick from; any other may be given.", maximum=10)] = ()


class AskUser(BaseTool[AskUserInput]):
    """See `descriptions/AskUser.md`."""

    name = "AskUser"
    read_only = True
    access_is_complete = True
    input_type = AskUserInput

    def access(self, call: ToolInput) -> ToolAccess:
        return ToolAccess()

    def title(self, call: ToolInput) -> str:
        wanted: AskUserInput = call.value
        return one_line(f"Ask: {wanted.question}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: AskUserInput = call.value
        answer = await context.ask(wanted.question, wanted.options)
        if answer is None:
            return ToolResult(
                text="There was no answer: the person declined, or nobody can be asked here. "
                "Go on with the most reasonable assumption and say which, or stop.",
                is_error=True,
            )
        if len(answer) > MAX_ANSWER_CHARS:
            cut = len(answer) - MAX_ANSWER_CHARS
            answer = f"{answer[:MAX_ANSWER_CHARS]}\n[{cut:,} more characters were cut]"
        return ToolResult(text=answer or "[the answer was empty]")
