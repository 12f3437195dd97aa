"""The checks of `droid-lsp doctor` that look at the settings and at what they name."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from droid.app.parts import load_settings, reach, user_folder
from droid.cli.doctor_report import Check, Status
from droid.domain.errors import SettingsError
from droid.domain.policy import Policy

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_settings(workspace: Path) -> tuple[list[Check], Policy | None]:
    try:
        policy = load_settings(workspace)
    except SettingsError as error:
        return [
            Check(
                name="settings",
                status=Status.FAIL,
                detail=str(error),
                mend="mend the file; nothing runs until it can be read",
                configuration=True,
            )
        ], None
    checks = [
        Check(name="settings", status=Status.WARN, detail=warning, mend="mend the file that it names")
        for warning in policy.warnings
    ]
    level = f"autonomy {policy.autonomy}, at most {policy.max_autonomy}"
    return checks or [Check(name="settings", status=Status.OK, detail=level)], policy


def check_models(policy: Policy) -> list[Check]:
    if not policy.models:
        return [
            Check(
                name="models",
                status=Status.FAIL,
                detail="none is configured",
                mend="set ANTHROPIC_API_KEY or OPENAI_API_KEY, or add one to customModels in "
                f"{user_folder() / 'settings.json'}; `droid-lsp demo` needs none",
                configuration=True,
            )
        ]
    checks: list[Check] = []
    chosen = policy.model or next(iter(policy.models))
    if chosen not in policy.models:
        checks.append(
            Check(
                name="models",
                status=Status.FAIL,
                detail=f"the model to start with, {chosen!r}, is not configured",
                mend=f"set model to one of {', '.join(sorted(policy.models))}",
                configuration=True,
            )
        )
    listed = ", ".join(f"{name} (default)" if name == chosen else name for name in sorted(policy.models))
    checks.append(Check(name="models", status=Status.OK, detail=listed))
    for profile in policy.models.values():
        host = urlsplit(profile.base_url).hostname or ""
        if not profile.api_key and host not in _LOOPBACK:
            checks.append(
                Check(
                    name="key",
                    status=Status.WARN,
                    detail=f"{profile.id} has no key for {host}",
                    mend="set apiKey in customModels, best as ${VARIABLE}, if the provider wants one",
                )
            )
    return checks


async def check_addresses(policy: Policy) -> list[Check]:
    urls = sorted({profile.base_url for profile in policy.models.values()})
    problems = await asyncio.gather(*map(reach, urls))
    return [
        Check(name="address", status=Status.OK, detail=f"{url} answers")
        if problem is None
        else Check(
            name="address",
            status=Status.FAIL,
            detail=f"{url} cannot be reached: {problem}",
            mend="check baseUrl, the network, and HTTPS_PROXY, NO_PROXY and SSL_CERT_FILE",
        )
        for url, problem in zip(urls, problems, strict=True)
    ]
