"""What pygls 2.1.1 does otherwise than an editor needs, put right in one place.

Each entry says what would let us delete it; `tests/unit/lsp/test_pygls_workarounds.py` holds a test for
each that fails when pygls is left to itself.

shutdown
    `lsp_shutdown` walks the pending requests while cancelling them changes that table, and fails with
    "dictionary changed size during iteration". Delete when it walks a copy.
replies
    A reply that does not fit its type is dropped, and whoever waits for it waits for ever; a reply to a
    cancelled wait raises InvalidStateError; and a reply is looked up in the same table as the client's
    own requests, so that one with a stolen id ends a handler. Replies go to `ClientRequests` unread.
    Delete when pygls keeps a table for what it asked, bounds it, and accepts late replies.
exit
    `lsp_exit` ends the process from inside a callback and skips every clean-up. Here it only says that
    the client leaves. Delete when `exit` can be handled.
reading
    `object_hook` takes every nested object that has a key `jsonrpc` for a message, a message that is
    not JSON or has wrong types is reported to the person in a pop-up and never answered, and requests
    before `initialize` reach their handlers. Delete when these get the specification's error codes.
notifications
    The future of every notification is kept for ever: one for each keystroke. Delete when
    `_check_handler_result` forgets it.
documents
    `TextDocument` splits lines at form feeds, U+2028 and others that LSP does not count, and splits the
    whole text twice for a keystroke. `Documents` takes its place. Delete when it splits by LSP's rule.
logging
    Message bodies are logged, file contents included. Here only methods and ids are.
    Delete when pygls logs no bodies above DEBUG.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Protocol, cast

from cattrs import Converter, transform_error
from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from droid.domain.errors import DroidError
from droid.lsp.json_values import list_of, object_of
from droid.lsp.plain_text import unlinked
from droid.lsp.transport import Outbox

logger = logging.getLogger(__name__)

# pygls logs bodies at INFO and parameters at ERROR; what is worth knowing is logged here.
logging.getLogger("pygls").setLevel(logging.CRITICAL)

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803

MessageId = str | int
Handler = Callable[[Any], Coroutine[Any, Any, Any]]
InstantHandler = Callable[[Any], None]


class ProtocolHost(Protocol):
    """The server, as its protocol sees it."""

    def begin(self, params: types.InitializeParams, raw: Mapping[str, Any], encoding: str) -> None:
        """The client has introduced itself; `raw` is what it sent, before it was fitted to types."""
        ...

    def experimental_capabilities(self) -> Mapping[str, Any]: ...

    def settle(self, reply: Mapping[str, Any]) -> None:
        """A reply of the client, unread."""
        ...

    async def close(self) -> None:
        """End everything that runs, within a deadline."""
        ...

    def leave(self) -> None:
        """The client has said goodbye."""
        ...


class DroidProtocol(LanguageServerProtocol):
    """pygls' protocol with the entries above.

    Attributes:
        handlers: By method, each a task of its own.
        instant: By method, notifications that must be applied in order, at once, on the read loop.
        options: By method, what the server's capabilities say of it.
        commands: What `workspace/executeCommand` can run.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.host = cast("ProtocolHost", server)
        self.outbox: Outbox | None = None
        self.initialized = False
        self.shutting_down = False
        self.handlers: dict[str, Handler] = {types.SHUTDOWN: self._shut_down}
        self.instant: dict[str, InstantHandler] = {}
        self.options: dict[str, Any] = {}
        self.commands: list[str] = []
        self._requests: dict[MessageId, asyncio.Task[Any]] = {}
        self._notifications: set[asyncio.Task[Any]] = set()

    # Reading

    def receive(self, body: bytes) -> None:
        """Take one message. Whatever it is, the server lives on."""
        try:
            message: object = json.loads(body.decode())
        except (ValueError, RecursionError):
            self.send_error(None, PARSE_ERROR, "the message is not JSON in UTF-8")
            return
        if not isinstance(message, dict):
            self.send_error(None, INVALID_REQUEST, "a message is one JSON object")
            return
        message = cast("dict[str, Any]", message)
        if "method" not in message:
            self.host.settle(message)
            return
        method, id_ = message["method"], message.get("id")
        has_id = isinstance(id_, str | int) and not isinstance(id_, bool)
        if not isinstance(method, str) or ("id" in message and not has_id):
            self.send_error(id_ if has_id else None, INVALID_REQUEST, "`method` or `id` has a wrong type")
        elif "id" in message:
            self._receive_request(cast("MessageId", id_), method, message)
        else:
            self._receive_notification(method, message)

    def refuse_too_large(self) -> None:
        """A message was skipped because of its length."""
        self.send_error(None, INVALID_REQUEST, "the message is too large")

    def _receive_request(self, id_: MessageId, method: str, message: dict[str, Any]) -> None:
        if self.shutting_down:
            self.send_error(id_, INVALID_REQUEST, "the server is shutting down")
        elif method == types.INITIALIZE:
            if self.initialized:
                self.send_error(id_, INVALID_REQUEST, "the server is initialized already")
            else:
                self._initialize(id_, message)
        elif not self.initialized:
            self.send_error(id_, NOT_INITIALIZED, "the first request is `initialize`")
        elif (handler := self.handlers.get(method)) is None:
            self.send_error(id_, METHOD_NOT_FOUND, f"no such method: {method[:100]}")
        elif id_ in self._requests:
            self.send_error(id_, INVALID_REQUEST, "a request with this id is running")
        else:
            try:
                params = self._params_of(method, message)
            except Exception as error:  # whatever cattrs raises for a shape that does not fit
                self.send_error(id_, INVALID_PARAMS, _misfit(error))
                return
            task = asyncio.ensure_future(handler(params))
            self._requests[id_] = task
            task.add_done_callback(lambda done: self._answer(id_, method, done))

    def _receive_notification(self, method: str, message: dict[str, Any]) -> None:
        if method == types.EXIT:
            self.host.leave()
            return
        if not self.initialized or self.shutting_down:
            logger.info("ignored %.100s: not between initialize and shutdown", method)
            return
        instant, handler = self.instant.get(method), self.handlers.get(method)
        if instant is None and handler is None and method != types.CANCEL_REQUEST:
            return
        try:
            params = self._params_of(method, message)
        except Exception as error:  # as above
            logger.warning("ignored %.100s: %s", method, _misfit(error))
            return
        if method == types.CANCEL_REQUEST:
            if isinstance(params.id, str | int) and (task := self._requests.get(params.id)):
                task.cancel()
            return
        if instant is not None:
            instant(params)
        if handler is not None:
            task = asyncio.ensure_future(handler(params))
            self._notifications.add(task)
            task.add_done_callback(lambda done: self._notified(method, done))

    def _params_of(self, method: str, message: dict[str, Any]) -> Any:
        kind = self.get_message_type(method)
        if kind is None or method in (types.INITIALIZED, types.SHUTDOWN):
            return message.get("params")
        message["jsonrpc"] = self.VERSION
        return self._converter.structure(message, kind).params

    # Answering

    def _notified(self, method: str, task: asyncio.Task[Any]) -> None:
        self._notifications.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("%s failed", method, exc_info=error)

    def _answer(self, id_: MessageId, method: str, task: asyncio.Task[Any]) -> None:
        self._requests.pop(id_, None)
        if task.cancelled():
            self.send_error(id_, REQUEST_CANCELLED, "cancelled")
            return
        error = task.exception()
        if error is None:
            self._send({"jsonrpc": self.VERSION, "id": id_, "result": task.result()}, id_)
        elif isinstance(error, JsonRpcException):
            self.send_error(id_, error.code, error.message)
        elif isinstance(error, DroidError):
            self.send_error(id_, REQUEST_FAILED, str(error))
        else:
            logger.error("%s failed", method, exc_info=error)
            self.send_error(id_, INTERNAL_ERROR, f"{method} failed; the server's log says why")

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a request or notification as it is, with `jsonrpc` added."""
        self._send({"jsonrpc": self.VERSION, **message}, None)

    def send_error(self, id_: MessageId | None, code: int, text: str) -> None:
        # Editors show it as they show a message.
        error = {"code": code, "message": unlinked(text)}
        self._send({"jsonrpc": self.VERSION, "id": id_, "error": error}, None)

    def _send(self, message: Mapping[str, Any], answers: MessageId | None) -> None:
        if self.outbox is None:
            return
        try:
            body = json.dumps(message, default=self._to_json, separators=(",", ":")).encode()
        except (TypeError, ValueError, RecursionError) as error:
            logger.error("a message could not be encoded", exc_info=error)
            if answers is not None:
                self.send_error(answers, INTERNAL_ERROR, "the result could not be encoded")
            return
        self.outbox.put(body)

    def _to_json(self, value: Any) -> Any:
        if hasattr(value, "__attrs_attrs__"):
            return self._converter.unstructure(value)
        raise TypeError(f"{type(value).__name__} has no JSON form")

    # Beginning and end

    def _initialize(self, id_: MessageId, message: dict[str, Any]) -> None:
        """An editor that declares something unheard of is still served, as one that declares little."""
        raw = object_of(message.get("params"))
        try:
            params = self._converter.structure(raw, types.InitializeParams)
        except Exception as error:  # as above
            logger.warning("parts of the client's capabilities are not understood: %s", _misfit(error))
            params = self._converter.structure(_essence_of(raw), types.InitializeParams)
        self.initialized = True
        self.client_capabilities = params.capabilities
        encoding = ServerCapabilitiesBuilder.choose_position_encoding(params.capabilities)
        self.host.begin(params, raw, str(getattr(encoding, "value", encoding)))
        self.server_capabilities = ServerCapabilitiesBuilder(
            params.capabilities,
            {*self.handlers, *self.instant},
            self.options,
            self.commands,
            types.TextDocumentSyncKind.Incremental,
            None,
            encoding,
        ).build()
        self.server_capabilities.experimental = {"droid": self.host.experimental_capabilities()}
        result = types.InitializeResult(capabilities=self.server_capabilities, server_info=self.server_info)
        self._send({"jsonrpc": self.VERSION, "id": id_, "result": result}, id_)

    async def _shut_down(self, _: object) -> None:
        self.shutting_down = True
        mine = asyncio.current_task()
        for task in (*self._requests.values(), *self._notifications):
            if task is not mine:
                task.cancel()
        await self.host.close()


def _misfit(error: Exception) -> str:
    """What about a message does not fit, without its values."""
    try:
        lines = transform_error(error)
    except Exception:  # it is only for the message
        lines = []
    return "; ".join(lines[:3]) or type(error).__name__


def _essence_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What the server cannot do without, of parameters that do not fit: roots and encodings."""
    roots = {key: raw[key] for key in ("rootUri", "rootPath") if isinstance(raw.get(key), str)}
    general = object_of(object_of(raw.get("capabilities")).get("general"))
    encodings = [one for one in list_of(general.get("positionEncodings")) if isinstance(one, str)]
    capabilities = {"general": {"positionEncodings": encodings}} if encodings else {}
    return {"processId": None, "capabilities": capabilities, **roots}
