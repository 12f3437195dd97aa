"""JSON-RPC messages out of a stream of bytes, whatever the stream holds.

Source: https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#baseProtocol
"""

import re

_LENGTH = re.compile(rb"content-length[ \t]*:[ \t]*(\d{1,18})[ \t]*\r?\n", re.IGNORECASE)
_HEADER_LINE = re.compile(rb"content-(?:length|type)[ \t]*:[^\r\n]*\r?\n", re.IGNORECASE)
_END_OF_HEADER = re.compile(rb"\r?\n\r?\n")

MAX_HEADER_BYTES = 64 * 1024
MAX_BODY_BYTES = 64 * 1024 * 1024


class NotTheProtocol(Exception):
    """What came is not a language server's client; the connection is better closed."""


class TooLarge(Exception):
    """A message was longer than `MAX_BODY_BYTES` and has been skipped."""


class FrameReader:
    """Cuts a stream into message bodies: `feed` bytes, then call `take` until it says None.

    Attributes:
        strict: Any line that is not one of the protocol's headers is refused. On a socket this keeps
            a web page from speaking to us: the body of its HTTP request would otherwise pass as a message.
            On a pipe nobody but the editor writes, and what it prints by accident is skipped.
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self._buffer = bytearray()
        self._body_bytes: int | None = None
        self._skip_bytes = 0

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def take(self) -> bytes | None:
        """The next whole body, or None when more bytes are needed.

        Raises:
            TooLarge: once for each message that is skipped.
            NotTheProtocol: in strict mode.
        """
        if self._skip_bytes:
            cut = min(self._skip_bytes, len(self._buffer))
            del self._buffer[:cut]
            self._skip_bytes -= cut
            if self._skip_bytes:
                return None
        while self._body_bytes is None:
            if not self._read_header():
                return None
        if self._body_bytes > MAX_BODY_BYTES:
            self._skip_bytes, self._body_bytes = self._body_bytes, None
            raise TooLarge
        if len(self._buffer) < self._body_bytes:
            return None
        body = bytes(self._buffer[: self._body_bytes])
        del self._buffer[: self._body_bytes]
        self._body_bytes = None
        return body

    def _read_header(self) -> bool:
        """Take one header off the buffer; True when there was a whole one, good or not."""
        end = _END_OF_HEADER.search(self._buffer)
        if end is None:
            if self.strict and not _begins_well(self._buffer):
                raise NotTheProtocol
            if len(self._buffer) >= MAX_HEADER_BYTES:
                if self.strict:
                    raise NotTheProtocol
                del self._buffer[: -MAX_HEADER_BYTES // 2]
            return False
        header = bytes(self._buffer[: end.end()])
        del self._buffer[: end.end()]
        if self.strict and not _is_header(header):
            raise NotTheProtocol
        lengths = _LENGTH.findall(header)
        if lengths:
            # After rubbish, the last one is the one next to the body.
            self._body_bytes = int(lengths[-1])
        elif self.strict:
            raise NotTheProtocol
        return True


def _begins_well(buffer: bytearray) -> bool:
    """Whether an unfinished header may still become one."""
    lines = bytes(buffer).split(b"\n")
    whole, rest = lines[:-1], lines[-1].lower()
    return all(_HEADER_LINE.fullmatch(line + b"\n") for line in whole) and (
        (bool(whole) and rest == b"\r")
        or rest.startswith((b"content-length", b"content-type"))
        or b"content-length".startswith(rest)
        or b"content-type".startswith(rest)
    )


def _is_header(header: bytes) -> bool:
    lines = header.splitlines(keepends=True)
    return len(lines) > 1 and all(_HEADER_LINE.fullmatch(line) for line in lines[:-1])


def framed(body: bytes) -> bytes:
    """A message as it goes out."""
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
