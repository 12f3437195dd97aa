"""What is looked at before a headless run begins: settings that do not say what may happen, and limits that
cannot hold, end it before anything is asked or done.
"""

from typing import TYPE_CHECKING

from droid.domain.errors import PolicyRefused, SettingsError
from droid.domain.levels import AutonomyLevel
from droid.headless.exit_codes import UsageError
from droid.headless.options import ExecOptions

if TYPE_CHECKING:
    from droid.app.runtime import Runtime
    from droid.engine.session import Session


def check_settings(runtime: "Runtime", options: ExecOptions) -> None:
    """Refuse to run on settings that do not say what may happen, or with what.

    Raises:
        PolicyRefused: the organisation's policy is not to be had, or forbids the model.
        SettingsError: a file cannot be used, or no model is configured.
    """
    policy = runtime.policy
    if policy.lockdown is not None:
        raise PolicyRefused(policy.lockdown)
    if policy.malformed:
        more = len(policy.malformed) - 1
        raise SettingsError(policy.malformed[0] + (f" (and {more} more like this)" if more else ""))
    if options.model is not None or options.session_id is not None or options.fork_id is not None:
        return
    if policy.model is None and not policy.models:
        raise SettingsError(
            "no model is configured: set ANTHROPIC_API_KEY or OPENAI_API_KEY, or add one to "
            f"customModels in {runtime.home / 'settings.json'}"
        )
    if policy.model is not None:
        try:
            runtime.resolve_model(policy.model)
        except PolicyRefused as error:
            source = policy.model_source
            where = f"{source.file}:{source.line}" if source.line else str(source.file)
            if policy.model in policy.models_refused:
                raise PolicyRefused(f"{where}: {error}") from error
            raise SettingsError(f"{where}: {error}") from error


def check_price(runtime: "Runtime", session: "Session", options: ExecOptions) -> None:
    """A limit that cannot hold must not look as if it did.

    Raises:
        UsageError: the model's price is not known, and money is limited.
    """
    profile = runtime.policy.models.get(session.model)
    if options.max_usd is not None and (profile is None or profile.price is None):
        raise UsageError(
            f"the price of {session.model} is not known, so --max-usd cannot hold; "
            "set its price in customModels, or use --max-tokens"
        )


def autonomy_of(options: ExecOptions) -> AutonomyLevel:
    """The level that the flags ask for; without any, only what changes nothing runs."""
    if options.skip_permissions:
        return AutonomyLevel.HIGH
    return options.auto or AutonomyLevel.OFF
