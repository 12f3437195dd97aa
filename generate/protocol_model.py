"""The wire protocol as data: what the types in `droid.lsp.protocol*` say, for the writers of other languages.

Only what JSON can say is understood; a type that cannot be is refused, and so is one that nothing names.
"""

import collections.abc
import inspect
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from droid.lsp import protocol, protocol_results, protocol_review, protocol_updates
from droid.lsp.arguments import Kind, Parameter
from droid.lsp.negotiation import API
from droid.lsp.protocol import METHODS, RESULTS, Direction, Method
from droid.lsp.verbs import VERBS, Verb

_MODULES = (protocol, protocol_updates, protocol_review, protocol_results)


class NotJson(Exception):
    """A type cannot be said in JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """`string`, `integer`, `number`, `boolean`, `null`, or `any`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """One of some texts."""

    values: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    item: "Type"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf:
    """An object whose keys are not known beforehand."""

    value: "Type"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A type of `Protocol.types` or, for `SessionUpdate`, all of `Protocol.updates`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyOf:
    options: "Sequence[Type]"


Type = Scalar | Values | ListOf | MapOf | Named | AnyOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One key of an object.

    Attributes:
        about: May be empty.
        required: It is always there.
    """

    name: str
    type: Type
    about: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """One type, with a sentence on what it is."""

    name: str
    about: str
    fields: Sequence[Field]

    @property
    def literals(self) -> Iterator[tuple[str, Sequence[str]]]:
        """The fields that are one of a few texts, with those; a kind that is fixed is none of them."""
        for field in self.fields:
            values = [value for part in _parts(field.type) for value in _values(part)]
            if len(values) > 1:
                yield field.name, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A verb with its types.

    Attributes:
        argument: The name of the type of its one argument; None where it takes none.
    """

    verb: Verb
    argument: str | None
    result: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A method that the server sends."""

    method: Method
    params: Type | None
    result: Type | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """All of it.

    Attributes:
        types: By module, in the order of the source.
        updates: The names of the types of updates, by kind.
        arguments: The types of what verbs take.
    """

    api: int
    types: Mapping[str, Sequence[Object]]
    updates: Mapping[str, str]
    arguments: Sequence[Object]
    calls: Sequence[Call]
    sent: Sequence[Sent]


def read() -> Protocol:
    """Read the sources.

    Raises:
        NotJson: a type cannot be sent.
    """
    modules = {module.__name__.rpartition(".")[2]: _objects(module) for module in _MODULES}
    kinds = {_kind(one): one.__name__ for one in get_args(protocol_updates.SessionUpdate)}
    calls: list[Call] = []
    arguments: list[Object] = []
    for verb in VERBS.values():
        argument = _argument(verb) if verb.parameters else None
        if argument is not None:
            arguments.append(argument)
        name = argument.name if argument is not None else None
        calls.append(Call(verb=verb, argument=name, result=type_of(RESULTS[verb.command])))
    return Protocol(
        api=API,
        types=modules,
        updates=kinds,
        arguments=arguments,
        calls=calls,
        sent=[
            Sent(method=one, params=_maybe(one.params), result=_maybe(one.result))
            for one in METHODS
            if one.direction is Direction.TO_CLIENT
        ],
    )


def type_of(given: Any) -> Type:
    """A Python annotation as a type of the wire.

    Raises:
        NotJson: it is none.
    """
    if given in _SCALARS:
        return Scalar(name=_SCALARS[given])
    if is_typeddict(given):
        return Named(name=given.__name__)
    if given == protocol_updates.SessionUpdate:
        return Named(name="SessionUpdate")
    origin, inner = get_origin(given), get_args(given)
    if origin is NotRequired:
        return type_of(inner[0])
    if origin is Literal:
        return Values(values=inner)
    if origin is collections.abc.Sequence:
        return ListOf(item=type_of(inner[0]))
    if origin is collections.abc.Mapping:
        return MapOf(value=type_of(inner[1]))
    if origin in (Union, types.UnionType):
        return AnyOf(options=[type_of(one) for one in inner])
    raise NotJson(str(given))


def short(command: str) -> str:
    """`sessionNew` for `droid.session.new`, and for `droid/session/new`."""
    first, *rest = re.split(r"[./]", command)[1:]
    return first + "".join(part[0].upper() + part[1:] for part in rest)


def _objects(module: types.ModuleType) -> Sequence[Object]:
    return [
        _object(value)
        for value in vars(module).values()
        if is_typeddict(value) and value.__module__ == module.__name__
    ]


def _object(given: Any) -> Object:
    about, fields = _words(given)
    hints = get_type_hints(given, include_extras=True)
    return Object(
        name=given.__name__,
        about=about,
        fields=[
            Field(
                name=name,
                type=type_of(hint),
                about=fields.get(name, ""),
                required=name in given.__required_keys__,
            )
            for name, hint in hints.items()
        ],
    )


def _words(given: Any) -> tuple[str, Mapping[str, str]]:
    """What a docstring says of the type, and of each field."""
    about, _, attributes = inspect.cleandoc(given.__doc__ or "").partition("Attributes:\n")
    fields: dict[str, str] = {}
    name = ""
    for line in attributes.splitlines():
        if found := re.fullmatch(r"    (\w+): (.*)", line):
            name = found[1]
            fields[name] = found[2]
        elif name:
            fields[name] += " " + line.strip()
    unknown = fields.keys() - get_type_hints(given).keys()
    if unknown:
        raise NotJson(f"{given.__name__} describes what it does not have: {', '.join(sorted(unknown))}")
    return " ".join(about.split()), {key: text.strip() for key, text in fields.items()}


def _argument(verb: Verb) -> Object:
    name = short(verb.command)
    return Object(
        name=name[0].upper() + name[1:] + "Arguments",
        about=f"What `{verb.command}` takes.",
        fields=[
            Field(name=one.name, type=_parameter(one), about=one.about, required=False)
            for one in verb.parameters
        ],
    )


def _parameter(parameter: Parameter) -> Type:
    if parameter.values:
        return Values(values=parameter.values)
    if parameter.kind is Kind.LIST:
        return ListOf(item=Named(name=parameter.items) if parameter.items else Scalar(name="any"))
    return _KINDS[parameter.kind]


def _kind(update: Any) -> str:
    (kind,) = get_args(get_type_hints(update)["sessionUpdate"])
    return kind


def _maybe(given: Any) -> Type | None:
    return None if given is None else type_of(given)


def _parts(given: Type) -> Sequence[Type]:
    return given.options if isinstance(given, AnyOf) else (given,)


def _values(given: Type) -> Sequence[str]:
    return given.values if isinstance(given, Values) else ()


_SCALARS: Mapping[Any, str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "any",
}
_KINDS: Mapping[Kind, Type] = {
    Kind.TEXT: Scalar(name="string"),
    Kind.FLAG: Scalar(name="boolean"),
    Kind.LINE: Scalar(name="integer"),
    Kind.RANGE: Named(name="Range"),
    Kind.DIAGNOSTICS: ListOf(item=Named(name="GivenDiagnostic")),
    Kind.OBJECT: MapOf(value=Scalar(name="any")),
}
