"""What trusting a repository would let loosen or run, row by row, in the words of its own files.

The rows are made of the bytes that the hash was made of, from every `.factory` of the root, whichever of
them the current folder obeys. Which keys of settings loosen, their rules say.
"""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, cast

from droid.domain.errors import DroidError
from droid.settings import jsonc
from droid.settings.definition import BadName, command_name
from droid.settings.factory_file import FactoryFile, Kind, kind_of, parse_file
from droid.settings.rules import Merge, Rule
from droid.settings.schema_tree import Node
from droid.settings.trust_content import TrustedContent
from droid.settings.visible import visible

_READ = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0)
_KINDS = {
    "commandAllowlist": "allowed command",
    "sandbox.filesystem.allowWrite": "writable path",
    "sandbox.network.allowedDomains": "reachable domain",
    "shield.allowlist": "exception of Shield",
    "customModels": "model",
    "enabledPlugins": "plugin",
    "extraKnownMarketplaces": "plugin marketplace",
}
_ORDER = ("hook", "MCP server", "executable command", *dict.fromkeys(_KINDS.values()), "setting")
_VARIABLE = re.compile(r"\$\{\w+")
_SECRET_WORDS = ("AUTH", "COOKIE", "CREDENTIAL", "KEY", "PASS", "SECRET", "TOKEN")

_Row = tuple[jsonc.Path, str, str]
"""Path in the file, kind, text."""


class ContentChanged(DroidError):
    """A file is not as it was when the hash was made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enabled:
    """One thing that trusting enables.

    Attributes:
        kind: What it is: `hook`, `MCP server`, `allowed command`, …
        text: Verbatim, characters that do not show made visible; it may have several lines.
        file: Relative to the root; made visible too.
        line: From 1.
    """

    kind: str
    text: str
    file: str
    line: int

    def to_json(self) -> dict[str, Any]:
        """For scripts and editors."""
        return asdict(self)


def enables(content: TrustedContent) -> tuple[Enabled, ...]:
    """Everything that trusting this content would enable, what runs first.

    Raises:
        ContentChanged: a file has changed since; read the content again.
    """
    rows = [row for folder in content.folders for row in _in_folder(content, folder)]
    return tuple(sorted(rows, key=lambda row: (_ORDER.index(row.kind), row.file, row.line)))


def _in_folder(content: TrustedContent, folder: str) -> Iterator[Enabled]:
    place = Path(folder)
    for relative in sorted(path for path in content.files if path.startswith(f"{folder}/")):
        path = Path(relative)
        kind = kind_of(path, place)
        if kind is not None and kind.is_json:
            read = parse_file(kind, _bytes(content, relative))
            for at, what, text in _rows(kind, read):
                yield Enabled(kind=what, text=visible(text), file=visible(relative), line=read.line(at))
        elif kind is None and place / "commands" in path.parents:
            text = f"/{_command(path)} runs {relative}"
            yield Enabled(kind="executable command", text=visible(text), file=visible(relative), line=1)


def _command(path: Path) -> str:
    try:
        return command_name(path.stem)
    except BadName:
        return path.stem


def _bytes(content: TrustedContent, relative: str) -> bytes:
    path = content.root / relative
    try:
        with os.fdopen(os.open(path, _READ), "rb") as file:
            # All of it, since it is compared: the size is one that was read before.
            data = file.read(content.files[relative].size + 1)
    except OSError as error:
        raise ContentChanged(f"{path} cannot be read any more ({error.strerror}); try again") from error
    if not content.matches(path, data):
        raise ContentChanged(f"{path} changed while it was looked at; try again")
    return data


def _rows(kind: Kind, read: FactoryFile) -> Iterable[_Row]:
    values = read.values
    if values is None:
        return ()  # malformed: nothing of it counts
    if kind is Kind.SETTINGS:
        return _settings(kind.schema, values, (), "")
    if kind is Kind.HOOKS:
        within = cast("Mapping[str, Any]", values.get("hooks", {}))
        return (*_hooks(values, ()), *_hooks(within, ("hooks",)))
    return _servers(cast("Mapping[str, Any]", values.get("mcpServers", {})))


def _hooks(events: Mapping[str, Any], path: jsonc.Path) -> Iterator[_Row]:
    for event, groups in events.items():
        if not isinstance(groups, list):
            continue
        for group, members in enumerate(cast("list[dict[str, Any]]", groups)):
            matched = f" {members['matcher']}" if members.get("matcher") else ""
            matched += f" /{members['commandRegex']}/" if members.get("commandRegex") else ""
            for index, hook in enumerate(members["hooks"]):
                at = (*path, event, group, "hooks", index, "command")
                yield at, "hook", f"{event}{matched}: {hook['command']}"


def _servers(servers: Mapping[str, Any]) -> Iterator[_Row]:
    for name, server in servers.items():
        if server.get("disabled") is True:
            continue
        if "url" in server:
            text = f"{name}: {server['url']}"
        else:
            words = [server.get("command", ""), *server.get("args", [])]
            text = f"{name}: {' '.join(_quoted(word) for word in words)}"
        for key, joint in (("env", "="), ("headers", ": ")):
            for variable, value in server.get(key, {}).items():
                text += f"\n{variable}{joint}{_guarded(variable, value)}"
        yield ("mcpServers", name), "MCP server", text


def _quoted(word: str) -> str:
    """A word of a command so that its end can be seen."""
    import shlex

    return shlex.quote(word)


def _guarded(name: str, value: str) -> str:
    """A value, unless it is a secret; a reference to a variable is none."""
    if value.startswith("${") and value.endswith("}") and ":-" not in value:
        return value
    return "***" if any(word in name.upper() for word in _SECRET_WORDS) else value


def _settings(node: Node, value: Any, path: jsonc.Path, within: str) -> Iterator[_Row]:
    """What a settings object has that loosens.

    Args:
        within: The environment that the object is for; empty for the file itself.
    """
    rule = node.rule
    if path and path[0] == "environments" and len(path) == 2 and not within:
        within = str(path[1])
    if rule is None:
        for key, member in cast("Mapping[str, Any]", value).items() if isinstance(value, dict) else ():
            below = node.properties.get(key, node.values)
            if below is not None:
                yield from _settings(below, member, (*path, key), within)
        return
    if rule.levels and not {"project", "folder"} & set(rule.levels):
        return  # not honoured from a repository, trusted or not
    for at, kind, text in _loosening(node, rule, value, path, within):
        yield at, kind, f"{text} (in the environment {within})" if within else text


def _loosening(node: Node, rule: Rule, value: Any, path: jsonc.Path, within: str) -> Iterator[_Row]:
    key = jsonc.dotted(path[2:] if within else path)
    if key.startswith("hooks."):
        yield from _hooks({str(path[-1]): value}, path[:-1])
    elif rule.merge is Merge.STRICTEST:
        if _is_looser(rule, value):
            yield path, "setting", f"{key}: {_plain(value)}"
    elif rule.trusted_only or rule.merge is Merge.UNION_IF_TRUSTED:
        for step, entry in _entries(value):
            text = _entry(rule, key, step, entry)
            if text is not None:
                shown = text if key in _KINDS else f"{key}: {text}"
                yield (*path, *step), _KINDS.get(key, "setting"), shown


def _entries(value: Any) -> Iterator[tuple[jsonc.Path, Any]]:
    if isinstance(value, list):
        yield from (((index,), item) for index, item in enumerate(cast("list[Any]", value)))
    elif isinstance(value, dict):
        yield from (((key,), item) for key, item in cast("dict[str, Any]", value).items())
    else:
        yield (), value


def _entry(rule: Rule, key: str, step: jsonc.Path, entry: Any) -> str | None:
    """An entry's text; None for one that switches something off."""
    if rule.off is not None:
        member, off = rule.off
        if (cast("dict[str, Any]", entry).get(member) if member else entry) == off:
            return None
    if key == "customModels":
        model = cast("dict[str, Any]", entry)
        address = model.get("baseUrl", f"{model['provider']}, at its usual address")
        # A key of the person's that goes to an address of the repository's choice is what matters here.
        keys = ", ".join(
            f"{name}}}"
            for name in _VARIABLE.findall(json.dumps([model.get("apiKey"), model.get("extraHeaders")]))
        )
        text = f"{model.get('id') or model['model']}: {model['model']} at {address}"
        return f"{text}, which is sent {keys}" if keys else text
    if step and isinstance(step[0], str):
        return step[0] if entry is True else f"{step[0]}: {_plain(entry)}"
    return _plain(entry)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_looser(rule: Rule, value: Any) -> bool:
    """Whether a value is looser than what holds without it; where that is unknown, than the safest."""
    if rule.spread:
        values = (
            cast("dict[str, Any]", value) if isinstance(value, dict) else dict.fromkeys(rule.spread, value)
        )
        default = cast("Mapping[str, Any]", rule.default or {})
        return any(_is_above(rule, one, default.get(key)) for key, one in values.items())
    return _is_above(rule, value, rule.default)


def _is_above(rule: Rule, value: Any, default: Any) -> bool:
    if value not in rule.safest:
        return False
    limit = rule.safest.index(default) if default in rule.safest else 0
    return rule.safest.index(value) > limit
