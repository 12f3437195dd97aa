"""The built-in tools as a model is told of them."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from droid.domain.errors import InvalidToolInput
from droid.domain.models import ToolSpec
from droid.domain.ports import Tool
from droid.tools.registry import builtin_tools

DESCRIPTIONS = Path(__file__).parents[3] / "server" / "droid" / "tools" / "descriptions"
TOOLS = {tool.spec.name: tool for tool in builtin_tools()}


def test_the_order_of_the_tools_is_fixed():
    """It is part of the prefix that providers cache."""
    assert [(tool.spec.name, tool.spec.read_only) for tool in builtin_tools()] == snapshot(
        [
            ("Read", True),
            ("LS", True),
            ("Grep", True),
            ("Glob", True),
            ("Create", False),
            ("Edit", False),
            ("ApplyPatch", False),
            ("Execute", False),
            ("TaskOutput", True),
            ("TaskStop", False),
            ("TodoWrite", True),
            ("AskUser", True),
        ]
    )


def test_every_tool_of_ours_tells_all_that_its_calls_touch():
    assert all(tool.spec.access_is_complete for tool in builtin_tools())


def test_a_tool_that_does_not_say_so_tells_not_all_and_is_not_known_to_only_look():
    """The word of a server for itself changes nothing about that."""
    spec = ToolSpec(name="mcp__x__get", description="", input_schema={}, read_only=True)
    assert not spec.access_is_complete
    assert not spec.only_looks


def test_every_tool_has_a_description_and_every_description_a_tool():
    assert {path.stem for path in DESCRIPTIONS.iterdir()} == set(TOOLS)


SCHEMA_WORDS = {
    "type", "properties", "required", "additionalProperties", "description", "items", "enum",
    "minimum", "maximum", "minItems", "maxItems",
}  # fmt: skip


def words(schema: Mapping[str, Any]) -> set[str]:
    """Every keyword that a schema uses; the names of properties are none."""
    inner: list[Mapping[str, Any]] = [*schema.get("properties", {}).values()]
    if "items" in schema:
        inner.append(schema["items"])
    return set(schema).union(*map(words, inner))


@pytest.mark.parametrize("name", list(TOOLS))
def test_schemas_use_plain_words_that_every_provider_takes(name: str):
    schema = json.loads(json.dumps(TOOLS[name].spec.input_schema))
    assert words(schema) <= SCHEMA_WORDS
    assert schema["additionalProperties"] is False
    assert all("description" in field for field in schema["properties"].values())


@pytest.mark.parametrize("name", list(TOOLS))
def test_what_is_told_is_short_and_always_the_same(name: str):
    spec = TOOLS[name].spec
    assert TOOLS[name].spec is spec
    assert 40 < len(spec.description) < 1200
    assert len(spec.description) + len(json.dumps(spec.input_schema)) < 2500
    assert next(tool for tool in builtin_tools() if tool.spec.name == name).spec == spec


ARGUMENTS: dict[str, dict[str, Any]] = {
    "Read": {"file_path": "a\n" * 200},
    "LS": {"directory_path": "a\n" * 200},
    "Grep": {"pattern": "a\n" * 200},
    "Glob": {"patterns": ["a\n" * 200]},
    "Create": {"file_path": "a\n" * 200, "content": ""},
    "Edit": {"file_path": "a\n" * 200, "old_str": "a", "new_str": "b"},
    "ApplyPatch": {"input": f"*** Begin Patch\n*** Delete File: {'ab/' * 90}\n*** End Patch"},
    "Execute": {"command": "a\n" * 200},
    "TaskOutput": {"task_id": "a\n" * 200},
    "TaskStop": {"task_id": "a\n" * 200},
    "TodoWrite": {"todos": [{"content": "a\n" * 200, "status": "in_progress"}]},
    "AskUser": {"question": "a\n" * 200},
}


@pytest.mark.parametrize("name", list(TOOLS))
async def test_every_title_is_one_bounded_line(name: str):
    tool = TOOLS[name]
    title = tool.title(tool.validate(ARGUMENTS[name]))
    assert len(title) <= 300
    assert title.isprintable()


@pytest.mark.parametrize("name", list(TOOLS))
def test_every_tool_refuses_what_it_does_not_know(name: str):
    with pytest.raises(InvalidToolInput, match=rf"^{name}: .*`surprise` is not an argument"):
        TOOLS[name].validate({**ARGUMENTS[name], "surprise": 1})


def test_telling_a_model_of_the_tools_loads_no_heavy_library():
    """The first request of a run waits for this."""
    program = (
        "import sys\nfrom droid.tools.registry import builtin_tools\n"
        "[tool.spec for tool in builtin_tools()]\nprint(*sys.modules)"
    )
    server = DESCRIPTIONS.parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": str(server)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert not loaded & {"pydantic", "httpx", "pypdf", "sqlite3", "difflib", "uuid", "shutil"}


def test_what_models_read_is_reviewed():
    """A change of these words changes what models do, so it is looked at."""
    told = {name: _told(tool) for name, tool in TOOLS.items() if name not in OTHERS}
    assert told == snapshot(
        {
            "Read": {
                "description": """\
Read a file. Text comes with a line number and `→` before each line; neither belongs to the file. Images, notebooks and PDF text are shown too.

One call gives at most 2,000 lines or 256 KiB and says how to read on. Where you know the part you need, give `offset` and `limit`. A file must be read before `Edit`, or before `Create` replaces it.\
""",
                "file_path: string": "The file to read, absolute or relative to the session's folder.",
                "offset?: integer": "The first line to read, from 1; of a PDF, the page.",
                "limit?: integer": "How many lines to read; of a PDF, pages.",
            },
            "LS": {
                "description": "List a folder, one level deep: folders first, then files with their size, hidden ones included. To find files further down, use Glob or Grep.",
                "directory_path: string": "The folder, absolute or relative to the session's folder.",
                "ignorePatterns?: array": "Globs of names to leave out.",
            },
            "Grep": {
                "description": """\
Search file contents with a regular expression (ripgrep). What `.gitignore` names, hidden files and binary files are passed over; a hidden file is searched where `path` or `glob_pattern` names it.

Start with the default, which lists files, or with `glob_pattern`; use `output_mode: content` to see the lines. A pattern with `\\n` matches across lines.\
""",
                "pattern: string": "A regular expression (Rust syntax; look-around works too).",
                "path?: string": "The folder or file to search; the session's folder if left out.",
                "glob_pattern?: string": "Only files of this glob, such as `*.py`, `src/**/*.{ts,tsx}` or `!*.lock`.",
                "output_mode?: string": "Paths only (the default), matching lines, or matching lines counted by file.",
                "case_insensitive?: boolean": "Ignore case.",
                "context?: integer": "With content: lines to show before and after each match.",
                "head_limit?: integer": "Show at most so many lines or files (250 if left out).",
            },
            "Glob": {
                "description": "Find files by name. A pattern without `/` matches at any depth; one with `/` is taken from `folder`. What `.gitignore` names is passed over; hidden files are found only by a pattern that writes the dot, as `.github/**`.",
                "patterns: array": "Globs such as `*.py`, `src/**/*.{ts,tsx}`, `.github/**`.",
                "folder?: string": "The folder to look in; the session's folder if left out.",
                "excludePatterns?: array": "Globs of files and folders to leave out.",
            },
            "Create": {
                "description": "Make a new file with the given content. A file that exists is replaced only after it was read in this conversation; to change a part of one, use Edit.",
                "file_path: string": "The file to make; missing folders are made too.",
                "content: string": "The whole content.",
            },
            "Edit": {
                "description": "Replace `old_str`, an exact piece of a file that was read in this conversation, by `new_str`. It must occur once: give as many lines around it as that takes, or set `change_all`. Copy the text as it is in the file, indentation included, without the line numbers that Read shows. Line ends and encoding are kept.",
                "file_path: string": "The file to change; it must have been read.",
                "old_str: string": "The exact text to replace, without line numbers.",
                "new_str: string": "What takes its place.",
                "change_all?: boolean": "Replace every occurrence, not just the only one.",
            },
            "ApplyPatch": {
                "description": """\
Add, change, move and delete files by one patch, all of it or none:

*** Begin Patch
*** Add File: path
+line of the new file
*** Update File: path
*** Move to: new path (only to move it)
@@ line of the function or class around the change (only where context is not unique)
 context line, three before and after a change
-old line
+new line
*** Delete File: path
*** End Patch

Context and old lines must be in the file, in this order. A hunk at the end of a file may end with `*** End of File`.\
""",
                "input: string": "The patch, from `*** Begin Patch` to `*** End Patch`.",
            },
            "TodoWrite": {
                "description": "Keep a plan that the person sees, for work of three steps or more. Give the whole plan each time; set an item `in_progress` before you begin it and `completed` as soon as it is done.",
                "todos: array": "The whole plan, in order.",
            },
            "AskUser": {
                "description": "Ask the person something that you cannot find out and that changes what you do next. Do not ask for permission to use tools: that happens by itself.",
                "question: string": "One question, with what the person needs to answer it.",
                "options?: array": "Answers to pick from; any other may be given.",
            },
        }
    )


OTHERS = {"Execute", "TaskOutput", "TaskStop"}


def _told(tool: Tool) -> dict[str, Any]:
    fields: dict[str, Any] = dict(tool.spec.input_schema["properties"])
    required = tool.spec.input_schema["required"]
    return {
        "description": tool.spec.description,
        **{
            f"{name}{'' if name in required else '?'}: {field['type']}": field["description"]
            for name, field in fields.items()
        },
    }
