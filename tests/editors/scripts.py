"""What the model does in each scenario; the same for every editor."""

from typing import Any

from tests.fakes.model_server import Script

EDITED = "src/click/utils.py"
FOREIGN = "# droid: say what is odd here\n"


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return {"calls": [{"name": name, "arguments": arguments}]}


CODE_ACTION: Script = [
    call("Read", file_path=EDITED, limit=60),
    call(
        "Edit",
        file_path=EDITED,
        old_str="def _posixify(name: str) -> str:\n",
        new_str='def _posixify(name: str) -> str:\n    """Lower-case, dashed."""\n',
    ),
    {"text": "Documented."},
]
APPROVE_AND_REJECT: Script = [
    call("Execute", command="echo kept > kept.txt"),
    call("Execute", command="echo lost > lost.txt"),
    {"text": "One of two."},
]
SAVE_FIRST: Script = [*CODE_ACTION[:2], call("Execute", command=f"cp {EDITED} kept.txt"), {"text": "Copied."}]
COMMENT: Script = [{"text": "Nothing is odd here."}]
SESSION_DOCUMENT: Script = [
    call("Execute", command="echo kept > kept.txt"),
    {"text": "The file is there."},
]
CANCEL: Script = [{"text_bytes": 200_000, "chunk_chars": 80, "chunk_delay_s": 0.02}]
REVIEW: Script = [
    call("Read", file_path=EDITED, limit=60),
    call(
        "ApplyPatch",
        input=f"*** Begin Patch\n*** Update File: {EDITED}\n@@\n from __future__ import annotations\n+# looked at\n \n"
        "@@\n def _posixify(name: str) -> str:\n"
        '+    """Lower-case, dashed."""\n'
        '     return "-".join(name.split()).lower()\n*** End Patch\n',
    ),
    {"text": "Looked at."},
]
TYPING_MEANWHILE: Script = [*CODE_ACTION[:2], *CODE_ACTION]
SERVER_KILLED: Script = [
    {"when": "long story", "text_bytes": 200_000, "chunk_chars": 80, "chunk_delay_s": 0.02},
    {"when": "Go on", "text": "I went on."},
]
