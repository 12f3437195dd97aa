"""What LSP4IJ makes of a template folder and of its installer, as far as a template can be got wrong.

Written from what its loader and its tasks read (0.20): only these files, only these keys, one task to an
object, a program that is still running when its time is up counts as a success, and a message is a failure.

Source: https://github.com/redhat-developer/lsp4ij/blob/main/docs/UserDefinedLanguageServerTemplate.md
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILES = frozenset(
    {"template.json", "settings.json", "settings.schema.json", "initializationOptions.json"}
    | {
        "experimental.json",
        "clientSettings.json",
        "workspaceFolderSettings.json",
        "installer.json",
        "README.md",
    }
)
_SYSTEMS = frozenset({"default", "windows", "linux", "mac", "unix"})
_TEMPLATE: Mapping[str, type] = {
    "id": str,
    "name": str,
    "url": str,
    "programArgs": dict,
    "workingDir": str,
    "expandConfiguration": bool,
    "env": dict,
    "disablePromotionFor": list,
    "fileTypeMappings": list,
    "languageMappings": list,
}
_CLIENT = frozenset(
    {"caseSensitive", "lineCommentPrefix", "blockCommentPrefix", "blockCommentSuffix"}
    | {"statementTerminatorCharacters", "uriSupport", "completion", "breadcrumbs", "editor", "format"}
    | {"references", "workspaceSymbol", "jsonRpc"}
)
_ROOTS = frozenset({"PROJECT_BASE", "SOURCE_ROOTS", "NONE"})
_INSTALLER: Mapping[str, type] = {
    "id": str,
    "name": str,
    "executeOnStartServer": bool,
    "properties": dict,
    "check": dict,
    "run": dict,
}
_EVERY_TASK = frozenset({"id", "name", "onSuccess", "onFail"})
_TASKS: Mapping[str, frozenset[str]] = {
    "exec": frozenset({"command", "workingDir", "timeout", "ignoreStderr"}),
    "configureServer": frozenset({"command"}),
    "showMessage": frozenset({"content", "actions"}),
}


class Unread(Exception):
    """Something is in the folder that the loader does not read, or would read otherwise than meant."""


def load(folder: Path) -> dict[str, Any]:
    """The files of a template, by name, JSON parsed.

    Raises:
        Unread: it is not what the loader reads.
    """
    _all_in({path.name for path in folder.iterdir()}, FILES, "the folder")
    found: dict[str, Any] = {
        path.name: json.loads(path.read_text()) if path.suffix == ".json" else path.read_text()
        for path in folder.iterdir()
    }
    _check_template(found["template.json"])
    _check_installer(found["installer.json"])
    _all_in(found["clientSettings.json"], _CLIENT, "clientSettings.json")
    roots = found["workspaceFolderSettings.json"]
    _all_in(roots, {"rootType", "lazy", "markers"}, "workspaceFolderSettings.json")
    if roots.get("rootType") not in _ROOTS:
        raise Unread("rootType")
    return found


def _check_template(template: Mapping[str, Any]) -> None:
    _typed(template, _TEMPLATE, "template.json")
    _all_in(template["programArgs"], _SYSTEMS, "programArgs")
    if not template["programArgs"]["default"]:
        raise Unread("programArgs")
    _all_in(template.get("env", {}), {"includeSystemEnvironmentVariables", "variables"}, "env")
    for mapping in template.get("fileTypeMappings", ()):
        _all_in(mapping, {"fileType", "languageId"}, "fileTypeMappings")
        _all_in(mapping["fileType"], {"name", "patterns"}, "fileType")
        for pattern in mapping["fileType"].get("patterns", ()):
            if "/" in pattern:
                raise Unread(f"{pattern}: patterns are of names, not of paths")
    for mapping in template.get("languageMappings", ()):
        _all_in(mapping, {"language", "languageId"}, "languageMappings")


def _check_installer(installer: Mapping[str, Any]) -> None:
    _typed(installer, _INSTALLER, "installer.json")
    for name in ("check", "run"):
        _check_task(installer[name], name)


def _check_task(task: Mapping[str, Any], where: str) -> None:
    if len(task) != 1:
        raise Unread(f"{where}: of several tasks only the first is read")
    ((kind, content),) = task.items()
    _all_in({kind}, _TASKS, where)
    _all_in(content, _EVERY_TASK | _TASKS[kind], f"{where}.{kind}")
    if "command" in _TASKS[kind]:
        command = content["command"]
        if isinstance(command, Mapping):
            _all_in(command, _SYSTEMS, f"{where}.command")
        elif kind == "configureServer" and not isinstance(command, str):
            raise Unread(f"{where}: the command of a server is a text")
    for name in ("onSuccess", "onFail"):
        if name in content:
            _check_task(content[name], f"{where}.{name}")


def _typed(value: Mapping[str, Any], types: Mapping[str, type], where: str) -> None:
    _all_in(value, types, where)
    for key, kind in types.items():
        if key in value and not isinstance(value[key], kind):
            raise Unread(f"{where}: {key} is not of type {kind.__name__}")


def _all_in(keys: Any, known: Any, where: str) -> None:
    if unknown := set(keys) - set(known):
        raise Unread(f"{where}: {', '.join(sorted(unknown))}")


@dataclass(slots=True, kw_only=True)
class Installing:
    """A run of an installer on some machine.

    Attributes:
        home: The person's home folder, `$USER_HOME$`.
        path: Where programs are looked for.
        server: The server's command as it is configured now.
        messages: What the person was shown.
        patience_s: Stands in for every `timeout`, so that nobody waits for it.
    """

    home: Path
    path: str
    server: str
    patience_s: float = 1.0
    messages: list[str] = field(default_factory=list[str])
    properties: Mapping[str, str] = field(default_factory=dict[str, str])

    def run(self, installer: Mapping[str, Any], name: str) -> bool:
        """Run `check` or `run`; whether it ended well."""
        self.properties = installer.get("properties", {})
        return self._do(installer[name])

    def _do(self, task: Mapping[str, Any]) -> bool:
        ((kind, content),) = task.items()
        done = {"exec": self._exec, "configureServer": self._configure, "showMessage": self._show}[kind](
            content
        )
        following = content.get("onSuccess" if done else "onFail")
        return done if following is None else self._do(following)

    def _exec(self, task: Mapping[str, Any]) -> bool:
        command: str | Sequence[str] = task["command"]
        if command == "${server.command}":
            command = self.server
        words = command.split(" ") if isinstance(command, str) else command
        folder = Path(self._macros(self._values(task["workingDir"]))) if "workingDir" in task else self.home
        folder.mkdir(parents=True, exist_ok=True)
        env = {"PATH": self.path, "HOME": str(self.home), "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        try:
            # Programs are looked for on the PATH that they are given, not on ours.
            program = self._macros(words[0])
            argv = [program, *map(self._macros, words[1:])]
            process = subprocess.Popen(
                ["/usr/bin/env", *argv],
                cwd=folder,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            try:
                # Its input stays open, so that a server waits for what never comes.
                process.wait(self.patience_s if "timeout" in task else 60)
            except subprocess.TimeoutExpired:
                return True
            finally:
                process.kill()
                _, errors = process.communicate()
        except OSError:
            return False
        return process.returncode == 0 and (task.get("ignoreStderr", False) or not errors)

    def _configure(self, task: Mapping[str, Any]) -> bool:
        self.server = self._values(task["command"])
        return True

    def _show(self, task: Mapping[str, Any]) -> bool:
        self.messages.append(f"{task['name']}: {' '.join(task['content'])}")
        return False

    def _values(self, text: str) -> str:
        for name, value in self.properties.items():
            text = text.replace(f"${{{name}}}", value)
        return text

    def _macros(self, text: str) -> str:
        return text.replace("$USER_HOME$", str(self.home))
