"""`droid-lsp serve`: the language server. Whoever can connect to it can make it run commands, so it
listens on the loopback address alone unless it is told otherwise.
"""

import ipaddress
import socket
import sys
from collections.abc import Sequence

from droid.cli.parsing import Parser, address
from droid.headless.complaint import PROGRAM
from droid.headless.exit_codes import UsageError
from droid.headless.terminal import is_terminal


def run(argv: Sequence[str]) -> int:
    """Serve until the client leaves; see `droid-lsp serve --help`.

    Raises:
        UsageError: the address cannot be listened on, or is not a loopback one.
    """
    parser = Parser(
        "droid-lsp serve",
        description="The language server, on standard input and output unless an address is given.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stdio", action="store_true", help="the default; some editors say it")
    where.add_argument("--tcp", type=address, metavar="HOST:PORT", help="listen on a TCP port; 0: a free one")
    where.add_argument("--ws", type=address, metavar="HOST:PORT", help="listen for WebSockets")
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="listen on an address that other machines can reach; whoever connects can run commands",
    )
    given = parser.parse_args(list(argv))
    wanted = given.tcp or given.ws
    if wanted is not None and not given.allow_remote and not is_loopback(wanted[0]):
        raise UsageError(
            f"{wanted[0]} can be reached from other machines, and whoever connects can run commands; "
            "use 127.0.0.1, or say --allow-remote"
        )

    from droid.lsp import server

    if wanted is None:
        if is_terminal(sys.stdin):
            hint = "waits for an editor on standard input; `droid-lsp --help` lists what else it does"
            print(f"{PROGRAM} {hint}", file=sys.stderr)
        return server.serve_stdio()
    try:
        return (server.serve_tcp if given.tcp else server.serve_ws)(*wanted)
    except OSError as error:
        raise UsageError(f"cannot listen on {wanted[0]}:{wanted[1]}: {error.strerror or error}") from error


def is_loopback(host: str) -> bool:
    """Whether every address of a host is a loopback one; a name that does not resolve is none."""
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return False
    return bool(found) and all(ipaddress.ip_address(entry[4][0]).is_loopback for entry in found)
