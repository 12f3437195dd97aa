"""`TaskStop`: ends a background task."""

from dataclasses import dataclass
from typing import Annotated

from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools import background
from droid.tools.base import BaseTool, one_line
from droid.tools.inputs import Arg


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStopInput:
    """Arguments of `TaskStop`."""

    task_id: Annotated[str, Arg("The id that `Execute` returned.")]


class TaskStop(BaseTool[TaskStopInput]):
    """See the module."""

    name = "TaskStop"
    read_only = False
    access_is_complete = True
    input_type = TaskStopInput

    def access(self, call: ToolInput) -> ToolAccess:
        return ToolAccess()

    def title(self, call: ToolInput) -> str:
        wanted: TaskStopInput = call.value
        return one_line(f"{self.name} {wanted.task_id}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: TaskStopInput = call.value
        job = background.find(context.jobs, wanted.task_id)
        was_running = job.finished is None
        await job.stop()
        what = "and everything that it started have been ended" if was_running else "had ended already"
        return ToolResult(
            text=f"{wanted.task_id} {what}.\n{background.describe(wanted.task_id, job)}",
            full_output=job.full_output if isinstance(job, background.BackgroundJob) else None,
        )
