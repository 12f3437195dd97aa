"""What the agent is asked when a person picks a verb instead of writing a prompt."""

from collections.abc import Mapping

from droid.lsp.convert import shortened

_INSTRUCTIONS: Mapping[str, str] = {
    "droid.ask": "Look at {place} and say in a few sentences what matters about it.",
    "droid.fix": "Find what is wrong in {place} and fix it. Change as little as the fix needs.",
    "droid.explain": "Explain {place}: what it does, why it is there, and what is surprising in it. "
    "Change nothing.",
    "droid.test": "Write tests for {place}, in the style and at the location of the tests that exist, "
    "and run them.",
    "droid.document": "Document {place}, in the style of the documentation around it. "
    "Do not change what the code does.",
    "droid.refactor": "Refactor {place}: make it simpler to read and to change, without changing what it "
    "does. Run the tests that cover it.",
    "droid.review": "Review {place}: bugs, risks, unclear parts, each with its line and how to mend it. "
    "Change nothing.",
}
_ABOUT_DIAGNOSTICS: Mapping[str, str] = {
    "droid.fix": "Fix this in {place}. Change as little as the fix needs.\n\n{diagnostics}",
    "droid.explain": "Explain what this means in {place}, and how to mend it. Change nothing.\n\n"
    "{diagnostics}",
}


def prompt_for(
    command: str, *, place: str, diagnostics: tuple[str, ...] = (), more: str | None = None
) -> str:
    """The prompt of a verb about code.

    Args:
        place: In words, such as `the selected lines 3–9 of src/a.py`.
        more: What the person added; for `droid.ask` it is the prompt.
    """
    if command == "droid.ask" and more:
        return more
    if diagnostics and command in _ABOUT_DIAGNOSTICS:
        shown = "\n".join(f"- {shortened(one, 500)}" for one in diagnostics)
        text = _ABOUT_DIAGNOSTICS[command].format(place=place, diagnostics=shown)
    else:
        text = _INSTRUCTIONS[command].format(place=place)
    return f"{text}\n\n{more}" if more else text


def place_in_words(name: str | None, lines: tuple[int, int] | None, *, selected: bool) -> str:
    """Where a verb is to work.

    Args:
        lines: First and last, from 1; None for the whole document.
    """
    if name is None:
        return "this workspace"
    if lines is None:
        return f"`{name}`"
    first, last = lines
    if not selected:
        return f"the code around line {first} of `{name}`"
    return f"line {first} of `{name}`" if first == last else f"the selected lines {first}–{last} of `{name}`"
