"""Programs that reach out beside what the table of programs says of them, and what leads them elsewhere."""

import re

NETWORK = frozenset(
    {
        "aria2c", "axel", "curl", "curlie", "dig", "drill", "finger", "ftp", "grpcurl", "host", "http",
        "httpie", "https", "lftp", "links", "lynx", "mail", "mailx", "mosh", "mutt", "nc", "ncat", "netcat",
        "nslookup", "ping", "ping6", "rclone", "rsync", "s3cmd", "scp", "sendmail", "sftp", "socat", "ssh",
        "ssh-copy-id", "swaks", "telnet", "tftp", "traceroute", "w3m", "websocat", "wget", "wget2", "whois",
        "xh", "yt-dlp",
    }
)  # fmt: skip
"""They speak to others whatever their words say."""
SERVICES = {
    "aws": "amazonaws.com",
    "az": "azure.com",
    "bq": "googleapis.com",
    "doctl": "digitalocean.com",
    "firebase": "googleapis.com",
    "fly": "fly.io",
    "flyctl": "fly.io",
    "gcloud": "googleapis.com",
    "gh": "github.com",
    "glab": "gitlab.com",
    "gsutil": "googleapis.com",
    "heroku": "heroku.com",
    "netlify": "netlify.com",
    "ngrok": "ngrok.com",
    "vercel": "vercel.com",
    "wrangler": "cloudflare.com",
    **dict.fromkeys(
        ("argocd", "helm", "k9s", "kubectl", "kustomize", "oc"), "the cluster that is configured"
    ),
    **dict.fromkeys(
        ("ansible", "ansible-playbook", "cdk", "pulumi", "serverless", "terraform", "terragrunt", "tofu"),
        "the cloud that is configured",
    ),
}
"""They have one place to speak to, and do not name it."""
LOOKS_UP = frozenset(
    {
        "dig", "drill", "finger", "host", "nslookup", "ping", "ping6", "ssh-keyscan", "traceroute", "whois",
    }
)  # fmt: skip
"""They ask others about what they are given, which is all that it takes to send something."""
COPIES = frozenset({"rsync", "scp"})
"""Operands of the form `host:path` are other machines."""
LOCAL_ROWS = ("gh alias", "gh completion", "gh config", "gh extension list", "gh help", "gh version")
"""What they do without speaking to it."""
PUBLISHES = {
    ("bun", "publish"): "registry.npmjs.org",
    ("cargo", "publish"): "crates.io",
    ("flit", "publish"): "upload.pypi.org",
    ("gem", "push"): "rubygems.org",
    ("hatch", "publish"): "upload.pypi.org",
    ("npm", "publish"): "registry.npmjs.org",
    ("pdm", "publish"): "upload.pypi.org",
    ("pnpm", "publish"): "registry.npmjs.org",
    ("poetry", "publish"): "upload.pypi.org",
    ("twine", "upload"): "upload.pypi.org",
    ("uv", "publish"): "upload.pypi.org",
    ("yarn", "publish"): "registry.npmjs.org",
}
IMAGES = frozenset({"buildah", "crane", "docker", "nerdctl", "podman", "skopeo"})
"""Their addresses are names of container images."""
IMAGE_DEEDS = frozenset({"copy", "login", "pull", "push", "run", "sync"})
"""Of those: what reaches a registry."""

DATABASES = frozenset(
    {
        "clickhouse-client", "cqlsh", "createdb", "dropdb", "etcdctl", "influx", "mariadb", "mariadb-dump",
        "mongo", "mongodump", "mongoexport", "mongosh", "mysql", "mysqladmin", "mysqldump", "pg_dump",
        "pg_dumpall", "pg_restore", "psql", "redis-cli", "sqlcmd", "valkey-cli",
    }
)  # fmt: skip
"""They speak to this machine unless they are told of another."""
DATABASE_HOST = re.compile(
    r"(?:--host(?:name|addr)?=|--endpoints?=|-h(?=[^\s-])|(?:\S*\s)?host(?:addr)?=)([^\s']+)"
)
"""A word that tells them of another."""
DATABASE_FLAGS = frozenset({"-h", "--host", "--hostname", "--endpoint", "--endpoints"})
"""The next word does."""
STORES = re.compile(r"(?:s3|s3a|gs|abfss?|wasbs?|oss|cos)://[^/?#]+", re.IGNORECASE)
"""Somebody's own place within a service that everybody uses."""
SAID_TO_REACH = re.compile(
    r"\b(?:publishes(?! here)|deploys|uploads|sends|connects to another machine|talks to another machine"
    r"|talks to a server|copies (?:files )?to or from another machine|commits to the server"
    r"|fetches from the network|fetches pages|network connection|opens a tunnel"
    r"|changes a (?:cloud|remote|server)|(?:changes|attacks|works on) other machines)\b"
)
"""What the table says of programs that reach out, in its words."""
SAID_OF_SCRIPTS = re.compile(r"\b(?:script|task|target) that\b")
"""And of what only its name tells about."""

GIT_ASKS = frozenset(
    {
        "git fetch", "git fetch-pack", "git ls-remote", "git pull", "git push", "git remote prune",
        "git remote show", "git remote update", "git send-pack",
    }
)  # fmt: skip
"""Where they name no remote, they mean those that are configured."""
GIT_REACHES = (
    "git clone", "git imap-send", "git lfs", "git p4", "git request-pull", "git send-email",
    "git submodule add", "git submodule update", "git subtree add", "git subtree pull",
    "git subtree push", "git svn",
)  # fmt: skip
"""Where they name no address, it cannot be told which they mean."""
_GIT_ROUTES = re.compile(
    r"(?:alias|branch|core|credential|https?|include|includeif|lfs|protocol|push|remote|ssh|submodule|url)\.",
    re.IGNORECASE,
)
_GIT_HARMLESS = re.compile(
    r"core\.(?:pager|quotepath|autocrlf|editor|abbrev|filemode|ignorecase)\b", re.IGNORECASE
)

ROUTING_VARIABLES = re.compile(
    r"(?:https?|ftp|all|no)_proxy|git_\w+|home|curl_home|wgetrc|xdg_config_home|netrc|ssh_\w+|kubeconfig"
    r"|docker_(?:host|context)|aws_endpoint_url\w*|aws_profile|gh_host|npm_config_\w+|pip_\w*index_url"
    r"|uv_\w*index\w*|hostaliases|localdomain|pghost\w*|mysql_host|redis_url|database_url",
    re.IGNORECASE,
)
"""Variables that decide where a connection goes, or what a program takes for its settings."""

# Options by which a request goes elsewhere than its address says, and letters that have a value.
_DETOURS = {
    "curl": (
        frozenset(
            {
                "--abstract-unix-socket", "--config", "--connect-to", "--dns-servers", "--doh-url",
                "--interface", "--preproxy", "--proxy", "--resolve", "--socks4", "--socks4a", "--socks5",
                "--socks5-hostname", "--unix-socket",
            }
        ),
        "xK",
        "AbcCdDeEFhHmoPQrtTuUwXyYz",
    ),
    "wget": (frozenset({"--config", "--execute", "--input-file"}), "ei", "aADlOoPQRtTUwXB"),
    "gh": (frozenset({"--hostname"}), "", ""),
    "kubectl": (
        frozenset({"--context", "--cluster", "--kubeconfig", "--server", "--user"}), "s", "cfklnoPR",
    ),
    "helm": (frozenset({"--kube-apiserver", "--kube-context", "--kubeconfig"}), "", ""),
    "docker": (frozenset({"--context"}), "", ""),
}  # fmt: skip
_DETOURS["oc"] = _DETOURS["kubectl"]
_DETOURS["curlie"] = _DETOURS["curl"]
_DETOURS["wget2"] = _DETOURS["wget"]

SPEAKS = re.compile(
    r"\b(?:https?|urllib|urlopen|requests|socket|sockets|httpx|aiohttp|smtplib|ftplib|paramiko|fetch|axios"
    r"|XMLHttpRequest|WebSocket|open-uri|TCPSocket|IO::Socket|LWP|curl_exec|curl_init|fsockopen|dgram|dns"
    r"|file_get_contents|net\.(?:connect|createConnection))\b"
)
"""Words by which code reaches out."""


def detour(program: str, words: list[str]) -> str | None:
    """An option of a program by which a request goes elsewhere than its address says; None without one."""
    if program not in _DETOURS:
        return None
    options, letters, valued = _DETOURS[program]
    for word in words:
        name = word.partition("=")[0]
        if word.startswith("--"):
            if name in options or (len(name) > 5 and any(one.startswith(name) for one in options)):
                return name
        elif word.startswith("-"):
            for letter in word[1:]:
                if letter in letters:
                    return f"-{letter}"
                if letter in valued:
                    break
    return None


def routes(setting: str) -> bool:
    """Whether a setting of git, `name=value`, may decide where it connects."""
    return _GIT_ROUTES.match(setting) is not None and _GIT_HARMLESS.match(setting) is None
