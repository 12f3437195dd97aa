"""The `TodoWrite` tool: the agent's plan, whole each time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, cast

from droid.domain.ports import ToolContext
from droid.domain.tools import Todo, TodoStatus, ToolAccess, ToolInput, ToolResult
from droid.tools.base import BaseTool, one_line
from droid.tools.inputs import Arg

MAX_TODOS = 100
_MAX_TODO_CHARS = 500
_LINE = re.compile(r"\s*(?:\d+[.)]|[-*])?\s*\[([^\]]*)\]\s*(\S.*?)\s*")
_MARKS = {"": "pending", "x": "completed", "done": "completed", "~": "in_progress", ">": "in_progress"}
_UNUSED = {"id", "priority", "activeForm"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoItem:
    """One item, as a model writes it."""

    content: Annotated[str, Arg("What is to be done, in a few words.")]
    status: Annotated[TodoStatus, Arg("At most one item is in progress.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoWriteInput:
    """See the descriptions."""

    todos: Annotated[tuple[TodoItem, ...], Arg("The whole plan, in order.", maximum=MAX_TODOS)]


class TodoWrite(BaseTool[TodoWriteInput]):
    """See `descriptions/TodoWrite.md`."""

    name = "TodoWrite"
    # It changes the session's plan and nothing that anybody would want to be asked about.
    read_only = True
    access_is_complete = True
    input_type = TodoWriteInput

    def adapt(self, arguments: Mapping[str, object]) -> Mapping[str, object]:
        """Take also one string, `1. [completed] …` a line, and fields that other agents' plans have."""
        todos = arguments.get("todos")
        if isinstance(todos, str) and not todos.lstrip().startswith(("[{", "[]")):
            return {**arguments, "todos": [_item(line) for line in todos.splitlines() if line.strip()]}
        if isinstance(todos, list):
            items = cast("list[object]", todos)
            return {**arguments, "todos": [_without_unused(item) for item in items]}
        return arguments

    def access(self, call: ToolInput) -> ToolAccess:
        return ToolAccess()

    def title(self, call: ToolInput) -> str:
        wanted: TodoWriteInput = call.value
        for item in wanted.todos:
            if item.status is TodoStatus.IN_PROGRESS:
                return one_line(f"Plan: {item.content}")
        return f"Plan: {_counted(wanted.todos)}"

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: TodoWriteInput = call.value
        todos = tuple(
            Todo(content=one_line(item.content, _MAX_TODO_CHARS), status=item.status) for item in wanted.todos
        )
        return ToolResult(text=f"The plan was updated: {_counted(wanted.todos)}.", todos=todos)


def _counted(items: tuple[TodoItem, ...]) -> str:
    done = sum(item.status is TodoStatus.COMPLETED for item in items)
    return f"{done} of {len(items)} done"


def _item(line: str) -> dict[str, object]:
    match = _LINE.fullmatch(line)
    if match is None:
        return {"content": line.strip(), "status": "pending"}
    status = match[1].strip().lower()
    return {"content": match[2], "status": _MARKS.get(status, status)}


def _without_unused(item: object) -> object:
    if not isinstance(item, dict):
        return item
    fields = cast("dict[str, Any]", item)
    return {name: value for name, value in fields.items() if name not in _UNUSED}
