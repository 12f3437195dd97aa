"""Keys about plugins and where they come from.

Source: https://docs.factory.ai/cli/configuration/plugins
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from droid.settings.rules import Merge, Rule
from droid.settings.schemas.common import LOCKED_KEYS, NARROW, UNSET, Section, Text


class MarketplaceSource(Section):
    """Where a marketplace is."""

    source: Literal["github", "url", "git", "git-subdir", "local"]
    """What kind of place it is."""
    repo: Annotated[Text, Field(examples=["my-org/factory-plugins"])] = UNSET
    """`owner/repo`, of a `github` source."""
    url: Text = UNSET
    """The address of the git repository, of a `url`, `git` or `git-subdir` source."""
    path: Text = UNSET
    """The folder: of a `local` source, or within a repository."""
    ref: Text = UNSET
    """The branch or tag to follow."""
    sha: Text = UNSET
    """The commit to stay on, in full."""


class Marketplace(Section):
    """A catalogue of plugins."""

    source: MarketplaceSource
    """Where it is."""


class PluginKeys(Section):
    """Plugins

    Which plugins are on, and where they may come from.
    """

    enabled_plugins: Annotated[
        Mapping[str, bool],
        Rule(merge=Merge.LOCKED_KEYS, off=("", False), trusted_only=True),
        Field(examples=[{"code-standards@internal-marketplace": True}]),
    ] = UNSET
    """Plugins that are on or off, by `plugin@marketplace`. `false` counts from any level."""
    extra_known_marketplaces: Annotated[Mapping[str, Marketplace], LOCKED_KEYS] = UNSET
    """Marketplaces beside those that people add, by name."""
    strict_known_marketplaces: Annotated[list[MarketplaceSource], NARROW] = UNSET
    """The only sources that plugins may come from."""
