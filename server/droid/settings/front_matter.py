"""Reads the YAML between two `---` lines at the top of a droid, a command or a skill.

What is read are plain data with a place for each value. YAML's own surprises are refused rather than
decided, as in `jsonc`: a key given twice, an alias (a few of them make gigabytes), a tag.

Source: https://yaml.org/spec/1.2.2/ and https://docs.factory.ai/cli/configuration/custom-droids
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from droid.settings.jsonc import MAX_DEPTH, MalformedJson, Path, Place, shown

if TYPE_CHECKING:
    import yaml

_FENCE = re.compile(r"---[ \t]*\r?$")
_SCALARS = {
    "tag:yaml.org,2002:str",
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
    "tag:yaml.org,2002:timestamp",
}
_PLAIN_TEXT = {"tag:yaml.org,2002:str", "tag:yaml.org,2002:timestamp"}
_WORDS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """What stands at the top of a file, and the rest of it.

    Attributes:
        values: Empty where there is no front matter.
        keys, places: Where each key and each value stands; lines and columns from 1.
        body_line: The first line of the body, from 1.
    """

    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    keys: Mapping[Path, Place] = field(default_factory=dict[Path, Place])
    places: Mapping[Path, Place] = field(default_factory=dict[Path, Place])
    body: str = ""
    body_line: int = 1

    def place(self, path: Path) -> Place:
        """Where a key stands, or the nearest thing around it."""
        while path and path not in self.keys and path not in self.places:
            path = path[:-1]
        return self.keys.get(path) or self.places.get(path) or Place(line=1, column=1)


def parse(text: str) -> FrontMatter:
    """Read a file's text.

    Raises:
        MalformedJson: the front matter is not closed, or not such YAML; with the place.
    """
    text = text.removeprefix("\ufeff")
    lines = text.split("\n")
    if not _FENCE.match(lines[0]):
        return FrontMatter(body=text)
    end = next((n for n, line in enumerate(lines[1:], 1) if _FENCE.match(line)), None)
    if end is None:
        raise MalformedJson("the front matter is not closed; add a line with ---", Place(line=1, column=1))
    reader = _Reader()
    values = reader.read("".join(f"{line}\n" for line in lines[1:end]))
    return FrontMatter(
        values=values,
        keys=reader.keys,
        places=reader.places,
        body="\n".join(lines[end + 1 :]),
        body_line=end + 2,
    )


class _Mark(Protocol):
    """A place as PyYAML gives it, from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class _Reader:
    def __init__(self) -> None:
        self.keys: dict[Path, Place] = {}
        self.places: dict[Path, Place] = {}

    def read(self, text: str) -> dict[str, Any]:
        import yaml

        try:
            self._refuse_early(text)
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            reason = error.problem or error.context or "cannot be read"
            raise MalformedJson(f"the front matter is no YAML: {reason}", _place(mark)) from error
        except yaml.YAMLError as error:
            raise MalformedJson("the front matter has a character that YAML forbids", _place(None)) from error
        except RecursionError as error:
            raise MalformedJson(f"nested more than {MAX_DEPTH} deep", _place(None)) from error
        if root is None:
            return {}
        if not isinstance(root, yaml.MappingNode):
            raise MalformedJson("front matter is made of lines `key: value`", _place(root.start_mark))
        self.places[()] = _place(root.start_mark)
        return self._members(root, ())

    @staticmethod
    def _refuse_early(text: str) -> None:
        """Refuse what would take PyYAML long: aliases, and depth, whose cost grows with its square."""
        import yaml

        depth = -1  # of the front matter's own mapping, once it has begun: 0
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent):
                raise MalformedJson("an alias (*name) is not allowed here", _place(event.start_mark))
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise MalformedJson(f"nested more than {MAX_DEPTH} deep", _place(event.start_mark))

    def _value(self, node: "yaml.Node", path: Path) -> Any:
        import yaml

        if len(path) > MAX_DEPTH:
            raise MalformedJson(f"nested more than {MAX_DEPTH} deep", _place(node.start_mark))
        self.places[path] = _place(node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._members(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _members(self, node: "yaml.MappingNode", path: Path) -> dict[str, Any]:
        import yaml

        members: dict[str, Any] = {}
        for key, value in node.value:
            place = _place(key.start_mark)
            if not isinstance(key, yaml.ScalarNode) or key.tag not in _SCALARS:
                raise MalformedJson("a key is a plain text", place)
            name = str(key.value)
            inner = (*path, name)
            if name in members:
                first = self.keys[inner].line
                raise MalformedJson(f"the key {shown(name)} is given twice, first on line {first}", place)
            self.keys[inner] = place
            members[name] = self._value(value, inner)
        return members

    def _scalar(self, node: "yaml.Node") -> Any:
        text = str(node.value)
        if node.tag not in _SCALARS:
            raise MalformedJson("a tag (!name) is not allowed here", _place(node.start_mark))
        if node.tag in _PLAIN_TEXT:
            return text
        if node.tag.endswith(":null"):
            return None
        # YAML 1.1 takes `yes`, `on` and 1:30 for something else than what they look like.
        if node.tag.endswith(":bool"):
            return _WORDS.get(text.lower(), text)
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                continue
        return text


def _place(mark: _Mark | None) -> Place:
    """A place in the file: the YAML begins on its second line."""
    return Place(line=2, column=1) if mark is None else Place(line=mark.line + 2, column=mark.column + 1)
