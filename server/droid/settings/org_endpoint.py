"""The organisation's endpoint: its settings as they were last had, and how they are brought up to date.

What holds is always there to be read at once. Asking the endpoint happens beside it: a start waits for the
answer only where no copy from before can stand in, and no longer than the time-out. An answer that cannot
be verified changes nothing; it is told, and the last good one holds until its own `notAfter`.
"""

import importlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from droid.settings.org_signature import (
    NotVerified,
    OrgBody,
    check_time,
    read_body,
    read_public_key,
    verify_signature,
)
from droid.settings.org_store import Copy, OrgStore, StoreUnusable

if TYPE_CHECKING:
    from droid.settings.org_fetch import Answer

TIMEOUT_S = 5.0
_CLOCK_SLACK_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointName:
    """Which endpoint holds, and who says so.

    Attributes:
        named_by: The variable, or the file and line, that names it.
        key: The public key as it is written; empty where none is set.
        key_named_by: The same for the key.
        token: What it is asked with.
    """

    url: str
    named_by: str
    key: str = ""
    key_named_by: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EndpointState:
    """What is known of the endpoint at one moment.

    Attributes:
        body: The last verified settings; they may have expired since.
        confirmed: When the endpoint last said that they hold, in seconds since the epoch.
        fresh: It said so in this process, at the last try.
        problem: Why the last try changed nothing.
        warnings: What else should be known, one line each.
    """

    body: OrgBody | None = None
    confirmed: float = 0.0
    fresh: bool = False
    problem: str | None = None
    warnings: tuple[str, ...] = ()

    def holds(self, now: float) -> bool:
        """Whether the settings are in force."""
        return self.body is not None and not self.body.expired(now)


class OrgEndpoint:
    """One endpoint under one key.

    Args:
        home: The user's `.factory` folder, which the copy is kept in.
        environ: Where proxies and certificate files are read from.
        timeout_s: The longest that one try may take.
        now: Seconds since the epoch.

    Attributes:
        shown: The address as it may be shown.
        mistake: Why it can never be asked as it is named; None where it can.
    """

    def __init__(
        self,
        name: EndpointName,
        *,
        home: Path,
        environ: Mapping[str, str],
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], float] = time.time,
    ) -> None:
        import asyncio

        from droid.net.redaction import shown_url

        self.name = name
        self.shown = shown_url(name.url)
        self._environ = environ
        self._timeout_s = timeout_s
        self._now = now
        self._key: bytes | None = None
        self.mistake = url_problem(name.url)
        if name.key:
            try:
                self._key = read_public_key(name.key)
            except NotVerified as error:
                self.mistake = f"the public key of {name.key_named_by} cannot be used: {error}"
        self._store = OrgStore(home, name.url, self._key)
        self._copy: Copy | None = None
        self._asking = asyncio.Lock()
        self.state = EndpointState(problem=self.mistake and f"{self.shown}: {self.mistake}")

    def load(self) -> None:
        """Take what was kept from before, as far as it can be verified anew."""
        if self.mistake is not None:
            return
        try:
            copy = self._store.read()
            if copy is None:
                return
            body = self._verified(copy.data, copy.signature or None)
            told = self._store.check(body)
        except StoreUnusable as error:
            self.state = EndpointState(warnings=(f"{error}, so the kept copy of {self.shown} is not used",))
        except NotVerified as error:
            reason = self._located(error)
            self.state = EndpointState(
                warnings=(f"{reason}; so the copy kept in {self._store.copy_file} is not used",)
            )
        else:
            self._store.noted(body)
            self._copy = copy
            if copy.confirmed > self._now() + _CLOCK_SLACK_S:
                told.append(
                    f"this machine's clock is behind: the settings of {self.shown} were had at a later time; "
                    "set the clock"
                )
            self.state = EndpointState(body=body, confirmed=copy.confirmed, warnings=tuple(told))

    async def refresh(self) -> None:
        """Ask the endpoint once; whatever comes of it is in `state`, and nothing raises."""
        import asyncio

        if self.mistake is not None:
            return
        async with self._asking:
            await asyncio.to_thread(_load_client)
            from droid.settings.org_fetch import FetchFailed, fetch

            try:
                answer = await fetch(
                    self.name.url,
                    token=self.name.token,
                    etag=self._etag(),
                    environ=self._environ,
                    timeout_s=self._timeout_s,
                )
            except FetchFailed as error:
                reason = str(error)
                self._failed(reason if self.shown in reason else f"{self.shown}: {reason}")
            else:
                # In a thread: it waits for the disk, and for other processes.
                await asyncio.to_thread(self._take, answer)

    def _etag(self) -> str:
        return self._copy.etag if self._copy is not None and self.state.holds(self._now()) else ""

    def _take(self, answer: "Answer") -> None:
        now = self._now()
        clock = _clock_warning(answer.date, now, self.shown)
        body, copy = self.state.body, self._copy
        try:
            if answer.data is not None:
                body = self._verified(answer.data, answer.signature)
                check_time(body, now)
                copy = Copy(
                    confirmed=now, etag=answer.etag, signature=answer.signature or "", data=answer.data
                )
                told = self._store.accept(body, copy)
            elif body is not None and copy is not None:
                check_time(body, now)
                told = [*self._store.check(body), *self._store.confirm(copy, now)]
            else:
                return  # cannot be: nothing was asked about
        except NotVerified as error:
            self._failed("; ".join([self._located(error), *clock]))
            return
        known = self.state.body
        if known is not None and known.sha256 == body.sha256:
            body = known  # the same object, so that nobody works out again what has not changed
        self._copy = copy
        self.state = EndpointState(body=body, confirmed=now, fresh=True, warnings=(*clock, *told))

    def _failed(self, problem: str) -> None:
        self.state = replace(self.state, fresh=False, problem=problem)

    def _verified(self, data: bytes, signature: str | None) -> OrgBody:
        if self._key is not None:
            verify_signature(self._key, data, signature)
        return read_body(data, signed=self._key is not None)

    def _located(self, error: NotVerified) -> str:
        if error.place is None:
            return f"{self.shown}: {error}"
        return f"{self.shown}:{error.place.line}:{error.place.column}: {error}"


def url_problem(url: str) -> str | None:
    """Why an address cannot be an endpoint's; None where it can."""
    from droid.net.proxies import is_loopback

    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # reading it checks its range
    except ValueError:
        return "it is no address: set one that begins with https://"
    if not host or parts.scheme not in {"https", "http"} or not url.isprintable() or " " in url:
        return "it is no address: set one that begins with https://"
    # What `x.localhost` leads to is up to the resolver.
    if parts.scheme == "http" and (not is_loopback(host) or host.endswith(".localhost")):
        return "it is not encrypted: set an address that begins with https://"
    if parts.username is not None or parts.password is not None:
        return "it holds a name or password: take that out, and set DROID_ORG_TOKEN"
    return None


def _load_client() -> None:
    # The HTTP client takes a few hundred milliseconds to import, which the loop must not wait for.
    importlib.import_module("droid.settings.org_fetch")


def _clock_warning(date: float | None, now: float, shown: str) -> list[str]:
    if date is None or abs(date - now) <= _CLOCK_SLACK_S:
        return []
    side = "behind" if now < date else "ahead of"
    return [f"this machine's clock is {duration(abs(date - now))} {side} that of {shown}: set the clock"]


def duration(seconds: float) -> str:
    """A length of time as people say it, in the largest unit that fits."""
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
