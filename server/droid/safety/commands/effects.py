"""What the table says of one simple command."""

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from droid.domain.levels import Risk
from droid.safety.commands.arguments import Arguments, GivenFlag, read_arguments
from droid.safety.commands.handed_on import given_below, given_by_pipe, is_data, words_of_env
from droid.safety.commands.model import Effects, Given, Inner, InnerKind, SimpleCommand, Touch, Touched
from droid.safety.commands.operand_roles import behind_git, is_assignment, joins_otherwise, roles_of
from droid.safety.commands.rows import OperandRole, OperandRule, Program, Rating, Row, lookup
from droid.safety.commands.words import UNKNOWN, Word

_TOUCHES = {touch.value: touch for touch in Touch}
_CHANGES = frozenset({Touch.WRITE, Touch.DELETE})
_UNKNOWN_IN_SHELL = '"$droid_unknown"'
_PATHS = frozenset({"read", "write", "delete"})
_NO_FILES = frozenset({"-", "/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/stdin"})
_THIS_MACHINE = re.compile(r"localhost|127(?:\.\d+){1,3}|\[?::1\]?|0\.0\.0\.0|ip6-localhost", re.IGNORECASE)
_NAME_WITH_DATA = re.compile(rf"{UNKNOWN}[\w-]*\.\w")
_OPERATOR = re.compile(r"[|;&<>`\n]|\$\(")
_STDIN = frozenset({"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
_CODE_BY_STDIN = "what it is given on standard input decides what it does"


def effects_of(command: SimpleCommand) -> Effects:
    """Look a command up; total on any command that has a program."""
    name = command.program
    if name is None:
        return Effects(
            risk=Risk.HIGH,
            reason="the program cannot be told without running the line",
            undecidable="the program is not known",
        )
    program = lookup(name)
    if program is None:
        if (behind := behind_git(name)) is not None:
            words = (Word("git"), Word(behind), *command.words[1:])
            return Effects(
                risk=Risk.LOW,
                reason=f"{name}: stands behind git {behind}",
                inner=(Inner(kind=InnerKind.WORDS, words=words),),
            )
        return Effects(
            risk=Risk.HIGH,
            reason=f"{name} is not in the table: what it does is not known",
            operands=command.words[1:],
        )
    return _Reading(program, command, read_arguments(program, command.words[1:])).effects()


class _Reading:
    """One command with its row."""

    def __init__(self, program: Program, command: SimpleCommand, given: Arguments) -> None:
        self._program = program
        self._command = command
        self._given = given
        self._row: Row = given.row
        self._touched: list[Touched] = []
        self._inner: list[Inner] = []
        self._raised: list[Rating] = []
        self._lowered: Rating | None = None
        self._undecidable: str | None = None
        self._assignments: list[tuple[str, Word]] = list(command.assignments)
        self._unknown_words = {self._row.placeholder} - {""}
        self._inserted: tuple[Word, ...] | None = None

    def effects(self) -> Effects:
        given = self._given
        if given.helps:
            return self._told(Rating(Risk.LOW, "shows its help or version"), only_help=True)
        if given.subcommand_unknown:
            self._undecidable = given.subcommand_unknown
            for flag in given.flags:
                self._take_flag(flag, None)
            why = self._program.row.rating.why or given.subcommand_unknown
            return self._told(Rating(Risk.HIGH, why))
        for flag in given.flags:
            if flag.spec.role == "placeholder":
                self._unknown_words.add(flag.value.text if flag.value else "{}")
        made = {other: role for flag in given.flags for other, role in flag.spec.makes}
        for flag in given.flags:
            self._take_flag(flag, made.get(flag.name))
        if self._row.undecidable:
            self._undecidable = self._row.undecidable
        self._take_operands(made.get("operands"))
        self._take_variables()
        self._take_stdin()
        self._send_stdin()
        self._place_inner()
        return self._told(self._rating())

    def _told(self, rating: Rating, *, only_help: bool = False) -> Effects:
        given = self._given
        why = rating.why or {Risk.LOW: "only looks", Risk.MEDIUM: "changes things that can be undone"}.get(
            rating.risk, "is dangerous"
        )
        return Effects(
            risk=rating.risk,
            reason=f"{self._shown()}: {why}",
            row=self._row.name,
            only_help=only_help,
            touched=tuple(self._touched),
            inner=tuple(self._inner),
            flags=tuple(flag.name for flag in given.flags),
            operands=(*map(Word, given.path), *given.operands, *(given.raw or ())),
            options=tuple((flag.name, flag.value) for flag in given.flags if flag.value is not None),
            undecidable=self._undecidable,
            subcommand_only=bool(given.subcommand_unknown) and not given.subcommand_hidden,
        )

    def _shown(self) -> str:
        """The row, by the name that the program was called by."""
        called, name = self._command.program or "", self._program.name
        return called + self._row.name.removeprefix(name) if called else self._row.name

    def _rating(self) -> Rating:
        row, given = self._row, self._given
        base = row.rating
        if (
            row.bare is not None
            and not given.operands
            and not given.raw
            and not self._inner
            and self._is_bare()
        ):
            base = row.bare
        if self._lowered is not None and self._lowered.risk < base.risk:
            base = self._lowered
        worst = max([base, *self._raised], key=lambda rating: rating.risk)
        if row.runs is not None and any(touched.how is Touch.RUN for touched in self._touched):
            worst = max(worst, row.runs, key=lambda rating: rating.risk)
        if row.in_bulk is not None and self._command.many:
            worst = max(worst, row.in_bulk, key=lambda rating: rating.risk)
        deleted = [touched.word for touched in self._touched if touched.how is Touch.DELETE]
        in_bulk = self._command.many or (self._command.repeated and not all(word.known for word in deleted))
        if deleted and in_bulk:
            worst = max(worst, Rating(Risk.HIGH, "removes in bulk"), key=lambda rating: rating.risk)
        changed = next((touched for touched in self._touched if touched.how in _CHANGES), None)
        if changed is not None and worst.risk is Risk.LOW and changed.word.text not in _NO_FILES:
            return Rating(Risk.MEDIUM, f"changes {str(changed.word)[:80]}")
        if worst.risk is Risk.LOW and any(touched.how is Touch.SEND for touched in self._touched):
            return Rating(Risk.HIGH, "sends data out")
        return worst

    def _is_bare(self) -> bool:
        """A flag that is not listed may do what an operand would; a subcommand it is not."""
        return self._program.has_commands or all(flag.spec.name for flag in self._given.flags)

    # --- flags and variables ---------------------------------------------------------------------

    def _take_flag(self, flag: GivenFlag, made: OperandRole | None) -> None:
        spec = flag.spec
        if spec.rating is not None:
            self._change(spec.rating)
        if "undecidable" in spec.marks:
            self._undecidable = f"{self._row.name} {flag.name}: what it runs cannot be told"
        if spec.role in ("words", "until", "module"):
            self._take_words(flag.rest)
        elif spec.role and flag.value is not None:
            self._take(made or OperandRole(spec.role, spec.language), flag.value)

    def _take_variables(self) -> None:
        for name, value in self._assignments:
            role = self._row.variables.get(name)
            if role is not None:
                self._take(role, value)

    # --- operands --------------------------------------------------------------------------------

    def _take_operands(self, made: OperandRole | None) -> None:
        row, given = self._row, self._given
        roles = given.roles
        for word, role in zip(given.operands, roles_of(roles, len(given.operands)), strict=True):
            key, equals, value = word.text.partition("=")
            named = row.keys.get(key) or row.keys.get("*")
            if row.plus is not None and word.text.startswith("+"):
                self._take(row.plus, replace(word, text=word.text[1:]))
            elif equals and key and named is not None:
                self._take(named, Word(value, word.glob, word.may_split))
            elif role is not None:
                self._take(made if made is not None and role.role in _PATHS else role, word)
        self._match_rules()
        if self._inserted is not None:
            self._take_words((self._command.words[0], *self._inserted, *(given.raw or ())))
        elif given.raw is not None:
            role = roles[len(given.operands)].role if len(given.operands) < len(roles) else "words"
            self._take_raw(role, given.raw)

    def _match_rules(self) -> None:
        given = self._given
        raw = given.raw or ()
        words = [*given.operands, *(raw[1:] if raw and raw[0].text == "--" else raw)]
        for rule in self._row.rules:
            if len(words) < rule.least or not self._holds(rule):
                continue
            for word in given.operands if rule.at is None else words[rule.at : rule.at + 1]:
                text = word.text.lower() if self._row.any_case else word.text
                if any(fnmatchcase(text, glob) for glob in rule.patterns):
                    self._change(rule.rating)

    def _holds(self, rule: OperandRule) -> bool:
        """Whether the flags are given that the rule asks for."""
        return all(map(self._is_given, rule.given.split())) and not any(
            map(self._is_given, rule.missing.split())
        )

    def _is_given(self, wanted: str) -> bool:
        name, equals, glob = wanted.partition("=")
        spec = self._row.flags.get(name)
        name = spec.name if spec is not None else name
        return any(
            flag.name == name
            and (
                not equals or (flag.value is not None and fnmatchcase(flag.value.text.lower(), glob.lower()))
            )
            for flag in self._given.flags
        )

    def _change(self, rating: Rating) -> None:
        if rating.risk is Risk.LOW:
            self._lowered = rating
        else:
            self._raised.append(rating)

    def _take_raw(self, role: str, words: tuple[Word, ...]) -> None:
        ended = any(word.text == "--" for word in self._command.words)
        if words and words[0].text == "--":
            words = words[1:]
        match role:
            case "env-words":
                size = int(bool(words) and words[0].text == "-")
                while size < len(words) and is_assignment(words[size]):
                    name, _, value = words[size].text.partition("=")
                    self._assignments.append((name, Word(value, words[size].glob, words[size].may_split)))
                    size += 1
                self._take_words(words[size:])
            case "shell":
                text = " ".join(word.text for word in words)
                if words:
                    self._inner.append(self._shell(Word(text)))
                if words and joins_otherwise(words):
                    self._take_words(words)
            case "script":
                is_shell = self._row.stdin is not None and self._row.stdin.role == "shell"
                if is_shell and not ended and words and words[0].text == "-" and self._sees_stdin():
                    words, ended = words[1:], True  # to a shell, `-` ends its options
                dash_is_file = is_shell and ended and bool(words) and words[0].text == "-"
                if words and (dash_is_file or not (words[0].text in _STDIN and self._sees_stdin())):
                    self._touched.append(Touched(Touch.RUN, words[0]))
            case "value":  # arguments of code that a flag gives: `python -c '…' x`
                pass
            case _:
                self._take_words(words)

    def _take_words(self, words: Sequence[Word]) -> None:
        """An inner command in words."""
        if not words:
            return
        if self._given.splits or words[0].may_split:
            self._undecidable = "an unquoted expansion decides what runs"
        made = tuple(self._filled(word) for word in words)
        if self._row.many and made == tuple(words):
            made = (*made, Word(UNKNOWN, may_split=True))
        self._inner.append(
            Inner(
                kind=InnerKind.WORDS,
                words=made,
                assignments=tuple(self._assignments),
                unknown_arguments=self._row.many or self._command.many,
            )
        )

    def _filled(self, word: Word) -> Word:
        """With its placeholders unknown."""
        text = word.text
        for placeholder in self._unknown_words:
            text = text.replace(placeholder, UNKNOWN)
        return word if text == word.text else Word(text, word.glob, word.may_split)

    def _shell(self, text: Word) -> Inner:
        made = text
        for placeholder in self._unknown_words:  # who offers them to a shell quotes what they stand for
            made = replace(made, text=made.text.replace(placeholder, _UNKNOWN_IN_SHELL))
        if self._row.many and made == text:
            made = Word(f"{text.text} {_UNKNOWN_IN_SHELL}")
        return Inner(
            kind=InnerKind.SHELL,
            text=made,
            assignments=tuple(self._assignments),
            unknown_arguments=self._row.many or self._command.many,
        )

    # --- roles -----------------------------------------------------------------------------------

    def _take(self, role: OperandRole, word: Word) -> None:
        if role.role in ("run", "script") and word.text in _STDIN and self._sees_stdin():
            return  # what is run is read by `_take_stdin`
        touch = _TOUCHES.get(role.role)
        if touch is not None:
            self._touched.append(Touched(touch, word))
            return
        match role.role:
            case "shell":
                self._take_shell(word)
            case "code" if role.language == "shell":
                self._take_shell(word)
            case "code":
                self._inner.append(
                    Inner(kind=InnerKind.CODE, text=self._filled(word), language=role.language)
                )
            case "script":
                self._touched.append(Touched(Touch.RUN, word))
            case "name":
                self._take_name(word)
            case "env-string":
                self._inserted = words_of_env(word)
                if _OPERATOR.search(word.text):  # no shell reads it, but its writer may mean one
                    self._take_shell(word)
            case "assign":
                name, _, value = word.text.partition("=")
                self._assignments.append((name, Word(value, word.glob, word.may_split)))
            case "data":
                self._take_data(word)
            case "query":
                self._take_file_of(word)
            case "mount":
                self._take_mount(word)
            case _:
                pass

    def _take_shell(self, word: Word) -> None:
        if word.text not in ("", "-"):  # `trap - EXIT`
            self._inner.append(self._shell(word))

    def _take_name(self, word: Word) -> None:
        """A name that others are asked about, and so are told."""
        if _NAME_WITH_DATA.search(word.text):
            self._raised.append(Rating(Risk.HIGH, "hands out data in the name of a machine"))
        elif not word.known:
            self._raised.append(Rating(Risk.MEDIUM, "asks others about a name that is not known"))

    def _take_mount(self, word: Word) -> None:
        """What a container may change: `HOST:CONTAINER` or `type=bind,source=HOST,target=CONTAINER`."""
        keyed = {key: value for key, _, value in (part.partition("=") for part in word.text.split(","))}
        host, colon, _ = word.text.partition(":")
        if not keyed.keys().isdisjoint(("target", "dst", "destination")):
            host = keyed.get("source", keyed.get("src", ""))
        elif not colon:
            return
        if "/" in host or host.startswith((".", "~")):
            self._touched.append(Touched(Touch.WRITE, Word(host, word.glob)))

    def _take_data(self, word: Word) -> None:
        """Data of a request: a text, or `@file`."""
        self._raised.append(Rating(Risk.HIGH, "sends data out"))
        self._take_file_of(word)

    def _take_file_of(self, word: Word) -> None:
        _, at, file = word.text.rpartition("@")
        if at and file:
            self._touched.append(Touched(Touch.SEND, Word(file, word.glob, word.may_split)))

    # --- standard input --------------------------------------------------------------------------

    def _sees_stdin(self) -> bool:
        text = self._command.stdin_text
        return self._row.stdin is not None and text is not None and text.known

    def _take_stdin(self) -> None:
        row, command, given = self._row, self._command, self._given
        forced = row.stdin_always or any("stdin" in flag.spec.marks for flag in given.flags)
        role = row.stdin
        if role is None:
            return
        named = [] if role.repeated else [word for word in given.operands if word.text not in _STDIN]
        ran = any(one.how is Touch.RUN and one.word.text not in _STDIN for one in self._touched)
        if not forced and (self._inner or named or ran):
            return
        if command.stdin_text is not None:
            self._take(role, command.stdin_text)
        elif command.stdin_from:
            self._undecidable = f"{row.name} runs what a pipe gives it"
            self._raised.append(Rating(Risk.HIGH, "runs what a pipe gives it"))
        elif any(one.kind.value == "read" and one.target.text != "/dev/null" for one in command.redirects):
            self._undecidable = f"{row.name} runs a file that cannot be seen"
            self._raised.append(Rating(Risk.HIGH, "runs a file that cannot be seen"))

    def _send_stdin(self) -> None:
        """What is piped into a program that talks to another machine leaves this one."""
        closed = any("no-stdin" in flag.spec.marks for flag in self._given.flags)
        if self._row.sends_stdin and not closed and self._is_elsewhere() and is_data(self._command):
            self._raised.append(Rating(Risk.HIGH, "sends what it is given to another machine"))

    # --- where inner commands run, and for what --------------------------------------------------

    def _is_elsewhere(self) -> bool:
        hosts = [touched.word.text for touched in self._touched if touched.how is Touch.HOST]
        return not (hosts and _THIS_MACHINE.fullmatch(hosts[-1].rpartition("@")[2]))

    def _place_inner(self) -> None:
        at_home = self._row.remote and not self._is_elsewhere()
        given = self._many_things() if self._row.many else ()
        self._inner = [
            replace(
                one,
                remote=self._command.remote or (self._row.remote and not at_home),
                at_home=at_home,
                given=given,
            )
            for one in self._inner
        ]

    def _many_things(self) -> tuple[Given, ...]:
        """What a program that runs another for many things runs it for."""
        if not any(role.role == "read" for role in self._row.operands):
            return given_by_pipe(self._command, effects_of)
        options = {flag.name: flag.value for flag in self._given.flags if flag.value is not None}
        return given_below(self._touched, options, self._command)
