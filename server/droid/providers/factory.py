"""The way to a provider: by a model's profile, importing what it needs and no more.

Importing this module is free. The first call of `for_profile` imports the HTTP client (some 75 ms) and
one wire, so a caller with an event loop to keep free makes it in a thread.
"""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from droid.domain.models import ModelProfile, Wire
from droid.domain.ports import ModelProvider

if TYPE_CHECKING:
    from droid.net.client import HttpClient
    from droid.providers.wire import WireFormat


class Providers:
    """The providers of one process: one for each wire, all over one HTTP client."""

    def __init__(self, *, idle_timeout_s: float = 300.0, environ: Mapping[str, str] | None = None) -> None:
        """Opens nothing yet.

        Args:
            idle_timeout_s: The longest silence of a server before a request is given up.
            environ: Where proxies and certificate files are read from; this process's environment if None.
        """
        self._idle_timeout_s = idle_timeout_s
        self._environ = environ
        self._client: HttpClient | None = None
        self._providers: dict[Wire, ModelProvider] = {}
        self._making = threading.Lock()

    def for_profile(self, profile: ModelProfile) -> ModelProvider:
        """The provider that speaks to a model; the same one for all models of its wire.

        Any thread may call this, so that the imports of the first call need not hold up the event loop.
        """
        return self._providers.get(profile.wire) or self._make(profile.wire)

    def _make(self, wire: Wire) -> ModelProvider:
        from droid.net.client import create_client
        from droid.providers.wire import HttpProvider

        with self._making:
            provider = self._providers.get(wire)
            if provider is None:
                if self._client is None:
                    self._client = create_client(read_timeout_s=self._idle_timeout_s, environ=self._environ)
                provider = self._providers[wire] = HttpProvider(_WIRES[wire](), self._client)
            return provider

    def forget(self, conversation_id: str) -> None:
        """Drop what any provider keeps for a conversation that has ended."""
        for provider in self._providers.values():
            provider.forget(conversation_id)

    async def aclose(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        self._providers.clear()
        if client is not None:
            await client.aclose()


def _anthropic() -> "WireFormat":
    from droid.providers.anthropic import AnthropicWire

    return AnthropicWire()


def _openai() -> "WireFormat":
    from droid.providers.openai import ResponsesWire

    return ResponsesWire()


def _chat() -> "WireFormat":
    from droid.providers.chat import ChatWire

    return ChatWire()


_WIRES: dict[Wire, Callable[[], "WireFormat"]] = {
    Wire.ANTHROPIC: _anthropic,
    Wire.OPENAI: _openai,
    Wire.CHAT_COMPLETIONS: _chat,
}
