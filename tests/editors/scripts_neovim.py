"""What the model does in each scenario of the Neovim plugin's tests."""

from tests.editors.scripts import EDITED, call
from tests.fakes.model_server import Script

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
    {"thinking": "Let me look.\nThen say it.\n", **call("Read", file_path=EDITED, limit=60)},
    {"text": "It makes names tidy."},
]
PROMPT: Script = [{"text": "Told."}, {"text": "I too."}]
FOLLOW: Script = [{"text_bytes": 200_000, "chunk_chars": 80, "chunk_delay_s": 0.02}]
TODOS_AND_BLOCKS: Script = [
    call("TodoWrite", todos=_TODOS),
    {"text": 'Begin with this:\n\n```python\nprint("applied")\n```\n\nThat is all.'},
]
MENTIONS: Script = []
SESSIONS: Script = [{"text": "All right."}]
CHOICES: Script = []
