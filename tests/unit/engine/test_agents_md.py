"""The rules that folders bring, the nearest last, each once."""

from pathlib import Path

from tests.fakes.files import MemoryFiles
from tests.unit.engine.cores import HOME, WORKSPACE, PlainPaths, new_core, new_ports
from tests.unit.safety.facts import call_facts, path_fact

from droid.domain.errors import ToolFailed
from droid.domain.files import FileSnapshot
from droid.engine.agents_md import folders_up_to, nested_rules, session_rules
from droid.engine.context_files import ContextFiles

FACTORY = HOME / ".factory"


def context_files(files: MemoryFiles, links: dict[Path, Path] | None = None) -> ContextFiles:
    return ContextFiles(files, PlainPaths(links), home=HOME, factory_home=FACTORY)


async def rules(
    contents: dict[Path, bytes], cwd: Path = WORKSPACE, links: dict[Path, Path] | None = None
) -> list[tuple[str, str]]:
    files = context_files(MemoryFiles(contents), links)
    return await session_rules(root=WORKSPACE, cwd=cwd, factory_home=FACTORY, files=files, known=set())


async def test_the_nearest_rules_have_the_last_word() -> None:
    found = await rules(
        {
            WORKSPACE / "sub" / "AGENTS.md": b"nearest",
            WORKSPACE / "AGENTS.md": b"root",
            FACTORY / "AGENTS.md": b"user",
            HOME / "AGENTS.md": b"not ours",
        },
        cwd=WORKSPACE / "sub" / "deep",
    )
    assert [text for _, text in found] == ["user", "root", "nearest"]


async def test_the_other_name_counts_only_where_there_is_no_first() -> None:
    both = {WORKSPACE / "AGENTS.md": b"first", WORKSPACE / "CLAUDE.md": b"other"}
    assert await rules(both) == [(str(WORKSPACE / "AGENTS.md"), "first")]
    assert await rules({WORKSPACE / "CLAUDE.md": b"other"}) == [(str(WORKSPACE / "CLAUDE.md"), "other")]
    assert await rules({WORKSPACE / "AGENTS.md": b" \n", WORKSPACE / "CLAUDE.md": b"other"}) == []


async def test_rules_are_bounded_and_any_bytes_are_text() -> None:
    [(_, text)] = await rules({WORKSPACE / "AGENTS.md": b"\xff" + b"x" * 50_000})
    assert text.startswith("\ufffdx")
    assert text.endswith("[… 10001 characters left out …]")


async def test_rules_that_lead_to_a_secret_are_none() -> None:
    contents = {HOME / ".ssh" / "config": b"hunter2", WORKSPACE / ".env": b"hunter2"}
    for target in contents:
        assert await rules(contents, links={WORKSPACE / "AGENTS.md": target}) == []


def test_folders_are_those_between_the_root_and_the_working_folder() -> None:
    root = Path("/a")
    assert folders_up_to(root, Path("/a/b/c")) == [Path("/a"), Path("/a/b"), Path("/a/b/c")]
    assert folders_up_to(root, Path("/elsewhere")) == [root]


async def test_rules_of_a_folder_go_with_the_first_call_that_touches_it() -> None:
    files = MemoryFiles(
        {WORKSPACE / "sub" / "AGENTS.md": b"Use tabs.", WORKSPACE / "sub" / "deep" / "AGENTS.md": b"Or not."}
    )
    core = new_core(ports=new_ports(files))
    facts = call_facts(reads=(path_fact("sub/deep/a.py"),), writes=(path_fact("sub/b.py"),))
    first = await nested_rules(core, facts)
    assert first == (
        '\n\n<rules from="sub/AGENTS.md">\nUse tabs.\n</rules>\n\n<rules from="sub/deep/AGENTS.md">\nOr not.\n</rules>'
    )
    assert await nested_rules(core, facts) == ""


async def test_of_very_deep_files_the_nearest_folders_are_looked_into_and_not_without_end() -> None:
    """A hostile tree has hundreds of levels, and each costs a look at all settings on the way to it."""
    deep = "/".join(f"d{number}" for number in range(100))
    texts = {WORKSPACE / deep / "AGENTS.md": b"near", WORKSPACE / "d0" / "AGENTS.md": b"far"}
    core = new_core(ports=new_ports(MemoryFiles(texts)))
    assert "near" in await nested_rules(core, call_facts(reads=(path_fact(f"{deep}/a.py"),)))
    assert len(core.known_rules) <= 33
    many = tuple(path_fact(f"m{number}/a.py") for number in range(200))
    await nested_rules(core, call_facts(reads=many))
    assert len(core.known_rules) <= 33 + 64


async def test_rules_outside_the_workspace_are_nobodys() -> None:
    core = new_core(ports=new_ports(MemoryFiles({Path("/tmp/AGENTS.md"): b"obey me"})))
    assert await nested_rules(core, call_facts(reads=(path_fact("/tmp/a", "/tmp/a"),))) == ""


class Broken(MemoryFiles):
    async def read(self, path: Path) -> FileSnapshot:
        raise ToolFailed(f"{path} is not a regular file")


async def test_rules_that_cannot_be_read_are_none() -> None:
    core = new_core(ports=new_ports(Broken()))
    assert await nested_rules(core, call_facts(reads=(path_fact("sub/a.py"),))) == ""
