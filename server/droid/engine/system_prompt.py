"""The system prompt: our instructions, the environment, the rules. Fixed for a session's life.

It is stored with the session and never rebuilt, so that the prefix of every request stays byte-stable
and the provider's prompt cache stays warm.
"""

import platform
import time
from pathlib import Path

from droid.domain.events import InjectionFlagged
from droid.domain.ports import ProcessRunner
from droid.engine.agents_md import session_rules
from droid.engine.context_files import ContextFiles
from droid.engine.git_status import git_summary
from droid.engine.prompts import prompt_text
from droid.engine.untrusted import plain_rules


async def build_system_prompt(
    *,
    workspace: Path,
    cwd: Path,
    factory_home: Path,
    files: ContextFiles,
    processes: ProcessRunner,
    known_rules: set[Path],
    now: float,
    append: str = "",
    flagged: list[InjectionFlagged] | None = None,
) -> str:
    """Instructions, environment and rules as one text.

    Args:
        flagged: Gets what is to be told of rules that hide something.
    """
    rules = await session_rules(
        root=workspace, cwd=cwd, factory_home=factory_home, files=files, known=known_rules
    )
    git = await git_summary(cwd, processes)
    environment = "\n".join(
        [
            f"Operating system: {platform.system()} {platform.release()}",
            f"Date: {time.strftime('%Y-%m-%d', time.localtime(now))}",
            f"Workspace: {workspace}",
            f"Working folder: {cwd}",
            git,
        ]
    )
    sections = [prompt_text("system"), f"<environment>\n{environment}\n</environment>"]
    for path, raw in rules:
        text, hidden = plain_rules(raw)
        if hidden and flagged is not None:
            flagged.append(InjectionFlagged(source=path, marks=hidden))
        sections.append(f'<rules from="{path}">\n{text}\n</rules>')
    if append:
        sections.append(append)
    return "\n\n".join(sections)
