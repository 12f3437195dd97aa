"""Text of others where an editor would draw it as something else: as a link, or as an icon.

What would be drawn so is broken by the code point of its bracket, so that everything of it shows.
Source: microsoft/vscode, src/vs/base/common/linkedText.ts and src/vs/base/common/iconLabels.ts
"""

import re

# In a message, VS Code makes links of these, also ones that run commands, with arguments.
_LINK = re.compile(r"\]\((?=[a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_ICON = re.compile(r"\$\((?=[A-Za-z0-9~-]+\))")
_BRACKET = "⟨U+0028⟩"


def unlinked(text: str) -> str:
    """Text for a message, in which nothing becomes a link: `[x]⟨U+0028⟩command:y)`."""
    return _LINK.sub(f"]{_BRACKET}", text)


def without_icons(title: str) -> str:
    """Text for a button, in which nothing becomes an icon: `$⟨U+0028⟩reboot)`."""
    return _ICON.sub(f"${_BRACKET}", title)
