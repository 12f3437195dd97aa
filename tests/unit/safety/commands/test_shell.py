"""What really runs in a line of shell: quoting, expansion, nesting, redirections, pipes."""

import pytest

from droid.safety.commands.shell import read_shell
from droid.safety.commands.shell_state import ShellReading, Surroundings


def read(text: str) -> ShellReading:
    return read_shell(text, Surroundings(home="/home/ada", arguments_are_empty=True))


def shown(text: str) -> list[str]:
    """Each command's words, joined by one space."""
    return [" ".join(map(str, command.words)) for command in read(text).commands if command.words]


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("ls", ["ls"]),
        ("  ls   -l  ", ["ls -l"]),
        ("a; b & c\nd", ["a", "b", "c", "d"]),
        ("a && b || c", ["a", "b", "c"]),
        ("! a", ["a"]),
        ("a | b |& c", ["a", "b", "c"]),
        ("(a; { b; })", ["a", "b"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("while a; do b; done; until c; do d; done", ["a", "b", "c", "d"]),
        ("for i in x y; do a $i; done", ["a …"]),
        ("for i in x; do a $i; done", ["a x"]),
        ("case $x in a|b) c;; *) d;; esac", ["c", "d"]),
        ("f() { a; }; f", ["a"]),
        ("function f { a; }", ["a"]),
        ("a $(b $(c)) `d \\`e\\``", ["c", "b …", "e", "d …", "a … …"]),
        ("a <(b) >(c)", ["b", "c", "a /dev/fd/63 /dev/fd/63"]),
        ('a "x $(b) y"', ["b", "a x … y"]),
        ("a 'x $(b) y'", ["a x $(b) y"]),
        ("a <<E\n$(b) `c`\nE", ["b", "c", "a"]),
        ("a <<'E'\n$(b) `c`\nE", ["a"]),
        ("a <<< \"$(b)\"", ["b", "a"]),
        ("[[ -n $(a) && -f x ]] && b", ["a", "[[ -n -f x", "b"]),
        ("[ -f x ] || (cd y; z)", ["[ -f x", "cd y", "z"]),
        ("echo $((1 + $(a)))", ["a", "echo …"]),
        ("a=$(b)", ["b"]),
        ("a=1 b", ["b"]),
        ("export A=$(b)", ["b", "export A=…"]),
        ("a # b $(c)", ["a"]),
        ("time { a; }", ["time { a"]),
        ("a <<E\n  $(b) ${c}\nE", ["a", "b"]),
        ("a <<-E\n\n\t$(b) `c`\n\tE", ["a", "b", "c"]),
        ("a 2>/dev/null -b c", ["a -b c"]),
        ("a 2>&1 b", ["a b"]),
        ("a 2>&- b", ["a b"]),
        ("a 0<f b {x}>g c", ["a b c"]),
        ("a - 2>&1 b | c", ["a - b", "c"]),
        ("a -b - <<E\nx\nE", ["a -b -"]),
        ("a > f b < g c", ["a b c"]),
        ("a | b 2>/dev/null c", ["a", "b c"]),
        ("a && ! b >&2 $(c)", ["a", "b …", "c"]),
        ("a <<E -b\nx\nE", ["a -b"]),
        ("a <<< x -b", ["a -b"]),
        ("time (a; b)", ["a", "b", "time"]),
        ("time for x in 1; do a; done", ["a", "time"]),
        ("{a,-x,b}", ["a -x b"]),
        ('a "$(b) $(c)"', ["a … …", "b", "c"]),
        ("a `b` `c`", ["a …", "b", "c"]),
        ("a 'time (b)'", ["a time (b)"]),
        ("cat <<E | sh\nrm x\nE", ["cat", "sh"]),
        ("cat <<E > f && ls\nx\nE", ["cat", "ls"]),
    ],
)  # fmt: skip
def test_every_command_is_found(text: str, commands: list[str]) -> None:
    assert sorted(shown(text)) == sorted(commands), read(text).undecidable


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (r"r\m", "rm"), ("r''m", "rm"), ('"r"m', "rm"), ("$'rm'", "rm"), (r"$'\x72\155'", "rm"), ("r\\\nm", "rm"),
        (r"$'r\u006d'", "rm"), ("'r m'", "r m"), ("${HOME}/x", "/home/ada/x"), ("~/x", "/home/ada/x"),
        ("a~", "a~"), ('"~"', "~"), (r"\~", "~"), ("~root/x", "…/x"), ("x$1y", "xy"), ('"$@"x', "x"),
        ("$x", "…"), ('"a${x}b"', "a…b"), ("{a}", "{a}"), ('"{a,b}"', "{a,b}"), (r"\{a,b}", "{a,b}"),
    ],
)  # fmt: skip
def test_words_lose_their_quotes(text: str, word: str) -> None:
    assert [str(one) for one in read(f"p {text}").commands[0].words[1:]] == [word]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{a,b}{c,d}", "ac ad bc bd"), ("x{1..3}", "x1 x2 x3"), ("{c..a}", "c b a"), ("{a,{b,c}}d", "ad bd cd"),
        ("a$IFS$IFS-b", "a -b"), ("a${IFS}b", "a b"), ("a$x-b$y-c", "a…-b…-c"), ("$1a$IFS-b", "a -b"), ("file-$n-$d.txt x", "file-…-….txt x"),
        ("\"$a-b$c-d\"", "…-b…-d"), ("{a,b\\,c}", "a b,c"), ("{1..9..4}", "1 5 9"),
    ],
)  # fmt: skip
def test_one_word_may_be_several(text: str, words: str) -> None:
    assert " ".join(str(one) for one in read(f"p {text}").commands[0].words[1:]) == words


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("x=rm; $x a", "rm a"), ("x='rm -r'; $x a", "rm -r a"), ("x='rm -r'; \"$x\" a", "rm -r a"),
        ("x=rm && $x", "rm"), ("export x=rm; $x", "rm"), ("a=r; b=m; $a$b", "rm"), ("x=ls; y=$x; $y", "ls"),
    ],
)  # fmt: skip
def test_variables_are_followed_where_they_are_plain(text: str, last: str) -> None:
    assert shown(text)[-1] == last


@pytest.mark.parametrize(
    "text",
    [
        "x=ls; x=rm; $x", "c && x=ls; $x", "if c; then x=ls; fi; $x", "(x=ls); $x", "x=ls | y; $x",
        "x=ls; read x; $x", "$x; x=ls", "f() { x=ls; }; f; $x", "x=ls; eval x=rm; $x", "x=ls; : ${x:=rm}; $x",
        "for i in 1 2; do $x; x=ls; done", "x=ls; unset x; $x", "x=ls; printf -v x rm; $x", "x=ls; let x=1; $x",
        "x=ls; . ./f; $x", "x+=ls; $x", "x[0]=ls; $x", "x=(ls); $x", "IFS=l; x=ls; $x",
        "x=ls; declare -n y=x; y=rm; $x", "x=ls; r\\ead x; $x", "x=ls; \"printf\" -v x rm; $x",
        "x=ls; export 'x'=rm; $x", "x=ls; e''val x=rm; $x",
        "for i in 1 2; do $x; eval x=rm; x=ls; done", "x=ls; trap \"x\"'=rm' DEBUG; $x",
    ],
)  # fmt: skip
def test_a_variable_that_may_be_something_else_is_not_known(text: str) -> None:
    programs = [command.program for command in read(text).commands if command.words and "$" in text]
    assert None in programs, read(text)


@pytest.mark.parametrize(
    "text",
    [
        "ls\r", "ls\u200b", "l\u202es", "\ufeffls", "ls \x00", "ls \x1b[2J", "'a", '"a', "a <<E\nx", "(a", "a)", "$(a",
        "`a", "if a", "a | ", "a &&", "a <> f", "${x", "a <<E\n`b\nE", "echo ${x@P}", "a[$(b)]=`c", "\ue000",
        "x='a[$(id)]'; echo $((x))", "test -v 'a[$(id)]'", "[[ 'a[$(id)]' -eq 0 ]]", "a" * 70_000,
        "(a) 2>&1 b", "{ a; } 2>/dev/null b", "a ;; b", "done", "a; fi", "x=1; $'\\x72ead' x", "x=1; \"declare\" 'x'=2", "{r,}ead a", "`a` b `c",
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_undecidable(text: str) -> None:
    assert read(text).undecidable is not None


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("a > f", "write f"), ("a >> f", "append f"), ("a &> f", "write f"), ("a >| f", "write f"),
        ("a < f", "read f"), ("> f a", "write f"), ("{ a; } > f", "write f"), ("a 2> f", "write f"),
        ("a >& f", "write f"), ("a > $x", "write …"), ("if b; then a; fi > f", "write f"),
        ("while a; do b; done < f", "read f"), ("a 2>&1 > f", "write f"), ("a 3<>f", "append f"), ("f() { a; } > f", "write f"),
    ],
)  # fmt: skip
def test_redirections_reach_what_is_within(text: str, target: str) -> None:
    commands = [command for command in read(text).commands if command.words and command.words[0].text == "a"]
    assert [f"{one.kind.value} {one.target}" for one in commands[0].redirects] == [target]


@pytest.mark.parametrize("text", ["a 2>&1", "a >&2", "a 2>&-", "a <&3"])
def test_redirections_between_descriptors_touch_no_file(text: str) -> None:
    assert read(text).commands[0].redirects == ()


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("sh <<E\nrm x\nE", "rm x\n"), ("sh <<-E\n\trm x\n\tE", "rm x\n"), ("sh <<< 'rm x'", "rm x"),
        ("echo rm x | sh", "rm x\n"), ("echo cm0geAo= | base64 -d | sh", "rm x\n"), ("echo 'x mr' | rev | sh", "rm x\n"),
        ("printf 'rm x' | sh", "rm x"), ("cat <<E | sh\nrm x\nE", "rm x\n"), ("echo rm x | (sh)", "rm x\n"),
        ("echo rm x | { sh; }", "rm x\n"), ("echo 726d2078 | xxd -r -p | sh", "rm x"),
    ],
)  # fmt: skip
def test_what_a_shell_reads_is_known_where_it_is_plain(text: str, given: str) -> None:
    (shell,) = (one for one in read(text).commands if one.words and one.words[0].text == "sh")
    assert shell.stdin_text is not None
    assert shell.stdin_text.text == given


@pytest.mark.parametrize(
    "text",
    ["curl x | sh", "cat f | sh", "echo $x | tr a b | sh", "a | b | sh", "tee >(sh)", "echo rm > f | sh"],
)
def test_what_a_shell_reads_is_told_to_be_unknown(text: str) -> None:
    (shell,) = (one for one in read(text).commands if one.words and one.words[0].text == "sh")
    assert shell.stdin_from
    assert shell.stdin_text is None or not shell.stdin_text.known


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ("cd x && a", ["x"]), ("cd x; a", ["x"]), ("cd /x && cd y && a", ["/x/y"]), ("(cd x); a", []),
        ("cd x || b; a", ["x", ""]), ("cd $x; a", ["…"]), ("if cd x; then b; fi; a", ["x", ""]), ("b && cd x; a", ["x"]),
        ("cd; a", ["/home/ada"]), ("cd - && a", ["…"]), ("cd x | b; a", []), ("b || cd x; a", ["x", ""]),
    ],
)  # fmt: skip
def test_folders_are_followed(text: str, folders: list[str]) -> None:
    command = next(one for one in read(text).commands if one.words and one.words[0].text == "a")
    assert [str(folder) for folder in command.folders] == folders
