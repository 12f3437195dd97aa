"""The `ApplyPatch` tool: several files changed by one patch, all or none.

What reads and applies patches is imported with the first one: every start waits for this module.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from droid.domain.errors import InvalidToolInput, ToolFailed
from droid.domain.ports import ToolContext
from droid.domain.tools import ToolAccess, ToolInput
from droid.tools.base import one_line
from droid.tools.inputs import Arg
from droid.tools.writing import Plan, WritingTool

if TYPE_CHECKING:
    from droid.tools.patch import Patch


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyPatchInput:
    """See the descriptions."""

    input: Annotated[str, Arg("The patch, from `*** Begin Patch` to `*** End Patch`.")]


class ApplyPatch(WritingTool[ApplyPatchInput]):
    """See `descriptions/ApplyPatch.md`; `ToolInput.value` is a `Patch`."""

    name = "ApplyPatch"
    input_type = ApplyPatchInput

    def check(self, wanted: ApplyPatchInput) -> "Patch":
        from droid.tools.patch import parse_patch

        try:
            return parse_patch(wanted.input)
        except ToolFailed as error:
            raise InvalidToolInput(f"ApplyPatch: {error}") from error

    def access(self, call: ToolInput) -> ToolAccess:
        patch: Patch = call.value
        return ToolAccess(reads=patch.updated, writes=patch.paths)

    def title(self, call: ToolInput) -> str:
        patch: Patch = call.value
        return one_line(f"ApplyPatch {', '.join(map(str, patch.paths[:20]))}")

    async def plan(self, call: ToolInput, context: ToolContext) -> Plan:
        from droid.tools.patch_plan import plan_patch

        return await plan_patch(call.value, context)
