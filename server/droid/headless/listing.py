"""`--list-tools` and `--list-models`: what a run with these flags could use."""

import asyncio
import json
import sys
from typing import Any

from droid.headless.exec import open_runtime
from droid.headless.exit_codes import ExitCode
from droid.headless.options import ExecOptions, Listing, OutputFormat


def show(options: ExecOptions, listing: Listing) -> ExitCode:
    """Print the list.

    Raises:
        DroidError: the settings cannot be used.
    """
    rows = asyncio.run(_tools(options) if listing is Listing.TOOLS else _models(options))
    if options.output is OutputFormat.TEXT:
        for row in rows:
            print(_model_line(row) if listing is Listing.MODELS else _tool_line(row))
        if listing is Listing.MODELS and not rows:
            print("no model is configured: set ANTHROPIC_API_KEY or OPENAI_API_KEY,", file=sys.stderr)
            print("or add one to customModels in ~/.factory/settings.json", file=sys.stderr)
    else:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    return ExitCode.DONE


async def _tools(options: ExecOptions) -> list[dict[str, Any]]:
    from droid.app.tool_choice import unavailable_tools

    runtime = await open_runtime(options)
    unavailable = unavailable_tools([tool.spec.name for tool in runtime.tools], runtime.options)
    try:
        return [
            {
                "name": tool.spec.name,
                "read_only": tool.spec.read_only,
                "description": tool.spec.description,
            }
            for tool in runtime.tools
            if tool.spec.name not in unavailable
        ]
    finally:
        await runtime.aclose()


async def _models(options: ExecOptions) -> list[dict[str, Any]]:
    runtime = await open_runtime(options)
    try:
        policy = runtime.policy
        return [
            {
                "id": profile.id,
                "display_name": profile.display_name,
                "provider": profile.wire,
                "base_url": profile.base_url,
                "context_tokens": profile.context_tokens,
                "price_known": profile.price is not None,
                "default": profile.id == policy.model,
            }
            for profile in policy.models.values()
        ]
    finally:
        await runtime.aclose()


def _tool_line(row: dict[str, Any]) -> str:
    kind = "reads" if row["read_only"] else "changes"
    first = row["description"].strip().splitlines()[0] if row["description"].strip() else ""
    return f"{row['name']:<14} {kind:<8} {first}"


def _model_line(row: dict[str, Any]) -> str:
    mark = "*" if row["default"] else " "
    return f"{mark} {row['id']:<32} {row['provider']:<30} {row['base_url']}"
