"""The small process that starts every command, and that outlives the server just long enough to end them.

A program of its own, run by path with nothing but a socket inherited: a few C modules, about 15 ms to
start and 3 MB. The server never forks. It asks the *warden* for *keepers*, which are forks of it, and
gives each keeper one call at a time.

Why a keeper for each call: on Linux a keeper is a subreaper, so every descendant of its command, also
after `setsid`, a double fork or a cleared environment, stays its descendant. The call's tree is gone
exactly when the kernel says that the keeper has no children; nothing is guessed. Should a command kill
its own keeper, the orphans fall to the warden, which is a subreaper too and kills what is not a keeper.
When the server's end of a socket closes, also by SIGKILL, its reader kills its tree at once and exits.

Where there is no subreaper (macOS), the tree is what `ps` shows: the command's process group, its
descendants, and whatever still carries the call's marker in its environment.

Wire, server to keeper: `length:4 kind:1 body`. `R` runs a command, with its standard input, its output and
where its errors go as SCM_RIGHTS descriptors; `E` ends it. Keeper to server, lines: first `ready KEEPER`,
then for each call `failed STAGE ERRNO`, or `started PID` and `ended STATUS LEFT`. STATUS is as in
`subprocess`; LEFT counts what could not be killed, as another user's. To the warden: any byte, with a
keeper's socket.
"""

# ruff: noqa: PTH110, PTH113, PTH118, PTH123, PTH208
# (pathlib costs more to import than all that is here)
# The underscored modules are what `signal`, `socket` and `ctypes` wrap; the wrappers cost 10 ms each.
import _signal  # pyright: ignore[reportMissingImports]
import _socket
import gc
import os
import select
import sys
import time

MARKER = "DROID_CALL"
GRACE_S = 0.1
"""Between asking a process to end and killing it."""
GIVE_UP_S = 2.0
"""After which a process that cannot be killed is reported and left."""
_TICK_S = 0.005
_PATIENCE = int(1.5 * GIVE_UP_S / _TICK_S)

_SIGTERM = 15
_SIGKILL = 9
_SIGCHLD = int(getattr(_signal, "SIGCHLD", 0))  # pyright: ignore[reportUnknownArgumentType]
_RESET = tuple(number for number in range(1, 32) if number not in (_SIGKILL, 17, 19, _SIGCHLD))
_DESCRIPTORS = 16


def become_subreaper() -> bool:
    """Have orphaned descendants handed to this process; False where the system has no such thing."""
    if sys.platform != "linux":
        return False
    arguments = (36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER, on
    try:
        import _ctypes

        prctl = _ctypes.dlsym(_ctypes.dlopen(None, 0), "prctl")  # pyright: ignore[reportArgumentType]
        return _ctypes.call_function(prctl, arguments) == 0
    except (ImportError, AttributeError, OSError):
        return False


def receive(link: _socket.socket) -> tuple[bytes, list[int]]:
    """Read what has arrived: bytes, empty at the end of the stream, and descriptors."""
    try:
        data, ancillary, _, _ = link.recvmsg(1 << 18, _socket.CMSG_SPACE(4 * _DESCRIPTORS))
    except ConnectionError:
        return b"", []
    fds: list[int] = []
    for level, kind, body in ancillary:
        if level == _socket.SOL_SOCKET and kind == _socket.SCM_RIGHTS:
            for at in range(0, len(body) - 3, 4):
                fd = int.from_bytes(body[at : at + 4], sys.byteorder)
                os.set_inheritable(fd, False)
                fds.append(fd)
    return data, fds


def children(pid: int) -> list[int]:
    """The direct children of a process, from `/proc`; empty where it is gone."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += [int(child) for child in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        if not os.path.exists("/proc/thread-self/children"):  # kernels without CONFIG_PROC_CHILDREN
            return [row[0] for row in table("") if row[1] == pid]
    except OSError:
        pass
    return found


def descendants(pid: int) -> list[int]:
    """Every process below this one, nearest first."""
    found = children(pid)
    for child in found:
        found += children(child)
    return found


def table(marker: str) -> list[tuple[int, int, int, bool]]:
    """Every process as (pid, parent, group, carries the marker in its environment)."""
    rows = list[tuple[int, int, int, bool]]()
    wanted = f"{MARKER}={marker}"
    if os.path.exists("/proc/self/stat"):
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/stat", "rb") as file:
                    state, parent, group = file.read().rpartition(b")")[2].split()[:3]
                if state in (b"Z", b"X"):
                    continue
                marked = bool(marker) and wanted.encode() in _environment(name)
            except OSError:
                continue
            rows.append((int(name), int(parent), int(group), marked))
        return rows
    reading, writing = os.pipe()
    listing = ["ps", "-A", "-E", "-ww", "-o", "pid=,ppid=,pgid=,stat=,command="]
    actions = [(os.POSIX_SPAWN_DUP2, writing, 1)]
    pid = os.posix_spawn("/bin/ps", listing, {"PATH": "/usr/bin:/bin"}, file_actions=actions)
    os.close(writing)
    with open(reading, "rb") as file:
        lines = file.read().decode(errors="replace").splitlines()
    os.waitpid(pid, 0)
    for line in lines:
        fields = line.split(None, 4)
        if len(fields) == 5 and int(fields[0]) != pid and not fields[3].startswith("Z"):
            marked = bool(marker) and wanted in fields[4].split()
            rows.append((int(fields[0]), int(fields[1]), int(fields[2]), marked))
    return rows


def _environment(name: str) -> list[bytes]:
    try:
        with open(f"/proc/{name}/environ", "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []


def traced(marker: str, group: int) -> list[int]:
    """A call's processes where no subreaper holds them: its group, its marked ones, all below them."""
    rows = [row for row in table(marker) if row[0] != os.getpid()]
    found = [pid for pid, _, its_group, marked in rows if marked or its_group == group]
    for parent in found:
        found += [pid for pid, ppid, _, _ in rows if ppid == parent and pid not in found]
    return found


def signal_all(pids: list[int], number: int) -> int:
    """Signal processes. To kill, their groups too, at once, which leaves a forking one no gap.

    Returns:
        How many are somebody else's and were not reached.
    """
    groups = {os.getpgrp(), 0, 1}
    refused = 0
    for pid in pids:
        try:
            if number == _SIGKILL and (group := os.getpgid(pid)) not in groups:
                groups.add(group)
                os.killpg(group, number)
            os.kill(pid, number)
        except PermissionError:
            refused += 1
        except OSError:
            continue
    return refused


class Call:
    """One command and everything below it, from its start until nothing of it is left."""

    def __init__(self, pid: int, marker: str, subreaper: bool) -> None:
        self.pid = pid
        self.status: int | None = None
        self.left: list[int] = []
        self._marker = marker
        self._subreaper = subreaper
        self._signal = 0
        self._deadline = 0.0

    @property
    def wait_s(self) -> float | None:
        """How long nothing needs to be looked at unless a child ends."""
        if not self._signal:
            return None
        if self._signal == _SIGKILL or not self._subreaper:
            return _TICK_S
        return max(0.0, self._deadline - time.monotonic())

    def end(self, number: int = _SIGTERM) -> None:
        """Ask the tree to end (after the grace it is killed), or kill it now."""
        if self._signal not in (number, _SIGKILL):
            self._signal = number
            self._deadline = time.monotonic() + (GIVE_UP_S if number == _SIGKILL else GRACE_S)
            signal_all(self._members(), number)

    def over(self) -> bool:
        """Take the next step; True when the command has ended and nothing of it is left, or can be ended."""
        childless = self._reap()
        if self.status is None and not self._signal:
            return False
        if childless and (self._subreaper or not self._members()):
            return True
        if not self._signal:
            self.end()
        elif self._signal == _SIGKILL:
            members = self._members()
            hopeless = signal_all(members, _SIGKILL) == len(members) > 0
            if hopeless or time.monotonic() > self._deadline:
                self.left = members
                return True
        elif time.monotonic() > self._deadline:
            self.end(_SIGKILL)
        return False

    def _reap(self) -> bool:
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if not pid:
                    return False
                if pid == self.pid:
                    self.status = os.waitstatus_to_exitcode(status)
        except ChildProcessError:
            return True

    def _members(self) -> list[int]:
        return descendants(os.getpid()) if self._subreaper else traced(self._marker, self.pid)


def spawn(body: bytes, stdio: tuple[int, int, int]) -> tuple[int, str]:
    """Start what a request describes, in a session of its own; returns its pid and its marker.

    Raises:
        OSError: `filename` is "cwd" or "exec".
    """
    cwd, marker, count, *rest = body.split(b"\0")
    argv, pairs = rest[: int(count)], rest[int(count) :]
    env = dict(pair.split(b"=", 1) for pair in pairs)
    try:
        os.chdir(cwd)
    except OSError as error:
        raise OSError(error.errno, "", "cwd") from error
    try:
        program = _find(argv[0], env.get(b"PATH", b"/usr/local/bin:/usr/bin:/bin"))
        actions = [(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate(stdio)]
        try:
            pid = os.posix_spawn(
                program, argv, env, file_actions=actions, setsid=True, setsigmask=(), setsigdef=_RESET
            )
        except NotImplementedError:  # a libc without POSIX_SPAWN_SETSID: a group of its own must do
            pid = os.posix_spawn(
                program, argv, env, file_actions=actions, setpgroup=0, setsigmask=(), setsigdef=_RESET
            )
    except OSError as error:
        raise OSError(error.errno, "", "exec") from error
    finally:
        os.chdir("/")
    return pid, marker.decode()


def _find(program: bytes, path: bytes) -> bytes:
    if b"/" in program:
        return program
    for folder in path.split(b":"):
        candidate = os.path.join(folder or b".", program)
        if os.path.isfile(candidate) and os.access(candidate, os.X_OK):
            return candidate
    raise FileNotFoundError(2, "")


def keep(link: _socket.socket) -> None:
    """Run one call after another for the server; end what runs, and return, when it closes the link."""
    subreaper = become_subreaper()
    wake = _wake_on_child()
    poll = select.poll()
    poll.register(link, select.POLLIN)
    poll.register(wake, select.POLLIN)
    buffer, fds = b"", list[int]()
    call: Call | None = None
    connected = True
    _tell(link, f"ready {os.getpid()}\n")
    while connected or call is not None:
        wait_s = call.wait_s if call is not None else None
        ready = [fd for fd, _ in poll.poll(None if wait_s is None else wait_s * 1000 + 1)]
        if wake in ready:
            os.read(wake, 4096)
        if link.fileno() in ready:
            data, new_fds = receive(link)
            buffer, fds, connected = buffer + data, fds + new_fds, bool(data)
            if not connected:
                poll.unregister(link)
                if call is not None:
                    call.end(_SIGKILL)
        while connected and len(buffer) >= 5:
            size = int.from_bytes(buffer[:4], "big")
            if len(buffer) < 5 + size:
                break
            kind, body, buffer = buffer[4:5], buffer[5 : 5 + size], buffer[5 + size :]
            if kind == b"E" and call is not None:
                call.end()
            elif kind == b"R":
                stdin, output, errors, *fds = fds
                try:
                    pid, marker = spawn(body, (stdin, output, errors))
                    call = Call(pid, marker, subreaper)
                    _tell(link, f"started {pid}\n")
                except OSError as error:
                    _tell(link, f"failed {error.filename} {error.errno}\n")
                finally:
                    for fd in (stdin, output, errors):
                        os.close(fd)
        if call is not None and call.over():
            _tell(link, f"ended {call.status if call.status is not None else -_SIGKILL} {len(call.left)}\n")
            connected = connected and not call.left  # what is left would be taken for the next call's
            call = None


def _tell(link: _socket.socket, line: str) -> None:
    try:
        link.sendall(line.encode())
    except OSError:
        pass  # the server is gone, which the next read finds out


def _wake_on_child() -> int:
    """A descriptor that becomes readable when a child ends."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    _signal.set_wakeup_fd(writing, warn_on_full_buffer=False)  # pyright: ignore[reportUnknownMemberType]
    _signal.signal(_SIGCHLD, lambda *_: None)  # pyright: ignore[reportUnknownMemberType, reportUnknownLambdaType]
    return reading


def main(fd: int) -> None:
    """Fork a keeper for every socket that arrives on `fd`; kill what dead keepers left behind."""
    for number in (1, 2, _SIGTERM):  # the end of the server ends this, and nothing else does
        _signal.signal(number, _signal.SIG_IGN)  # pyright: ignore[reportUnknownMemberType]
    os.set_inheritable(fd, False)
    os.chdir("/")
    control = _socket.socket(fileno=fd)
    subreaper = become_subreaper()
    wake = _wake_on_child()
    gc.disable()
    gc.freeze()
    poll = select.poll()
    poll.register(control, select.POLLIN)
    poll.register(wake, select.POLLIN)
    keepers = set[int]()
    connected, patience = True, 0
    while connected or (keepers and patience):
        ready = [ready_fd for ready_fd, _ in poll.poll(_TICK_S * 1000 if patience else None)]
        if wake in ready:
            os.read(wake, 4096)
            patience = _PATIENCE
        if control.fileno() in ready:
            data, links = receive(control)
            connected = bool(data)
            if not connected:
                poll.unregister(control)
                patience = _PATIENCE
            for link_fd in links:
                try:
                    pid = os.fork()
                except OSError:
                    pid = -1  # the server sees the link close, and says that it could not start
                if not pid:
                    old_wake = int(_signal.set_wakeup_fd(-1))  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
                    for other in (wake, old_wake, control.detach(), *links):
                        if other != link_fd:
                            os.close(other)
                    keep(_socket.socket(fileno=link_fd))
                    os._exit(0)
                if pid > 0:
                    keepers.add(pid)
                os.close(link_fd)
        if patience:
            patience = patience - 1 if _bury(keepers, subreaper) or not connected else 0
    if keepers:  # one of them was stopped, or cannot kill what it keeps
        for pid in keepers:
            os.kill(pid, _SIGKILL)
        while (_bury(keepers, subreaper) or keepers) and (patience := patience + 1) < _PATIENCE:
            time.sleep(_TICK_S)


def _bury(keepers: set[int], subreaper: bool) -> bool:
    """Forget keepers that ended, and kill orphans of theirs; True while some of those are there."""
    try:
        while pid := os.waitpid(-1, os.WNOHANG)[0]:
            keepers.discard(pid)
    except ChildProcessError:
        return False
    orphans = [pid for pid in children(os.getpid()) if pid not in keepers] if subreaper else []
    signal_all([pid for orphan in orphans for pid in (orphan, *descendants(orphan))], _SIGKILL)
    return bool(orphans)
