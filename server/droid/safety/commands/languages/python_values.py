"""What Python expressions stand for, as far as it stands in the code: strings, paths, dotted names."""

import ast
from collections import Counter

from droid.safety.commands.words import UNKNOWN

_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"})
_SAME_TEXT = frozenset(
    {
        "os.path.expanduser",
        "os.path.abspath",
        "os.path.realpath",
        "os.path.normpath",
        "os.fspath",
        "os.fsencode",
    }
)
_SAME_METHODS = frozenset(
    {"absolute", "as_posix", "decode", "encode", "expanduser", "resolve", "strip", "format"}
)
_DEEPEST = 40
_MOST_STEPS = 20_000
_LONGEST_TEXT = 4_096


class Values:
    """The names of a module and what they are bound to."""

    def __init__(self, tree: ast.AST) -> None:
        self.imported: dict[str, set[str]] = {}
        self._bound: dict[str, ast.expr] = {}
        self._steps = 0
        bindings = Counter[str]()
        for node in ast.walk(tree):
            match node:
                case ast.Import():
                    for alias in node.names:
                        self._import(alias.asname or alias.name.partition(".")[0], alias)
                case ast.ImportFrom():
                    for alias in node.names:
                        name = f"{'.' * node.level}{node.module or ''}.{alias.name}"
                        self.imported.setdefault(alias.asname or alias.name, set()).add(name)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    self._bound[name] = value
                case ast.NamedExpr(target=ast.Name(id=name), value=value):
                    self._bound[name] = value
                case (
                    ast.Name(id=name, ctx=ast.Store()) | ast.Name(id=name, ctx=ast.Del()) | ast.arg(arg=name)
                ):
                    bindings[name] += 1
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    bindings[name] += 2
                case ast.ExceptHandler(name=str(name)):
                    bindings[name] += 2
                case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                    bindings[name] += 2
                case _:
                    pass
        for name in [name for name in self._bound if bindings[name] > 1 or name in self.imported]:
            del self._bound[name]

    def _import(self, name: str, alias: ast.alias) -> None:
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        self.imported.setdefault(name, set()).add(dotted)

    def dotted(self, node: ast.expr, depth: int = 0) -> frozenset[str]:
        """The names of the library that an expression may stand for; empty where it stands for none.

        `getattr(os, "system")` and `__import__("os").system` are followed; builtins stand for themselves.
        """
        if depth > _DEEPEST:
            return frozenset({"?"})
        match node:
            case ast.Name(id=name):
                found = self.imported.get(name)
                if found is not None:
                    return frozenset(found)
                bound = self._bound.get(name)
                if bound is not None and isinstance(bound, ast.Name | ast.Attribute | ast.Call):
                    return self.dotted(bound, depth + 1)
                return frozenset({f"builtins.{name}"}) if name in _BUILTINS else frozenset[str]()
            case ast.Attribute(value=value, attr=attr):
                return frozenset(f"{base}.{attr}" for base in self.dotted(value, depth + 1))
            case ast.Call(func=ast.Name(id="getattr"), args=[base, ast.Constant(value=str(attr)), *_]):
                return frozenset(f"{one}.{attr}" for one in self.dotted(base, depth + 1))
            case ast.Call(func=func, args=[ast.Constant(value=str(name)), *_]) if self.dotted(
                func, depth + 1
            ) & {
                "builtins.__import__",
                "importlib.import_module",
                "importlib.__import__",
            }:
                return frozenset({name})
            case _:
                return frozenset()

    def text(self, node: ast.AST | None, depth: int = 0) -> str:
        """A string or path, with `UNKNOWN` for what would only be known at run time."""
        # Names that are made of names could be followed for ever.
        self._steps += 1
        if node is None or depth > _DEEPEST or self._steps > _MOST_STEPS:
            return UNKNOWN
        text = self._text(node, depth)
        return text if len(text) <= _LONGEST_TEXT else UNKNOWN

    def _text(self, node: ast.AST, depth: int) -> str:
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Constant(value=bytes(raw)):
                return raw.decode("latin-1")
            case ast.Constant(value=int() | float() as number):
                return str(number)
            case ast.JoinedStr(values=pieces):
                return "".join(self.text(piece, depth + 1) for piece in pieces)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.text(left, depth + 1) + self.text(right, depth + 1)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return _joined([self.text(left, depth + 1), self.text(right, depth + 1)])
            case ast.Name(id=name) if name in self._bound:
                return self.text(self._bound[name], depth + 1)
            case ast.Attribute(value=value, attr="parent"):
                return _joined([self.text(value, depth + 1), ".."])
            case ast.Subscript(value=value, slice=ast.Constant(value="HOME")) if self._is(
                value, "os.environ"
            ):
                return "~"
            case ast.Call(func=func, args=args):
                return self._call_text(func, args, depth)
            case _:
                return UNKNOWN

    def _call_text(self, func: ast.expr, args: list[ast.expr], depth: int) -> str:
        names = self.dotted(func)
        if names & _PATHS:
            return _joined([self.text(arg, depth + 1) for arg in args]) if args else "."
        if "os.path.join" in names:
            return _joined([self.text(arg, depth + 1) for arg in args])
        if names & _SAME_TEXT or "builtins.str" in names:
            return self.text(args[0] if args else None, depth + 1)
        if names & {"os.getcwd", "pathlib.Path.cwd"}:
            return "."
        if names & {"pathlib.Path.home"}:
            return "~"
        if names & {"os.getenv", "os.environ.get"}:
            return "~" if args and self.text(args[0]) == "HOME" else UNKNOWN
        match func:
            case ast.Attribute(value=ast.Constant(value=str(glue)), attr="join") if args:
                match args[0]:
                    case ast.List(elts=parts) | ast.Tuple(elts=parts):
                        return glue.join(self.text(part, depth + 1) for part in parts)
                    case _:
                        return UNKNOWN
            case ast.Attribute(value=value, attr="format"):
                return UNKNOWN + self.text(value, depth + 1) + UNKNOWN
            case ast.Attribute(value=value, attr="joinpath"):
                return _joined([self.text(one, depth + 1) for one in (value, *args)])
            case ast.Attribute(value=value, attr=attr) if attr in _SAME_METHODS:
                return self.text(value, depth + 1)
            case _:
                return UNKNOWN

    def _is(self, node: ast.expr, name: str) -> bool:
        return name in self.dotted(node)

    def words(self, node: ast.AST | None) -> list[str] | None:
        """The words of a list of strings; None where it is no list that stands in the code."""
        match node:
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                return [UNKNOWN if isinstance(one, ast.Starred) else self.text(one) for one in elements]
            case ast.Name(id=name) if name in self._bound and not isinstance(self._bound[name], ast.Name):
                return self.words(self._bound[name])
            case ast.Call(func=ast.Attribute(value=value, attr="split"), args=[], keywords=[]):
                text = self.text(value)
                return text.split() if UNKNOWN not in text else None
            case _:
                return None


_BUILTINS = frozenset(
    {"__import__", "__builtins__", "__loader__", "__spec__", "__build_class__", "breakpoint", "compile",
     "delattr",
     "eval", "exec", "execfile", "file", "getattr", "globals", "locals", "open", "reload", "setattr",
     "str", "vars"}
)  # fmt: skip


def _joined(parts: list[str]) -> str:
    """Parts of a path; one that starts at the root makes those before it void."""
    path = ""
    for part in parts:
        path = part if part.startswith(("/", "~")) or not path else f"{path.rstrip('/')}/{part}"
    return path
