"""A call that is not allowed does nothing: no process, no change, whichever tool it names."""

from pathlib import Path

from tests.integration.workbench import call, calls, workbench

from droid.domain.events import DecisionMade
from droid.domain.levels import AutonomyLevel, Verdict

CHANGING = (
    call("Create", file_path="new.txt", content="x"),
    call("Edit", file_path="a.txt", old_str="one", new_str="two"),
    call("ApplyPatch", input="*** Begin Patch\n*** Delete File: a.txt\n*** End Patch"),
    call("Execute", command="touch made.txt"),
    call("Execute", command="touch made-too.txt", run_in_background=True),
)


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_a_denied_call_changes_nothing(tmp_path: Path) -> None:
    steps = [calls(one) for one in CHANGING]
    async with workbench(
        tmp_path, [*steps, {"text": "done"}], autonomy=AutonomyLevel.OFF, interactive=False, stop_on_ask=False
    ) as bench:
        bench.write("a.txt", "one\n")
        before = tree(bench.workspace)
        await bench.ask()
        settled = {event.call_id: event.decision.verdict for event in bench.events(DecisionMade)}
        assert set(settled.values()) == {Verdict.DENY}
        assert len(settled) == len(CHANGING)
        assert tree(bench.workspace) == before
        assert all(result.is_error for result in bench.results)
