"""One module for each family of LSP methods; each registers its own."""

from typing import TYPE_CHECKING

from droid.lsp.handlers import code_action, code_lens, commands, hover, lifecycle, settings_files, text_sync

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer


def register_all(ls: "DroidLanguageServer") -> None:
    """Give a server all its handlers."""
    for family in (lifecycle, text_sync, settings_files, hover, code_action, code_lens, commands):
        family.register(ls)
