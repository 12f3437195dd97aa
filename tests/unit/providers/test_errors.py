"""Errors of every kind of server, told apart by what they say."""

import json

import pytest
from tests.unit.providers.samples import profile

from droid.domain.errors import ProviderErrorKind
from droid.domain.models import Wire
from droid.providers.errors import refused, retry_after_s, streamed

OVERFLOW = [
    (400, "prompt is too long: 215000 tokens > 200000 maximum"),  # Anthropic
    (400, "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000"),
    (413, "Request exceeds the maximum size"),
    (
        400,
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
    ),  # OpenAI
    (400, "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000"),
    (400, "This endpoint's maximum context length is 131072 tokens. However, you requested about 140000"),
    (400, "The decoder prompt (length 5000) is longer than the maximum model length of 4096."),  # vLLM
    (400, "Input length (5000) exceeds model's maximum context length (4096)."),
    (500, "the request exceeds the available context size, try increasing it"),  # llama.cpp
    (500, "input length exceeds the context length"),  # Ollama
    (
        400,
        "The number of tokens to keep from the initial prompt is greater than the context length.",
    ),  # LM Studio
    (400, "Trying to keep the first 6000 tokens when context the overflows."),
    (
        400,
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    ),  # Gemini
    (400, "Input is too long for requested model."),  # Bedrock
    (400, "Please reduce the length of the messages or completion."),  # Groq
    (
        400,
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length",
    ),  # Mistral
    (400, "This model's maximum prompt length is 131072 but the request contains 537812 tokens."),  # xAI
    (400, "prompt token count of 130000 exceeds the limit of 128000"),  # Copilot
    (400, "invalid params, context window exceeds limit"),  # MiniMax
    (400, "Your request exceeded model token limit: 262144"),  # Kimi
    (400, "Prompt exceeds max length"),  # Z.ai
    (422, "`inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000"),  # TGI
]
NO_OVERFLOW = [
    (429, "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 40000."),
    (429, "This model's maximum context length is not the matter; slow down"),
    (400, "max_tokens is too large: 100000. This model supports at most 16384 completion tokens"),
    (400, "image exceeds 5 MB maximum"),
    (400, "messages: text content blocks must be non-empty"),
    (401, "invalid x-api-key"),
    (500, "Internal server error"),
]


def kind_of(status: int, body: object) -> ProviderErrorKind:
    return refused(profile(Wire.CHAT_COMPLETIONS), status, {}, json.dumps(body).encode()).kind


@pytest.mark.parametrize(("status", "says"), OVERFLOW)
def test_a_conversation_that_is_too_long_is_recognised(status: int, says: str) -> None:
    for body in ({"error": {"message": says}}, {"message": says}, {"error": says}, {"detail": says}, says):
        assert kind_of(status, body) is ProviderErrorKind.CONTEXT_OVERFLOW


@pytest.mark.parametrize(("status", "says"), NO_OVERFLOW)
def test_other_limits_are_not_mistaken_for_the_window(status: int, says: str) -> None:
    assert kind_of(status, {"error": {"message": says}}) is not ProviderErrorKind.CONTEXT_OVERFLOW


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"code": "context_length_exceeded", "message": "x"}, ProviderErrorKind.CONTEXT_OVERFLOW),
        (400, {"type": "exceed_context_size_error", "message": "x"}, ProviderErrorKind.CONTEXT_OVERFLOW),
        (429, {"code": "insufficient_quota", "message": "x"}, ProviderErrorKind.UNAUTHORISED),
        (
            400,
            {"message": "Your credit balance is too low to access the Anthropic API."},
            ProviderErrorKind.UNAUTHORISED,
        ),
        (429, {"code": "rate_limit_exceeded", "message": "x"}, ProviderErrorKind.RETRY),
    ],
)
def test_the_code_counts_where_the_message_says_little(
    status: int, error: dict[str, str], kind: ProviderErrorKind
) -> None:
    """Without credit, waiting does not help, whatever the status."""
    assert kind_of(status, {"error": error}) is kind


@pytest.mark.parametrize(
    ("body", "quote"),
    [
        ({"error": {"message": "no"}}, "no"),
        ({"error": "no"}, "no"),
        ({"message": "no"}, "no"),
        ({"detail": "no"}, "no"),
        ({"detail": [{"loc": ["body", "x"], "msg": "no", "type": "missing"}]}, "no"),
        ([{"error": {"message": "no", "code": 400}}], "no"),
        ({"error": {"error": {"message": "no"}}}, "no"),
        ({"error": {"message": {"text": "no"}}}, '{"text": "no"}'),
        ({"object": "error", "message": "no", "code": 400}, "no"),
        ({"unheard": "of"}, '{"unheard": "of"}'),
    ],
)
def test_what_a_server_says_is_found_wherever_it_says_it(body: object, quote: str) -> None:
    error = refused(profile(Wire.OPENAI), 400, {}, json.dumps(body).encode())
    assert str(error) == f"custom:m: http://127.0.0.1:1/v1 rejected the request (400). It said: {quote}"


def test_a_long_quotation_is_cut_and_on_one_line() -> None:
    message = str(refused(profile(Wire.OPENAI), 400, {}, b"line\r\n\tline  \n" * 1000))
    assert message.endswith("…")
    assert len(message) < 500
    assert "line line line" in message


@pytest.mark.parametrize(
    ("wire", "model_id", "key", "mentions"),
    [
        (Wire.ANTHROPIC, "claude-opus-5-5", "k-123456", "check ANTHROPIC_API_KEY"),
        (Wire.OPENAI, "gpt-6-sol", "k-123456", "check OPENAI_API_KEY"),
        (Wire.OPENAI, "gpt-6-sol", "", "set OPENAI_API_KEY"),
        (Wire.CHAT_COMPLETIONS, "custom:local", "k-123456", "check apiKey of custom:local in settings"),
        (Wire.CHAT_COMPLETIONS, "custom:local", "", "set apiKey of custom:local in settings"),
    ],
)
def test_a_refused_key_is_named_by_where_it_is_set(
    wire: Wire, model_id: str, key: str, mentions: str
) -> None:
    assert mentions in str(refused(profile(wire, id=model_id, api_key=key), 401, {}, b""))


def test_secrets_of_the_profile_are_never_quoted() -> None:
    secret = profile(
        Wire.OPENAI,
        api_key="sk-secret-1",
        base_url="https://me:pw-secret-2@host.example/v1?key=secret-3",
        extra_headers={"Authorization": "Bearer secret-4", "X-Tenant": "secret-5"},
    )
    said = "sk-secret-1 Bearer secret-4 secret-4 secret-5"
    for error in (
        refused(secret, 401, {}, json.dumps({"error": {"message": said}}).encode()),
        refused(secret, 500, {}, said.encode()),
        streamed(secret, {"message": said}),
    ):
        assert "secret" not in str(error)
        assert "https://host.example/v1" in str(error)


@pytest.mark.parametrize("value", [None, 7, "", [], {}, [[]], {"message": None, "code": None}])
def test_an_error_object_may_be_anything(value: object) -> None:
    assert streamed(profile(Wire.OPENAI), value).kind is ProviderErrorKind.RETRY


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Please try again in 11.054s.", 11.054),
        ("Please try again in 28ms.", 0.028),
        ("Please try again in 2m.", 120),
        ("Please try again later.", None),
    ],
)
def test_a_wait_may_stand_in_the_text_only(said: str, expected: float | None) -> None:
    error = streamed(profile(Wire.OPENAI), {"code": "rate_limit_exceeded", "message": said})
    assert error.retry_after_s == (None if expected is None else pytest.approx(expected))


def test_a_date_is_reckoned_from_now() -> None:
    headers = {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert retry_after_s(headers, now=1792567680.0 - 30) == 30
    assert retry_after_s(headers, now=1792567680.0 + 30) == 0
