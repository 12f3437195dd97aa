"""Buffers that a command would not see as they are: it waits until the person has saved them.

Whatever the person answers, the message closes and the wait goes on, because the menu of some editors is
modal (Neovim's): nobody can save behind it. Only "Do not run it" ends it, in the message or, later, by a
button; dismissing the message allows nothing, since nothing runs before the files are on disk.

The server does not write the files itself. Tried with the buffer's own text, Neovim 0.11.4 stops the
person with W12 ("has changed and the buffer was changed in Vim as well") and asks again at the next `:w`;
Emacs 28.2 asks before the next key and at the next save. Both would ask about what is already right.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from droid.lsp.background import Background
from droid.lsp.documents import Document, Documents
from droid.lsp.editor import Editor
from droid.lsp.markdown_text import one_line
from droid.lsp.questions import Questions

SAVING = "I save them now"
DO_NOT = "Do not run it"
_CLIENT_SAVES_S = 2.0
# A buffer may also come to equal its file by undoing, or because it was closed: nobody tells of that.
_LOOK_S = 0.5

StillUnsaved = Callable[[], Awaitable[Sequence[Path]]]


@dataclass(eq=False, slots=True, kw_only=True)
class Wait:
    """Files that a command waits for.

    Attributes:
        names: Of the files, for a button.
        users: How many calls wait for the same files.
        given_up: The person does not want the command to run.
        over: Saved, given up, or nobody waits any more.
    """

    id: str
    uris: frozenset[str]
    names: str
    text: str
    users: int = 0
    given_up: bool = False
    over: asyncio.Event = field(default_factory=asyncio.Event)


class Saving:
    """The files that commands wait for.

    Attributes:
        on_change: Called when a button is due or no longer due.
    """

    def __init__(
        self, *, editor: Editor, questions: Questions, documents: Documents, background: Background
    ) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._editor = editor
        self._questions = questions
        self._documents = documents
        self._background = background
        self._numbers = itertools.count(1)
        self._waits: list[Wait] = []

    @property
    def waits(self) -> Sequence[Wait]:
        return tuple(self._waits)

    async def save(self, documents: Sequence[Document], still_unsaved: StillUnsaved) -> None:
        """Bring buffers to disk: by the client where it can, else by the person; returns when they are, or
        when the person does not want to.
        """
        if await self._editor.save(documents):
            await self._documents.wait_until(lambda: all(one.saved for one in documents), _CLIENT_SAVES_S)
            return
        wait = self._wait_for(documents)
        wait.users += 1
        try:
            while not wait.given_up and await still_unsaved():
                await self._documents.wait_until(
                    lambda: wait.given_up or all(one.saved for one in documents), _LOOK_S
                )
        finally:
            wait.users -= 1
            if not wait.users:
                wait.over.set()
                self._waits.remove(wait)
                self.on_change()

    def give_up(self, id_: str | None) -> Wait | None:
        """Keep a command from running: the one named, else that which is before the person.

        None where there is no such one.
        """
        asked = self._questions.open
        for wait in self._waits:
            is_meant = wait.id == id_ if id_ is not None else asked is None or asked.subject == wait.text
            if is_meant:
                wait.given_up = True
                wait.over.set()
                return wait
        return None

    def _wait_for(self, documents: Sequence[Document]) -> Wait:
        uris = frozenset(document.uri for document in documents)
        for wait in self._waits:
            if wait.uris == uris and not wait.given_up:
                return wait
        paths = "\n".join(str(one.path or one.uri) for one in documents)
        wait = Wait(
            id=f"save-{next(self._numbers)}",
            uris=uris,
            names=one_line(", ".join(one.path.name if one.path else one.uri for one in documents), 60),
            text=f"Droid is about to run a command, and these files are not saved:\n\n{paths}\n\n"
            "It runs as soon as they are saved.",
        )
        self._waits.append(wait)
        self._background.start(self._ask(wait), f"question:{wait.id}")
        self.on_change()
        return wait

    async def _ask(self, wait: Wait) -> None:
        chosen = await self._questions.confirm(wait.text, [SAVING, DO_NOT], until=wait.over)
        if wait.over.is_set():
            return
        if chosen == DO_NOT:
            self.give_up(wait.id)
            return
        self._editor.message(
            f"Droid waits until {wait.names} is saved, and then runs the command. "
            f"If it is not to run: the code action “Droid: do not run what waits for {wait.names}”."
        )
