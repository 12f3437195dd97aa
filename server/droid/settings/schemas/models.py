"""Keys about models: those that people bring, and those that may be used."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import (
    EXPANDS,
    NARROW,
    ORG,
    SECRET,
    UNION,
    UNSET,
    Amount,
    Count,
    Natural,
    Section,
    Text,
    Texts,
    strictest,
)

Provider = Literal[
    "anthropic",
    "openai",
    "generic-chat-completion-api",
    "google",
    "bedrock",
    "vertex",
    "factory",
    "xai",
    "voyage",
]


class Price(Section):
    """US dollars for a million tokens."""

    input_per_m_tok: Amount = UNSET
    """Tokens that are sent."""
    output_per_m_tok: Amount = UNSET
    """Tokens that come back, thinking included."""
    cache_read_per_m_tok: Amount = UNSET
    """Tokens that the provider had cached."""
    cache_write_per_m_tok: Amount = UNSET
    """Tokens that the provider puts into its cache."""


class Bedrock(Section):
    """How a model is reached on AWS Bedrock."""

    aws_region: Annotated[Text, EXPANDS, Field(examples=["${AWS_REGION}"])] = UNSET
    """The region; unset: as the AWS tools find it."""
    aws_profile: Annotated[Text, EXPANDS, Field(examples=["${AWS_PROFILE}"])] = UNSET
    """The profile whose credentials are used."""
    bedrock_base_url: Annotated[Text, EXPANDS] = UNSET
    """An endpoint to use instead of the region's own."""
    aws_auth_refresh: Text = UNSET
    """A shell command that refreshes the credentials before requests."""
    aws_credential_export: Text = UNSET
    """A shell command that prints credentials."""


class CustomModel(Section):
    """A model that the organisation or a person brings."""

    ignored_keys: ClassVar[frozenset[str]] = frozenset({"index"})

    model: Annotated[Text, Field(examples=["my-internal-model"])]
    """The model's name as its provider knows it."""
    provider: Provider
    """The API that is spoken: Anthropic Messages, OpenAI Responses, Chat Completions as most others
    speak it, or Gemini."""
    id: Annotated[Text, Field(examples=["custom:my-internal-model"])] = UNSET
    """How people name the model, beginning with `custom:`; unset: `custom:` and `model`."""
    display_name: str = UNSET
    """How the model is shown in lists."""
    base_url: Annotated[str, EXPANDS, Field(examples=["https://llm-gateway.example.com/v1"])] = UNSET
    """Where the API is; unset: `ANTHROPIC_BASE_URL` or `OPENAI_BASE_URL` of the environment."""
    api_key: Annotated[str, SECRET, Field(examples=["${INTERNAL_MODEL_API_KEY}"])] = UNSET
    """The key, best as `${NAME}` of an environment variable, so that it stands in no file."""
    max_context_limit: Count = UNSET
    """The model's window, in tokens."""
    max_output_tokens: Count = UNSET
    """The most tokens of one answer."""
    enable_thinking: bool = UNSET
    """Whether the model is asked to think."""
    thinking_max_tokens: Natural = UNSET
    """The most tokens to think with; 0 switches thinking off."""
    extra_headers: Annotated[Mapping[str, str], SECRET, Field(examples=[{"X-Team": "platform"}])] = UNSET
    """HTTP headers that every request carries."""
    extra_args: Annotated[Mapping[str, Any], Field(examples=[{"temperature": 0.7}])] = UNSET
    """Members that are added to every request's body."""
    no_image_support: bool = UNSET
    """`true` where the model cannot see images."""
    supports_images: bool = UNSET
    """The older, positive form of `noImageSupport`."""
    bedrock: Bedrock = UNSET
    """How the model is reached on AWS Bedrock."""
    price: Price = UNSET
    """What tokens cost, for cost figures and budgets."""


class ModelPolicy(Section):
    """Which models may be used, checked at every request."""

    allowed_model_ids: Annotated[list[Text], NARROW, Field(examples=[["claude-sonnet-4-6"]])] = UNSET
    """The only models that may be used. A lower level can shorten the list and not lengthen it."""
    blocked_model_ids: Annotated[Texts, UNION] = UNSET
    """Models that may not be used, whatever else is allowed."""
    allow_custom_models: Annotated[bool, strictest(False, True, default=True)] = UNSET
    """Whether levels below may bring models of their own."""
    allowed_base_urls: Annotated[Texts, NARROW, Field(examples=[["https://llm-gateway.example.com/v1"]])] = (
        UNSET
    )
    """The only addresses that custom models may be reached at."""
    allow_all_factory_models: Annotated[bool, strictest(False, True, default=False)] = UNSET
    """Whether the built-in catalogue is allowed beside `allowedModelIds`."""


class UserModelPolicy(Section):
    """Which models one person may use, within `modelPolicy`."""

    allowed_model_ids: Texts = UNSET
    """The only models that this person may use."""
    blocked_model_ids: Texts = UNSET
    """Models that this person may not use."""


class ModelKeys(Section):
    """Models

    Models that people bring, and which models may be used at all.
    """

    custom_models: Annotated[
        list[CustomModel], Rule(merge=Merge.LOCKED_KEYS, key="id", trusted_only=True)
    ] = UNSET
    """Models that the organisation or a person brings, with their own address and key. An id that a
    higher level has defined cannot be defined again."""
    model_policy: ModelPolicy = UNSET
    """Which models may be used, checked at every request."""
    user_model_policies: Annotated[
        Mapping[str, UserModelPolicy], Rule(merge=Merge.LOCKED_KEYS, levels=ORG)
    ] = UNSET
    """Limits for single people, by user id. They come on top of `modelPolicy`."""
