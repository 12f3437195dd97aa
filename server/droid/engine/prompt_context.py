"""Turns what a person sent into the message that the model is given."""

from collections.abc import Sequence
from pathlib import Path

from droid.domain.context import EditorContext
from droid.domain.messages import Message, user_message
from droid.engine.core import Prompt, SessionCore
from droid.engine.file_changes import display_name
from droid.engine.mentions import MentionSources, Taken, expand_mentions, untouched
from droid.engine.untrusted import Attachments

_MAX_SELECTION_CHARACTERS = 20_000
_MAX_DIAGNOSTICS = 50
_MAX_OPEN = 20


def plain_message(prompt: Prompt) -> Message:
    """The prompt as it was written, without context."""
    return user_message(prompt.text, *prompt.images)


async def build_message(
    core: SessionCore, prompt: Prompt, attached: Attachments, *, more: Sequence[str] = ()
) -> Message:
    """The prompt with the editor's context and what it mentions.

    Args:
        attached: Takes what goes with the prompt; to be told of once the message is.
        more: What else goes before it: what hooks want the model to know.
    """
    state = core.state
    sources = MentionSources(
        cwd=state.cwd,
        files=core.context_files,
        processes=core.ports.processes,
        context=prompt.context,
        taken=attached.take,
    )
    blocks = await expand_mentions(prompt.text, sources) if "@" in prompt.text else []
    if prompt.context is not None:
        blocks.append(editor_block(prompt.context, state.workspace, attached.take))
    text = "\n\n".join([*more, *filter(None, blocks), prompt.text])
    return user_message(text, *prompt.images)


def editor_block(context: EditorContext, workspace: Path, taken: Taken = untouched) -> str:
    """What the editor shows, in words; empty where it shows nothing.

    Args:
        taken: Makes of selected text what a model may see.
    """
    lines: list[str] = []
    if context.active is not None:
        at = f", cursor on line {context.active_line}" if context.active_line else ""
        lines.append(f"Active document: {display_name(context.active, workspace)}{at}")
    others = [display_name(p, workspace) for p in context.open_paths if p != context.active]
    if others:
        lines.append(f"Also open: {', '.join(others[:_MAX_OPEN])}")
    if context.unsaved:
        lines.append(f"Unsaved changes in: {', '.join(display_name(p, workspace) for p in context.unsaved)}")
    if context.selection is not None:
        selection = context.selection
        where = f"{display_name(selection.path, workspace)}:{selection.start_line}-{selection.end_line}"
        text = taken(selection.path, where, selection.text[:_MAX_SELECTION_CHARACTERS])
        lines.append(f"Selected, {where}:\n{text}")
    if context.diagnostics:
        lines.append("Diagnostics:")
        lines += [
            f"  {display_name(d.path, workspace)}:{d.line}: {d.severity}: {d.message}"
            for d in context.diagnostics[:_MAX_DIAGNOSTICS]
        ]
    return "<editor>\n" + "\n".join(lines) + "\n</editor>" if lines else ""
