"""Keys of organisations: deployment, identity, trust, network, audit, telemetry."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    EXPANDS,
    FIRST_OF_ORG,
    FIRST_OF_ORG_AND_USER,
    ORG,
    ORG_AND_USER,
    SECRET,
    UNSET,
    Count,
    Section,
    Text,
    Texts,
    largest,
    strictest,
)

EnvironmentType = Literal["local", "ci", "sandbox"]


class Deployment(Section):
    """How the program is deployed."""

    mode: Annotated[
        Literal["cloud", "hybrid", "airgapped"],
        strictest("airgapped", "hybrid", "cloud", default="cloud"),
    ] = UNSET
    """What may be connected to: `cloud` anything that the policies allow, `hybrid` listed hosts,
    `airgapped` loopback, private and listed addresses only."""
    environment_type: Annotated[EnvironmentType, FIRST_OF_ORG] = UNSET
    """Where the program runs; unset: as it is detected."""
    trust_ci_variables: Annotated[bool, strictest(False, True, default=False, levels=ORG)] = UNSET
    """Whether the variables of a CI runner are believed without the runner's token."""


class Identity(Section):
    """How people and machines are recognised."""

    oidc_issuer: Annotated[Text, FIRST_OF_ORG, Field(examples=["https://login.example.com"])] = UNSET
    """The OpenID Connect issuer."""
    oidc_client_id: Annotated[Text, FIRST_OF_ORG] = UNSET
    """The client that signs people in."""
    team_claim: Annotated[Text, FIRST_OF_ORG, Field(examples=["groups"])] = UNSET
    """The claim that names a person's team."""


class TrustedWorkspace(Section):
    """A repository that counts as trusted."""

    remote: Annotated[Text, Field(examples=["https://github.com/my-org/service"])]
    """Its remote."""
    sha256: Texts
    """Hashes of its `.factory/` content, as `droid-lsp trust` shows them; a remote alone can be forged."""


class ClientCertificate(Section):
    """A certificate that a host wants."""

    host: Text
    """The host name."""
    cert: Annotated[Text, EXPANDS]
    """The file with the certificate."""
    key: Annotated[Text, EXPANDS] = UNSET
    """The file with the key, where the certificate's has none."""
    passphrase: Annotated[str, SECRET] = UNSET
    """The key's passphrase, best as `${NAME}`."""


class SearchProvider(Section):
    """The service behind `WebSearch`; with none the tool is absent."""

    kind: Annotated[Text, Field(examples=["searxng", "brave", "tavily"])]
    """Which service it is."""
    base_url: Annotated[str, EXPANDS] = UNSET
    """Where it is, if not at its usual address."""
    api_key: Annotated[str, SECRET] = UNSET
    """The key, best as `${NAME}`."""


class Network(Section):
    """How the network is reached."""

    ca_files: Annotated[
        Texts,
        Rule(merge=Merge.UNION_IF_TRUSTED, trusted_only=True, levels=ORG_AND_USER),
        Field(examples=[["/etc/ssl/corporate-ca.pem"]]),
    ] = UNSET
    """Files with certificate authorities, beside those of the system."""
    client_certificates: Annotated[
        list[ClientCertificate],
        Rule(merge=Merge.LOCKED_KEYS, key="host", trusted_only=True, levels=ORG_AND_USER),
    ] = UNSET
    """Certificates for hosts that want one."""
    search_provider: Annotated[SearchProvider, FIRST_OF_ORG_AND_USER] = UNSET
    """The service behind `WebSearch`; with none the tool is absent."""


class Audit(Section):
    """The record of everything that was done."""

    signing_key: Annotated[Text, Rule(merge=Merge.FIRST, levels=ORG, secret=True)] = UNSET
    """The key that seals finished segments."""
    segment_mb: Annotated[Count, FIRST_OF_ORG] = UNSET
    """Size of a segment, in MiB."""
    retention_days: Annotated[Count, largest()] = UNSET
    """Days that records are kept at least."""


class Telemetry(Section):
    """Metrics, traces and logs over OpenTelemetry; with no endpoint nothing is sent."""

    endpoint: Annotated[Text, FIRST_OF_ORG_AND_USER, Field(examples=["https://otel.example.com:4318"])] = (
        UNSET
    )
    """Where they are sent."""
    headers: Annotated[
        Mapping[str, str],
        Rule(merge=Merge.FIRST, levels=ORG_AND_USER, secret=True, expands=True),
        Field(examples=[{"Authorization": "Bearer ${OTEL_TOKEN}"}]),
    ] = UNSET
    """HTTP headers that every export carries."""
    protocol: Annotated[Literal["http/protobuf", "grpc"], FIRST_OF_ORG_AND_USER] = UNSET
    """How they are sent; unset: `http/protobuf`."""
    sampling: Annotated[float, Field(ge=0, le=1), FIRST_OF_ORG_AND_USER] = UNSET
    """The share of traces that is sent; unset: all."""
    attributes: Annotated[
        Mapping[str, str], FIRST_OF_ORG_AND_USER, Field(examples=[{"team.id": "payments"}])
    ] = UNSET
    """Attributes that everything carries."""
    log_content: Annotated[bool, strictest(False, True, default=False, levels=ORG_AND_USER)] = UNSET
    """Whether prompts, answers, and what tools take and give may be exported, after Shield."""
    required: Annotated[bool, strictest(True, False, default=False, levels=ORG_AND_USER)] = UNSET
    """Whether the agent stops acting rather than act unrecorded."""


class OrganisationKeys(Section):
    """Organisation

    Deployment, identity, trust, network, audit and telemetry.
    """

    deployment: Deployment = UNSET
    """How the program is deployed."""
    identity: Identity = UNSET
    """How people and machines are recognised."""
    trusted_workspaces: Annotated[
        Literal["forbid"] | list[TrustedWorkspace | Literal["forbid"]],
        Rule(merge=Merge.UNION_IF_TRUSTED, levels=ORG, trusted_only=True),
    ] = UNSET
    """Repositories that count as trusted, by remote and hash; `"forbid"`: nobody can trust any."""
    network: Network = UNSET
    """How the network is reached."""
    audit: Audit = UNSET
    """The record of everything that was done."""
    telemetry: Telemetry = UNSET
    """Metrics, traces and logs over OpenTelemetry."""
