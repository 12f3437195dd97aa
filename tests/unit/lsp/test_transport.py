"""Pipes and sockets, with clients that do not read or do not belong here."""

import asyncio
import os
import threading
from pathlib import Path

import pytest

from droid.lsp import transport
from droid.lsp.framing import framed
from droid.lsp.transport import SocketOutbox, StreamInbox, StreamOutbox, deliver, read_socket


class Receiver:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.too_large = 0

    def receive(self, body: bytes) -> None:
        self.bodies.append(body)
        if body == b"break":
            raise ZeroDivisionError

    def refuse_too_large(self) -> None:
        self.too_large += 1


async def test_messages_come_out_whole_and_in_order_though_nobody_reads_at_first() -> None:
    reading, writing = os.pipe()
    outbox = StreamOutbox(writing, lambda: None)
    bodies = [b"%d" % number * 1000 for number in range(2000)]
    for body in bodies:
        outbox.put(body)
    assert outbox.backlog_bytes > 0
    inbox = StreamInbox(reading)
    inbox.start()
    closing = asyncio.create_task(asyncio.to_thread(outbox.close))
    found = [body async for body in _first(inbox, len(bodies))]
    assert found == bodies
    await closing
    os.close(writing)


async def _first(inbox: StreamInbox, count: int):  # type: ignore[no-untyped-def]
    async for body in inbox.messages():
        yield body
        count -= 1
        if not count:
            return


async def test_a_client_that_closes_its_end_is_noticed() -> None:
    reading, writing = os.pipe()
    lost = threading.Event()
    outbox = StreamOutbox(writing, lost.set)
    os.close(reading)
    outbox.put(b"{}")
    assert await asyncio.to_thread(lost.wait, 5)
    outbox.put(b"{}")
    assert outbox.backlog_bytes == 0
    outbox.close()
    os.close(writing)


async def test_a_client_that_never_reads_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_BACKLOG_BYTES", 1 << 20)
    monkeypatch.setattr(transport, "_FLUSH_S", 0.05)
    reading, writing = os.pipe()
    lost = threading.Event()
    outbox = StreamOutbox(writing, lost.set)
    for _ in range(20):
        outbox.put(b"x" * (1 << 17))
    assert lost.is_set()
    outbox.close()
    os.close(reading)
    os.close(writing)


@pytest.mark.parametrize("polled", [True, False])
async def test_a_flood_is_held_back_at_the_pipe(polled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the loop has not taken waits with the client, not in our memory."""
    if not polled:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", _cannot_be_polled)
    reading, writing = os.pipe()
    inbox = StreamInbox(reading)
    inbox.start()
    flood = threading.Thread(target=_write_all, args=(writing, framed(b"{}") * 100_000), daemon=True)
    flood.start()
    await asyncio.sleep(0.2)
    count = 0
    async for _ in inbox.messages():
        assert sum(map(len, inbox._came)) <= transport._READS_AHEAD * transport._READ_BYTES
        assert len(inbox._frames._buffer) <= 2 * transport._READ_BYTES
        count += 1
        if count % 1000 == 0:
            await asyncio.sleep(0)
    assert count == 100_000
    os.close(reading)


def _cannot_be_polled(*_: object) -> None:
    raise PermissionError


async def test_a_file_is_read_though_it_cannot_be_polled(tmp_path: Path) -> None:
    path = tmp_path / "messages"
    path.write_bytes(framed(b"one") + framed(b"two"))
    reading = os.open(path, os.O_RDONLY)
    inbox = StreamInbox(reading)
    inbox.start()
    assert [body async for body in inbox.messages()] == [b"one", b"two"]
    os.close(reading)


@pytest.mark.parametrize("cut", range(1, len(framed(b"one") + framed(b"two"))))
async def test_messages_come_out_whole_however_the_pipe_cuts_them(cut: int) -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    inbox = StreamInbox(reading)
    inbox.start()
    data = framed(b"one") + framed(b"two")
    found: list[bytes] = []

    async def take() -> None:
        found.extend([body async for body in inbox.messages()])

    taking = asyncio.create_task(take())
    for piece in (data[:cut], data[cut:]):
        os.write(writing, piece)
        await asyncio.sleep(0.001)
    os.close(writing)
    await taking
    assert found == [b"one", b"two"]
    os.close(reading)


@pytest.mark.parametrize("polled", [True, False])
async def test_whoever_reads_can_stop_waiting(polled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not polled:
        monkeypatch.setattr(asyncio.get_running_loop(), "add_reader", _cannot_be_polled)
    reading, writing = os.pipe()
    inbox = StreamInbox(reading)
    inbox.start()
    asyncio.get_running_loop().call_later(0.01, inbox.close)
    assert [body async for body in inbox.messages()] == []
    os.close(writing)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
    os.close(descriptor)


def test_a_fault_in_taking_a_message_costs_that_message(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver()
    for body in (b"break", b"{}", b""):
        deliver(receiver, body)
    assert (receiver.bodies, receiver.too_large) == ([b"break", b"{}"], 1)
    assert len(caplog.records) == 1


async def test_a_web_page_is_shown_the_door(caplog: pytest.LogCaptureFixture) -> None:
    receiver = Receiver()
    reader = asyncio.StreamReader()
    reader.feed_data(b"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n" + framed(b"{}"))
    await read_socket(reader, receiver)
    assert receiver.bodies == []
    assert "does not speak" in caplog.text


async def test_a_socket_is_read_and_written() -> None:
    receiver = Receiver()
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        SocketOutbox(writer, lambda: None).put(b'{"hello":1}')
        await read_socket(reader, receiver)
        writer.close()
        done.set()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(framed(b"one") + framed(b"two"))
        writer.write_eof()
        assert await reader.read() == framed(b'{"hello":1}')
        writer.close()
        await done.wait()
    assert receiver.bodies == [b"one", b"two"]
