"""What a command hands on to the programs that it runs: the paths and words of many, its own input."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from droid.safety.commands.model import Effects, Given, RedirectKind, SimpleCommand, Touch, Touched
from droid.safety.commands.words import UNKNOWN, Word

_MAX_GIVEN = 512
_ANYTHING = Given(Word("/"), below=True)
_LISTS = frozenset({"fd", "fdfind", "find", "gfind", "gls", "ls", "lsd", "eza", "exa", "tree", "rg", "grep"})
_SHOWS_NAMES = frozenset({"gls", "ls", "lsd", "eza", "exa", "tree"})
_PRINTS = frozenset({"echo", "gecho", "print", "printf", "seq", "sleep", "true", "yes"})
_WRAPPERS = frozenset({"builtin", "command", "exec", "nice", "nohup", "sudo", "time", "timeout"})
_CHOICES = frozenset({"!", "-not", "-o", "-or", ",", "(", ")"})
_ITEM = re.compile(r"""(?:\\.|'[^'\n]*'|"[^"\n]*"|[^\s'"])+""")
_UNQUOTED = re.compile(r"""\\(.)|['"]""")
_DELIMITERS = re.compile(r"[,:;|]")

# --- words for many ------------------------------------------------------------------------------


def given_below(
    touched: Sequence[Touched], options: Mapping[str, Word], command: SimpleCommand
) -> tuple[Given, ...]:
    """What `find` finds: whatever lies below the folders that it looks in."""
    roots = [one.word for one in touched if one.how is Touch.READ] or [Word(".")]
    only = ""
    if not any(word.text in _CHOICES for word in command.words):
        name = options.get("-name") or options.get("-iname")
        if name is not None and name.known:
            only = name.text
        elif (extension := options.get("-e")) is not None and extension.known:
            only = f"*.{extension.text.lstrip('.')}"
    return _bounded([Given(word, below=True, only=only) for word in roots])


def given_by_pipe(
    command: SimpleCommand, effects_of: Callable[[SimpleCommand], Effects]
) -> tuple[Given, ...]:
    """What `xargs` makes words of: what it is given on standard input, as far as that is known."""
    if command.stdin_text is not None:
        return _bounded([Given(Word(text)) for text in _items(command.stdin_text.text)])
    for source in map(behind_wrappers, command.stdin_from):
        if source.program in _LISTS:
            effects = effects_of(source)
            if source.program in _SHOWS_NAMES:
                return _bounded([Given(word, below=True) for word in effects.operands or (Word("."),)])
            return given_below(effects.touched, dict(effects.options), source)
        if source.program in _PRINTS:
            return _bounded([Given(word) for word in source.words[1:]])
    return ()


def behind_wrappers(command: SimpleCommand) -> SimpleCommand:
    """What `timeout 5 find x` or `command env` runs, where that is plain to see."""
    words = list(command.words)
    while len(words) > 1 and words[0].text in _WRAPPERS:
        values = 1 if words.pop(0).text == "timeout" else 0
        while len(words) > values + 1 and words[0].text.startswith("-"):
            del words[0]
        del words[:values]
    return replace(command, words=tuple(words)) if words else command


def _bounded(given: list[Given]) -> tuple[Given, ...]:
    """So many are looked at; where there are more, they may be anything."""
    return tuple(given) if len(given) <= _MAX_GIVEN else (_ANYTHING,)


def _items(text: str) -> tuple[str, ...]:
    """The words that may be made of a text, however it is parted."""
    lines = text.splitlines()
    words = [_UNQUOTED.sub(r"\1", found[0]) for found in _ITEM.finditer(text)]
    parts = [part.strip() for word in words for part in _DELIMITERS.split(word)]
    return tuple(dict.fromkeys(one for one in (*lines, *words, *parts) if one.strip(UNKNOWN)))


# --- standard input ------------------------------------------------------------------------------


def is_data(command: SimpleCommand) -> bool:
    """Whether standard input is more than what the line itself says: a file, or what a program prints."""
    if command.stdin_text is not None:
        return not command.stdin_text.known
    if command.stdin_from:
        return not all(
            one.program in _PRINTS
            and all(redirect.target.text == "/dev/null" for redirect in one.redirects)
            and all(word.known for word in one.words)
            for one in command.stdin_from
        )
    return any(
        one.kind is RedirectKind.READ
        and not one.target.text.startswith(("/dev/null", "/dev/zero", "/dev/tty"))
        for one in command.redirects
    )


# --- the text of `env -S` ------------------------------------------------------------------------

_ESCAPES = {"_": " ", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NAME = re.compile(r"\$\{\w+\}")
_OTHER_DOLLAR = re.compile(r"(?<!\\)\$(?=['\"])")


def words_of_env(word: Word) -> tuple[Word, ...]:
    r"""The words that `env -S` makes of a text; it has escapes of its own: `rm\_-rf`.

    Source: https://www.gnu.org/software/coreutils/manual/html_node/env-invocation.html
    """
    text = word.text
    if _OTHER_DOLLAR.search(text):  # `env` refuses it
        return (Word(UNKNOWN),)
    words: list[str] = []
    made, quote, at, is_open = "", "", 0, False
    while at < len(text):
        char = text[at]
        at += 1
        if char == "\\" and at < len(text) and (quote != "'" or text[at] in "\\'"):
            escaped, at = text[at], at + 1
            if escaped == "c" and not quote:
                if not words and not made:  # all is dropped, or is not: nobody needs that
                    return (Word(UNKNOWN),)
                break
            if escaped == "_" and not quote:
                char = " "
            else:
                made, is_open = made + _ESCAPES.get(escaped, escaped), True
                continue
        if quote or char in "'\"":
            is_open = True
            if char == quote:
                quote = ""
            elif not quote:
                quote = char
            elif char == "$" and quote == '"' and (found := _NAME.match(text, at - 1)):
                made, at = made + UNKNOWN, found.end()
            else:
                made += char
        elif char.isspace():
            if is_open:
                words.append(made)
            made, is_open = "", False
        elif char == "#" and not is_open:
            break
        elif char == "$" and (found := _NAME.match(text, at - 1)):
            made, at, is_open = made + UNKNOWN, found.end(), True
        else:
            made, is_open = made + char, True
    if is_open:
        words.append(made)
    return tuple(Word(one, may_split=word.may_split) for one in words)
