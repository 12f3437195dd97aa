"""The policy of a folder, for whoever needs it once."""

from collections.abc import Callable, Mapping
from pathlib import Path

from droid.domain.policy import Policy
from droid.settings.engine import SettingsEngine
from droid.settings.org_level import NoOrg, OrgSource
from droid.settings.paths import real


def load_policy(
    workspace: Path,
    home: Path,
    environ: Mapping[str, str],
    *,
    org: OrgSource | None = None,
    also: Callable[[Policy], Policy] = lambda policy: policy,
) -> Policy:
    """The policy of a folder, from the files as they are now; nothing raises.

    Args:
        home: The user's `.factory` folder.
        environ: Where `${NAME}` is looked up.
        also: Adds what settings do not know.
    """
    engine = SettingsEngine(home=home, environ=environ, org=org or NoOrg(), also=also)
    return engine.snapshot(real(workspace)).policy
