"""Tells what commands to Redis do, one on each line."""

import shlex

from droid.safety.commands.languages.findings import Findings

READS = frozenset(
    {"bitcount", "bitpos", "command", "dbsize", "echo", "exists", "expiretime", "geodist", "geohash",
     "geopos",
     "get", "getbit", "getrange", "help", "hexists", "hget", "hgetall", "hkeys", "hlen", "hmget",
     "hrandfield", "hscan",
     "hstrlen", "hvals", "info", "keys", "lastsave", "lcs", "lindex", "llen", "lolwut", "lpos", "lrange",
     "mget",
     "multi", "exec", "discard", "object", "pexpiretime", "pfcount", "ping", "pttl", "pubsub", "quit",
     "randomkey",
     "role", "scan", "scard", "sdiff", "select", "sinter", "sismember", "slowlog", "smembers", "smismember",
     "srandmember", "sscan", "strlen", "substr", "sunion", "time", "touch", "ttl", "type", "wait", "xinfo",
     "xlen",
     "xpending", "xrange", "xread", "xrevrange", "zcard", "zcount", "zdiff", "zinter", "zlexcount", "zmscore",
     "zrandmember", "zrange", "zrangebylex", "zrangebyscore", "zrank", "zrevrange", "zrevrangebyscore",
     "zrevrank",
     "zscan", "zscore", "zunion", "hello", "watch", "unwatch", "subscribe", "psubscribe", "exit", "readonly"}
)  # fmt: skip
"""Commands that change nothing. `auth` is none: it carries a password."""


def read(code: str, found: Findings, language: str = "redis") -> None:
    """Collect what the commands do."""
    for line in code.splitlines():
        try:
            words = shlex.split(line)
        except ValueError:
            words = line.split()
        if words and words[0].lower() not in READS:
            found.high(f"{words[0][:40]} changes a live database")
