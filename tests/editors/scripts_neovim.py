"""What the model does in each scenario of the Neovim plugin's tests."""

from tests.editors.scripts import EDITED, call
from tests.fakes.model_server import Script

_READ = call("Read", file_path=EDITED, limit=60)
_EDIT = call(
    "Edit",
    file_path=EDITED,
    old_str="def _posixify(name: str) -> str:\n",
    new_str='def _posixify(name: str) -> str:\n    """Lower-case, dashed."""\n',
)
_TODOS = [
    {"id": "1", "content": "Write the test", "status": "in_progress", "priority": "high"},
    {"id": "2", "content": "Mend the code", "status": "pending", "priority": "medium"},
]

FROM_CODE: Script = [
    {"thinking": "Let me look.\nThen say it.\n", **_READ},
    {"text": "It makes names tidy."},
]
PROMPT: Script = [{"text": "Told."}, {"text": "I too."}]
FOLLOW: Script = [{"text_bytes": 200_000, "chunk_chars": 80, "chunk_delay_s": 0.02}]
TODOS_AND_BLOCKS: Script = [
    call("TodoWrite", todos=_TODOS),
    {"text": 'Begin with this:\n\n```python\nprint("applied")\n```\n\nThat is all.'},
]
COMMAND_CHANGES: Script = [
    call("Execute", command="printf '\\0' > data.bin && echo it is made"),
    {"text": "Made."},
]
MENTIONS: Script = []
IMAGES: Script = []
BEGUN_AGAIN: Script = [
    {"text": "Half of an answer that " * 20, "cut": "text"},
    {"text": "Whole and well."},
]
STOPPED: Script = [{"text": "All right."}, {"text": "And more."}]
SESSIONS: Script = [{"text": "All right."}]
CHOICES: Script = []

_LONG = "\n".join([*(f"echo line {n}" for n in range(1, 81)), "echo \u202e hidden"])
_PATCH = '''*** Begin Patch
*** Update File: src/click/utils.py
@@
 def _posixify(name: str) -> str:
+    """Lower-case, dashed."""
     return "-".join(name.split()).lower()
@@
 def make_str(value: t.Any) -> str:
+    # Second
     """Converts a value into a valid string."""
*** Add File: notes.md
+A note.
*** End Patch
'''

WHOLE_PAYLOAD: Script = [call("Execute", command=_LONG), {"text": "Not then."}]
ANSWERS: Script = [
    call("Execute", command="echo kept > kept.txt"),
    call("Execute", command="echo lost > lost.txt"),
    call("Execute", command="echo again > again.txt"),
    call("Execute", command="echo again > again.txt"),
    {"text": "So be it."},
]
WITHDRAWN: Script = ANSWERS
HUNKS: Script = [call("ApplyPatch", input=_PATCH), {"text": "Both done."}]
ASK_USER: Script = [
    call("AskUser", question="Which name?", options=["alpha", "beta"]),
    {"text": "Beta it is."},
]
SAVE_FIRST: Script = [_READ, _EDIT, call("Execute", command=f"cp {EDITED} kept.txt"), {"text": "Copied."}]
CHANGED_ON_DISK: Script = SAVE_FIRST
BOTH_EDIT: Script = [_READ, _EDIT, {"text": "It had changed."}]
FOREIGN_COMMENT: Script = []

INLINE: Script = HUNKS
SIDE_BY_SIDE: Script = HUNKS
STALE: Script = HUNKS
UNDO: Script = HUNKS
CHECKPOINT: Script = HUNKS

KILLED: Script = [{"text": "I remember."}, {"text": "And on."}]
KILLED_WHILE_ASKING: Script = ANSWERS
MISSING: Script = []
OF_THE_WORKSPACE: Script = []
HEALTH: Script = []
OPTIONS: Script = []
HIGHLIGHTS: Script = []
