"""The checks of `droid-lsp doctor` that look at the settings and at what they name."""

import asyncio
from urllib.parse import urlsplit

from droid.app.doctor_report import Check, Status
from droid.app.parts import reach, user_folder
from droid.domain.policy import Policy

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def check_settings(policy: Policy) -> list[Check]:
    """What the settings files make of themselves."""
    locked = [
        Check(
            name="organisation",
            status=Status.FAIL,
            detail=line,
            mend="mend what the line names; `droid-lsp settings show` lists the organisation's files",
            configuration=True,
        )
        for line in filter(None, [policy.lockdown])
    ]
    broken = [
        Check(
            name="settings",
            status=Status.FAIL,
            detail=line,
            mend="mend the file at this line; until then headless runs are refused",
            configuration=True,
        )
        for line in policy.malformed
    ]
    doubtful = [
        Check(name="settings", status=Status.WARN, detail=line, mend="mend the file at this line")
        for line in policy.warnings
        if line not in policy.malformed
    ]
    level = f"autonomy {policy.autonomy}, at most {policy.max_autonomy}"
    return locked + broken + doubtful or [Check(name="settings", status=Status.OK, detail=level)]


def check_models(policy: Policy) -> list[Check]:
    """Which models can be asked, and whether their keys are there."""
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
    """Whether anybody answers at the models' addresses."""
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
