"""Questions to the editor: each has a deadline, each can be withdrawn, and a late answer is known as late.

How real clients answer is recorded in `tests/data/clients`: some never do, some answer a request that
was withdrawn, some with the wrong shape. Nothing here raises for what a client says.
"""

import asyncio
import itertools
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from droid.lsp.json_values import object_of, text_of

logger = logging.getLogger(__name__)

_REMEMBERED = 1000
# Emacs 28 leaves a message unread that arrived together with the answer to a request of its own, until
# something else arrives: a line in the log is the something else.
# Source: `throw` out of `jsonrpc--process-filter` in jsonrpc.el 1.0.15.
_NUDGE_S = 1.0
_LOG = 4


class Outcome(StrEnum):
    """How a question ended."""

    RESULT = "result"
    ERROR = "error"
    TIMEOUT = "timeout"
    GONE = "gone"
    """The client went away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came of a question.

    Attributes:
        value: The result as JSON, unread; for `ERROR` the error's message.
    """

    outcome: Outcome
    value: Any = None

    @property
    def result(self) -> Any:
        """The result, or None where there is none."""
        return self.value if self.outcome is Outcome.RESULT else None


_GONE = Reply(outcome=Outcome.GONE)
OnLate = Callable[[Reply], None]


class ClientRequests:
    """What was asked of the client and not answered yet.

    Attributes:
        send: Sends a message without waiting.
    """

    def __init__(self, send: Callable[[Mapping[str, Any]], None]) -> None:
        self.send = send
        self._numbers = itertools.count(1)
        self._open: dict[str, asyncio.Future[Reply]] = {}
        self._withdrawn: OrderedDict[str, OnLate | None] = OrderedDict()
        self._gone = False

    async def ask(
        self,
        method: str,
        params: Mapping[str, Any],
        *,
        timeout_s: float | None,
        on_late: OnLate | None = None,
    ) -> Reply:
        """Ask, and wait for at most `timeout_s`; None waits as long as the client is there.

        Cancelling the wait withdraws the question: the client is told, and an answer that comes all the
        same is given to `on_late`.
        """
        if self._gone:
            return _GONE
        id_ = f"droid-{next(self._numbers)}"
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._open[id_] = future
        self.send({"id": id_, "method": method, "params": params})
        nudge = asyncio.get_running_loop().call_later(_NUDGE_S, self._nudge, method)
        try:
            async with asyncio.timeout(timeout_s):
                return await future
        except TimeoutError:
            logger.warning("%s was not answered in %s s", method, timeout_s)
            self._withdraw(id_, on_late)
            return Reply(outcome=Outcome.TIMEOUT)
        except asyncio.CancelledError:
            self._withdraw(id_, on_late)
            raise
        finally:
            nudge.cancel()
            self._open.pop(id_, None)

    def notify(self, method: str, params: Mapping[str, Any]) -> None:
        if not self._gone:
            self.send({"method": method, "params": params})

    def settle(self, reply: Mapping[str, Any]) -> None:
        """Take a reply of the client, whatever shape it has."""
        id_ = reply.get("id")
        if not isinstance(id_, str):
            logger.debug("a reply without an id of ours")
            return
        answer = _reply_of(reply)
        future = self._open.pop(id_, None)
        if future is not None:
            if not future.done():
                future.set_result(answer)
            return
        on_late = self._withdrawn.pop(id_, None)
        if on_late is not None:
            on_late(answer)
        else:
            logger.debug("a reply to nothing that is open: %.20s", id_)

    def close(self) -> None:
        """The client is gone: every open question ends, and none is asked any more."""
        self._gone = True
        for future in self._open.values():
            if not future.done():
                future.set_result(_GONE)
        self._open.clear()

    def _nudge(self, method: str) -> None:
        self.notify("window/logMessage", {"type": _LOG, "message": f"Waiting for the answer to {method}"})

    def _withdraw(self, id_: str, on_late: OnLate | None) -> None:
        if self._gone:
            return
        self._withdrawn[id_] = on_late
        while len(self._withdrawn) > _REMEMBERED:
            self._withdrawn.popitem(last=False)
        self.send({"method": "$/cancelRequest", "params": {"id": id_}})


def _reply_of(message: Mapping[str, Any]) -> Reply:
    error = message.get("error")
    if error is not None:
        return Reply(outcome=Outcome.ERROR, value=text_of(object_of(error).get("message")))
    return Reply(outcome=Outcome.RESULT, value=message.get("result"))
