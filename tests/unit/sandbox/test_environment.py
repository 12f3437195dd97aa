"""Which of the server's variables a command is given."""

import pytest

from droid.sandbox.environment import environment_for, is_secret

SECRETS = """
ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN ANTHROPIC_BASE_URL OPENAI_API_KEY OPENAI_ORG_ID AZURE_OPENAI_ENDPOINT
GEMINI_API_KEY GOOGLE_API_KEY GOOGLE_APPLICATION_CREDENTIALS DROID_ORG_ID MISTRAL_API_KEY
AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN NPM_TOKEN
GITHUB_PAT HF_TOKEN SLACK_BOT_TOKEN token npm_config__authToken NPM_CONFIG__AUTH TWINE_PASSWORD PGPASSWORD
MYSQL_PWD DB_PASS DB_PASSWD SSHPASS GIT_ASKPASS SSH_ASKPASS ANSIBLE_VAULT_PASSWORD_FILE KEY_PASSPHRASE
CLIENT_SECRET SECRET_KEY_BASE DJANGO_SECRET_KEY MY_PRIVATE_KEY SIGNING_KEY ENCRYPTION_KEY SSH_KEY APIKEY
STRIPE_KEY CI_JOB_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL SESSION_COOKIE my_service_api_key Db_Password
"""

KEPT = """
PATH HOME USER SHELL LANG LC_ALL TZ TMPDIR XDG_RUNTIME_DIR PWD SSH_AUTH_SOCK DISPLAY VIRTUAL_ENV CONDA_PREFIX
JAVA_HOME GOPATH NODE_PATH PYTHONPATH LD_LIBRARY_PATH AWS_PROFILE AWS_REGION KUBECONFIG DOCKER_HOST CI EDITOR
KEYBOARD MONKEY_PATCH TOKENIZERS_PARALLELISM MAX_TOKENS AUTHOR GIT_AUTHOR_NAME XAUTHORITY COMPOSE_PROJECT_NAME
PATTERN FACTORY_HOME HTTPS_PROXY no_proxy SSL_CERT_FILE COLUMNS
"""


@pytest.mark.parametrize("name", SECRETS.split())
def test_what_is_named_like_a_credential_is_dropped(name: str) -> None:
    assert is_secret(name, "x")


@pytest.mark.parametrize("name", KEPT.split())
def test_what_commands_need_is_kept(name: str) -> None:
    assert not is_secret(name, "/usr/bin")


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("DATABASE_URL", "postgres://me:hunter2@db:5432/x", True),
        ("DATABASE_URL", "postgres://db:5432/x", False),
        ("DATABASE_URL", "postgres://me@db:5432/x", False),
        ("PIP_INDEX_URL", "https://:hunter2@pypi.example.com/simple", True),
        ("PIP_INDEX_URL", "https://pypi.example.com/simple?a=b:c@d", False),
        ("MAIL", "me@example.com", False),
        ("REPO", "https://ghp_abcdefghijklmnop@github.com/me/x", True),
        ("SENTRY_DSN", "https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/2", True),
        ("GIT_REMOTE", "ssh://git@github.com/me/x", False),
        ("HTTPS_PROXY", "http://me:hunter2@proxy:3128", False),
        ("http_proxy", "http://me:hunter2@proxy:3128", False),
    ],
)
def test_a_password_in_a_url_is_a_secret_unless_it_is_the_way_out(
    name: str, value: str, secret: bool
) -> None:
    assert is_secret(name, value) is secret


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", True),
        ("github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz", True),
        ("glpat-abcdefghijklmnopqrst", True),
        ("xoxb-123456789012-abcdefghijkl", True),
        ("sk-proj-abcdefghijklmnopqrstuvwx", True),
        ("AKIAABCDEFGHIJKLMNOP", True),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", True),
        ("https://hooks.slack.com/services/T0/B0/abcdefgh", True),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", True),
        ("sk-learn", False),
        ("npm_lifecycle", False),
        ("https://slack.com/help", False),
    ],
)
def test_a_token_is_known_by_its_form_whatever_it_is_called(value: str, secret: bool) -> None:
    assert is_secret("SOMETHING", value) is secret


def test_a_command_is_told_that_nobody_is_there() -> None:
    given = environment_for({"PATH": "/bin", "TERM": "xterm", "EDITOR": "vim", "GIT_PAGER": "less"})
    assert given == {
        "PATH": "/bin",
        "TERM": "dumb",
        "NO_COLOR": "1",
        "PAGER": "cat",
        "GIT_PAGER": "cat",
        "EDITOR": "true",
        "VISUAL": "true",
        "GIT_EDITOR": "true",
        "GIT_TERMINAL_PROMPT": "0",
        "GCM_INTERACTIVE": "never",
        "SSH_ASKPASS_REQUIRE": "never",
    }


@pytest.mark.parametrize("name", ["ELECTRON_RUN_AS_NODE", "PWD", "OLDPWD"])
def test_what_is_the_server_s_own_business_stays_there(name: str) -> None:
    assert name not in environment_for({name: "/x"})
