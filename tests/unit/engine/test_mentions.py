"""What a prompt brings along by mentioning it."""

from pathlib import Path
from typing import cast

import pytest
from tests.fakes.files import MemoryFiles
from tests.unit.engine.cores import HOME, PlainPaths

from droid.domain.context import EditorContext, EditorDiagnostic, Selection
from droid.domain.ports import ProcessRunner
from droid.engine.context_files import ContextFiles
from droid.engine.mentions import MentionSources, expand_mentions, mention_of

CWD = Path("/nowhere/project")
FILES = {
    CWD / "a.py": b"one\ntwo\nthree\n",
    CWD / "b c.py": b"spaced",
    CWD / "empty": b"",
    CWD / "binary": b"\0\1",
    CWD / "latin": b"caf\xe9",
    CWD / "long": b"".join(b"line %d\n" % n for n in range(20_000)),
    CWD / "wide": b"x" * 200_000,
    CWD / ".env": b"TOKEN=hunter2",
    CWD / "src" / "typing.py": b"T",
}
CONTEXT = EditorContext(
    selection=Selection(path=CWD / "a.py", start_line=2, end_line=2, text="two"),
    diagnostics=(EditorDiagnostic(path=CWD / "a.py", line=3, severity="error", message="bad"),),
)


async def blocks(
    text: str, context: EditorContext | None = None, links: dict[Path, Path] | None = None
) -> list[str]:
    files = MemoryFiles(FILES)
    paths = PlainPaths(links)
    sources = MentionSources(
        cwd=CWD,
        files=ContextFiles(files, paths, home=HOME, factory_home=HOME / ".factory"),
        processes=cast("ProcessRunner", None),
        context=context,
    )
    return await expand_mentions(text, sources)


@pytest.mark.parametrize(
    ("text", "attached"),
    [
        ("@a.py", '<attached name="a.py">\n1: one\n2: two\n3: three\n</attached>'),
        ("see @a.py, please", '<attached name="a.py">\n1: one\n2: two\n3: three\n</attached>'),
        ("@a.py:2", '<attached name="a.py:2-2">\n2: two\n</attached>'),
        ("@a.py:2-3.", '<attached name="a.py:2-3">\n2: two\n3: three\n</attached>'),
        ("@a.py:2-99", '<attached name="a.py:2-3">\n2: two\n3: three\n</attached>'),
        ('@"b c.py"', '<attached name="b c.py">\n1: spaced\n</attached>'),
        ('@"b c.py:1", please', '<attached name="b c.py:1-1">\n1: spaced\n</attached>'),
        ("@empty", '<attached name="empty">\n\n</attached>'),
        ("@binary", '<attached name="binary">\na binary file\n</attached>'),
        ("@latin", '<attached name="latin">\n1: caf\ufffd\n</attached>'),
        ("@selection", '<attached name="/nowhere/project/a.py:2-2">\ntwo\n</attached>'),
        ("@diagnostics", '<attached name="@diagnostics">\n/nowhere/project/a.py:3: error: bad\n</attached>'),
        ("(@a.py:1)", '<attached name="a.py:1-1">\n1: one\n</attached>'),
    ],
)
async def test_a_mention_attaches_what_it_names(text: str, attached: str) -> None:
    assert await blocks(text, CONTEXT) == [attached]


@pytest.mark.parametrize(
    "text", ["me@a.py", "@missing", "@@a.py", "`@a.py`", "https://x/@a.py", "@dataclass", "@a.py/b", "@"]
)  # fmt: skip
async def test_what_names_nothing_stays_text(text: str) -> None:
    assert await blocks(text) == []


async def test_each_thing_is_attached_once_in_the_order_of_the_text() -> None:
    names = [
        block.splitlines()[0] for block in await blocks("@src/typing.py then @a.py, again @src/typing.py")
    ]
    assert names == ['<attached name="src/typing.py">', '<attached name="a.py">']


async def test_where_there_is_no_editor_it_is_said() -> None:
    assert "nothing is selected" in (await blocks("@selection"))[0]
    assert "no diagnostics" in (await blocks("@diagnostics"))[0]


async def test_long_files_are_cut_at_a_line_and_say_so() -> None:
    [block] = await blocks("@long")
    assert len(block) < 61_000
    assert block.endswith("to 20000 left out: read the rest …]\n</attached>")
    [range_of_it] = await blocks("@long:19999-20000")
    assert (
        range_of_it == '<attached name="long:19999-20000">\n19999: line 19998\n20000: line 19999\n</attached>'
    )
    [block] = await blocks("@wide")
    assert "140003 characters left out" in block


@pytest.mark.parametrize(
    "text", ["@.env", "@innocent", "@/home/ada/.ssh/config", "@/home/ada/.factory/settings.json"]
)
async def test_secrets_are_refused_by_name_and_by_where_they_lead(text: str) -> None:
    links = {CWD / "innocent": CWD / ".env"}
    [block] = await blocks(text, links=links)
    assert "not attached" in block
    assert "hunter2" not in block


@pytest.mark.parametrize(
    ("name", "mention"),
    [
        ("a.py", "@a.py"),
        ("src/", "@src/"),
        (".github/workflows/ci.yml", "@.github/workflows/ci.yml"),
        ("b c.py", '@"b c.py"'),
        ("app/[id]/page.tsx", '@"app/[id]/page.tsx"'),
        ("what?", '@"what?"'),
        ("user@host", '@"user@host"'),
        ("it's", '@"it\'s"'),
        ('a "quoted" name', ""),
        ("two\nlines", ""),
    ],
)
def test_a_path_is_mentioned_so_that_it_is_found_again(name: str, mention: str) -> None:
    assert mention_of(name) == mention
