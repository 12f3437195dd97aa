"""The built-in tools, in the order in which a model is told of them."""

from droid.domain.ports import Tool
from droid.tools.apply_patch import ApplyPatch
from droid.tools.ask_user import AskUser
from droid.tools.create import Create
from droid.tools.edit import Edit
from droid.tools.execute import Execute
from droid.tools.glob import Glob
from droid.tools.grep import Grep
from droid.tools.ls import Ls
from droid.tools.read import Read
from droid.tools.task_output import TaskOutput
from droid.tools.task_stop import TaskStop
from droid.tools.todo_write import TodoWrite


def builtin_tools() -> tuple[Tool, ...]:
    """New instances of all of them; the order is part of what prompt caches remember."""
    return (
        Read(),
        Ls(),
        Grep(),
        Glob(),
        Create(),
        Edit(),
        ApplyPatch(),
        Execute(),
        TaskOutput(),
        TaskStop(),
        TodoWrite(),
        AskUser(),
    )
