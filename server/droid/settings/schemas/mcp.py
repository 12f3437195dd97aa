"""MCP servers: `mcp.json`, and the keys of settings that govern them.

Source: https://docs.factory.ai/cli/configuration/mcp
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    EXPANDS,
    FIRST,
    NARROW,
    ORG,
    SECRET,
    UNSET,
    Count,
    Risk,
    Section,
    Text,
    Texts,
    first,
    strictest,
)


class OAuth(Section):
    """How a remote server's sign-in departs from what is discovered."""

    scopes: Texts = UNSET
    """Scopes to ask for."""
    authorization_server_issuer: Text = UNSET
    """The issuer of the authorization server; needed with `clientId`."""
    client_id: Text = UNSET
    """A client that is registered already."""
    client_secret: Annotated[str, SECRET] = UNSET
    """That client's secret, best as `${NAME}`."""
    client_metadata_url: Text = UNSET
    """The HTTPS address of a client metadata document."""
    token_endpoint_auth_method: Literal["none", "client_secret_basic", "client_secret_post"] = UNSET
    """How the client proves itself."""
    callback_port: Annotated[int, Field(ge=1, le=65535)] = UNSET
    """The loopback port that the browser returns to."""


class McpServer(Section):
    """One MCP server."""

    type: Literal["stdio", "http", "sse"] = UNSET
    """How the server is spoken to: a program of this machine (`stdio`, also when unset), Streamable HTTP,
    or the older HTTP with server-sent events."""
    command: Annotated[str, EXPANDS, Field(examples=["npx"])] = UNSET
    """The program of a `stdio` server."""
    args: Annotated[list[str], EXPANDS, Field(examples=[["-y", "@playwright/mcp@latest"]])] = UNSET
    """Its arguments."""
    env: Annotated[Mapping[str, str], SECRET, Field(examples=[{"API_KEY": "${API_KEY}"}])] = UNSET
    """Its environment variables."""
    url: Annotated[str, EXPANDS, Field(examples=["https://mcp.linear.app/mcp"])] = UNSET
    """The address of an `http` or `sse` server."""
    headers: Annotated[Mapping[str, str], SECRET, Field(examples=[{"Authorization": "Bearer ${TOKEN}"}])] = (
        UNSET
    )
    """HTTP headers that every request carries."""
    oauth: bool | OAuth = UNSET
    """How sign-in departs from what is discovered; `false`: none."""
    disabled: bool = UNSET
    """Switches the server off. `true` counts from any level."""
    enabled_tools: Texts = UNSET
    """The only tools that are offered; goes before `disabledTools`."""
    disabled_tools: Texts = UNSET
    """Tools that are not offered."""
    timeout_ms: Count = UNSET
    """Milliseconds that a call may take; goes before `mcp.callTimeoutMs`."""


class McpFile(Section):
    """mcp.json

    MCP servers of one `.factory/` folder.
    """

    ignored_keys: ClassVar[frozenset[str]] = frozenset({"$schema"})

    mcp_servers: Annotated[
        Mapping[str, McpServer],
        Rule(merge=Merge.LOCKED_KEYS, off=("disabled", True), trusted_only=True),
    ] = UNSET
    """MCP servers by name. A name that a higher level has defined cannot be defined again."""


class McpPolicy(Section):
    """Which MCP servers may start."""

    enabled: Annotated[bool, strictest(True, False, default=False, levels=ORG)] = UNSET
    """Whether the list below is enforced; with an empty list or none, no server starts."""
    allowlist: Annotated[
        Texts,
        Rule(merge=Merge.NARROW, levels=ORG),
        Field(examples=[["mcp.linear.app", "npx -y @playwright/mcp@1.2.3"]]),
    ] = UNSET
    """Host names of remote servers, and commands with their arguments of local ones."""


class McpAutonomyOverride(Section):
    """The risk of a server's tools, by its address."""

    url_pattern: Annotated[Text, Field(examples=["https://mcp.internal.example.com/**"])]
    """A glob over the server's URL."""
    default_level: Risk
    """The risk; a tool that is not read-only is never rated below high."""


class McpDefaults(Section):
    """What holds for all MCP servers."""

    call_timeout_ms: Annotated[Count, FIRST] = UNSET
    """Milliseconds that a call may take, where the server's own `timeoutMs` does not say."""


class NetworkPolicy(Section):
    """Addresses that the agent may connect to."""

    allowed_ips: Annotated[Texts, NARROW, Field(examples=[["10.0.0.0/8", "192.0.2.7"]])] = UNSET
    """Addresses and CIDR ranges; unset: all that the deployment mode lets out."""


class McpKeys(Section):
    """MCP and outgoing connections

    Which MCP servers may start, what their tools may do, and what may be connected to. The servers
    themselves are defined in `mcp.json`.
    """

    mcp: McpDefaults = UNSET
    """What holds for all MCP servers."""
    block_on_mcp_load: Annotated[bool, first(False)] = UNSET
    """Whether a turn waits until all servers are there."""
    mcp_policy: McpPolicy = UNSET
    """Which MCP servers may start."""
    mcp_autonomy_url_overrides: Annotated[
        list[McpAutonomyOverride],
        Rule(merge=Merge.UNION_IF_TRUSTED, levels=ORG, trusted_only=True),
    ] = UNSET
    """The risk of remote servers' tools by address; the first that matches counts."""
    network_policy: NetworkPolicy = UNSET
    """Addresses that the agent may connect to."""
