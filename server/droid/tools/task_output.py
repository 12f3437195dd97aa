"""`TaskOutput`: what a background task wrote."""

import asyncio
from dataclasses import dataclass
from typing import Annotated

from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput, ToolResult
from droid.tools import background
from droid.tools.base import BaseTool, one_line
from droid.tools.inputs import Arg

MAX_BLOCK_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOutputInput:
    """Arguments of `TaskOutput`."""

    task_id: Annotated[str, Arg("The id that `Execute` returned.")]
    block: Annotated[bool, Arg(f"Wait for the task to end, at most {MAX_BLOCK_S:.0f} s.")] = False


class TaskOutput(BaseTool[TaskOutputInput]):
    """See the module."""

    name = "TaskOutput"
    read_only = True
    access_is_complete = True
    input_type = TaskOutputInput

    def access(self, call: ToolInput) -> ToolAccess:
        return ToolAccess()

    def title(self, call: ToolInput) -> str:
        wanted: TaskOutputInput = call.value
        return one_line(f"{self.name} {wanted.task_id}")

    async def run(self, call: ToolInput, context: ToolContext) -> ToolResult:
        wanted: TaskOutputInput = call.value
        job = background.find(context.jobs, wanted.task_id)
        if wanted.block and job.finished is None:
            try:
                async with asyncio.timeout(MAX_BLOCK_S):
                    await job.wait()
            except TimeoutError:
                pass  # it runs on, as the answer says
        new = background.new_output(job)
        shown = new.rstrip("\n") if new.strip() else "(no new output)"
        return ToolResult(
            text=f"{shown}\n\n{background.describe(wanted.task_id, job)}",
            full_output=job.full_output if isinstance(job, background.BackgroundJob) else None,
            exit_code=job.finished.exit_code if job.finished is not None else None,
        )
