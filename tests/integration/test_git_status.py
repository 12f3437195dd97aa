"""What git tells us of real repositories, ordinary and hostile.

A hostile one names a program wherever git may run one; whatever it is, it must not run.
"""

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from droid.engine.git_status import git_diff, git_summary
from droid.sandbox.runner import WardenRunner


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"]
    subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )


def new_repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text("one\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One file differs, and another looks as if it did, so that git has to look into it."""
    folder = new_repository(tmp_path / "work")
    (folder / "a.txt").write_text("two\n")
    os.utime(folder / "b.txt", (1, 1))
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "evil"
    path.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\ncat\n")
    path.chmod(0o755)
    return path


@pytest.fixture
async def runner() -> AsyncIterator[WardenRunner]:
    running = WardenRunner()
    yield running
    await running.aclose()


async def ask(folder: Path, runner: WardenRunner) -> tuple[str, str | None]:
    home = folder.parent / "home"
    return await git_summary(folder, runner), await git_diff(folder, home, runner)


async def test_branch_changes_and_differences_are_told(repository: Path, runner: WardenRunner) -> None:
    (repository / "new.txt").write_text("x")
    (repository / "sub").mkdir()
    summary, diff = await ask(repository / "sub", runner)
    assert summary == "Git branch: main\n   M a.txt\n  ?? new.txt"
    assert diff is not None
    assert "-one\n+two\n" in diff


async def test_what_is_no_repository_or_has_no_commit_is_said(tmp_path: Path, runner: WardenRunner) -> None:
    (tmp_path / "plain").mkdir()
    assert await ask(tmp_path / "plain", runner) == ("Git: not a repository", None)
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q", "-b", "main")
    summary, diff = await ask(tmp_path / "empty", runner)
    assert summary.startswith("Git branch: No commits yet on main")
    assert diff is None
    (tmp_path / "broken" / ".git").mkdir(parents=True)
    assert (await ask(tmp_path / "broken", runner))[0].endswith("could not be read")


async def test_many_changes_are_counted(repository: Path, runner: WardenRunner) -> None:
    for number in range(30):
        (repository / f"new{number}.txt").write_text("x")
    summary = await git_summary(repository, runner)
    assert summary.endswith("… and 11 more changed files")


async def test_files_with_secrets_are_left_out_of_a_diff(repository: Path, runner: WardenRunner) -> None:
    secrets = [".env", "sub/.env.local", "sub/a [b]*.env", "id_rsa"]
    for name in secrets:
        (repository / name).parent.mkdir(exist_ok=True)
        (repository / name).write_text("x\n")
    git(repository, "add", "-f", ".")
    git(repository, "commit", "-q", "-m", "secrets")
    for name in secrets:
        (repository / name).write_text("hunter2\n")
    (repository / "a.txt").write_text("three\n")
    diff = await git_diff(repository, repository.parent, runner)
    assert diff is not None
    assert "hunter2" not in diff
    assert "+three" in diff
    assert diff.endswith("[left out: 4 that may hold secrets]")


@pytest.mark.parametrize(
    "settings",
    [
        "[core]\n\tfsmonitor = {program}",
        "[core]\n\thooksPath = {hooks}",
        "[core]\n\tpager = {program}\n[pager]\n\tdiff = true\n\tstatus = true",
        "[core]\n\tsshCommand = {program}\n\taskPass = {program}\n\tgitProxy = {program}",
        "[diff]\n\texternal = {program}",
        '[diff "x"]\n\ttextconv = {program}\n\tcommand = {program}',
        '[filter "x"]\n\tclean = {program}\n\tsmudge = {program}\n\trequired = true',
        '[filter "x"]\n\tprocess = {program}\n\trequired = true',
        "[include]\n\tpath = included",
        '[includeIf "gitdir:**"]\n\tpath = included',
        "[interactive]\n\tdiffFilter = {program}",
        "[alias]\n\tstatus = !{program}\n\tdiff = !{program}\n\tconfig = !{program}",
        "[status]\n\tsubmoduleSummary = true\n[diff]\n\tsubmodule = diff",
        # Together, since none of them may run.
        (
            "[core]\n\talternateRefsCommand = {program}\n\teditor = {program}\n[sequence]\n\teditor = {program}\n"
            "[gpg]\n\tprogram = {program}\n[log]\n\tshowSignature = true\n[commit]\n\tgpgSign = true\n"
            '[gpg "ssh"]\n\tprogram = {program}\n[credential]\n\thelper = {program}\n'
            '[url "ext::{program} "]\n\tinsteadOf = https://\n[remote "origin"]\n\turl = https://example.org/x\n'
            '[merge "x"]\n\tdriver = {program}\n[mergetool "x"]\n\tcmd = {program}\n'
            '[hook "x"]\n\tcommand = {program}\n\tevent = post-index-change'
        ),
        (
            '[core]\n\tattributesFile = {hooks}/attributes\n[filter "y"]\n\tclean = {program}\n'
            '[diff "x"]\n\txfuncname = "a"\n\tcachetextconv = true\n\ttextconv = {program}\n'
            "[core]\n\tfsmonitor = true\n\tuseBuiltinFSMonitor = true\n\tfsmonitorHookVersion = 2\n"
            "[extensions]\n\tworktreeConfig = true\n[core]\n\trepositoryformatversion = 1"
        ),
    ],
)
async def test_no_program_of_a_repository_is_run(
    repository: Path, program: Path, runner: WardenRunner, settings: str
) -> None:
    hooks = repository.parent / "hooks"
    hooks.mkdir()
    for folder in (hooks, repository / ".git" / "hooks"):
        for hook in ("post-index-change", "fsmonitor-watchman", "query-watchman"):
            (folder / hook).write_text(program.read_text())
            (folder / hook).chmod(0o755)
    with (repository / ".git" / "config").open("a") as config:
        config.write(settings.format(program=program, hooks=hooks) + "\n")
    included = f'[filter "x"]\n\tclean = {program}\n[core]\n\tfsmonitor = {program}\n'
    (repository / ".git" / "included").write_text(included)
    (repository / ".git" / "config.worktree").write_text(included)
    (hooks / "attributes").write_text("* filter=y\n")
    (repository / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n")
    summary, diff = await ask(repository, runner)
    assert not (repository.parent / "ran").exists()
    assert " M a.txt" in summary
    assert "+two" in (diff or "")


@pytest.mark.parametrize(
    "name", [b"", b"x", b"a b", b"a.b", b"A", b'a"q', b"a\\\\b", b"a=b", b"\xff", b"\xc3\xa4", b"="]
)
async def test_a_filter_of_any_name_is_off(
    repository: Path, program: Path, runner: WardenRunner, name: bytes
) -> None:
    with (repository / ".git" / "config").open("ab") as config:
        quoted = name.replace(b'"', b'\\"')
        config.write(b'[filter "%s"]\n\tclean = %s\n' % (quoted, bytes(program)))
    (repository / ".git" / "info" / "attributes").write_bytes(b"* filter=" + name.replace(b"\\\\", b"\\"))
    await ask(repository, runner)
    assert not (repository.parent / "ran").exists()


@pytest.mark.parametrize("setting", ["core.fsmonitor", "filter.x.clean", "diff.external", "diff.x.textconv"])
async def test_no_program_of_a_submodule_is_run(
    repository: Path, program: Path, runner: WardenRunner, setting: str
) -> None:
    origin = new_repository(repository.parent / "origin")
    git(repository, "submodule", "add", "-q", str(origin), "module")
    git(repository, "commit", "-q", "-m", "submodule")
    module = repository / "module"
    git(module, "config", setting, str(program))
    attributes = repository / ".git" / "modules" / "module" / "info" / "attributes"
    attributes.parent.mkdir(exist_ok=True)
    attributes.write_text("* filter=x diff=x\n")
    git(module, "commit", "-q", "--allow-empty", "-m", "more")
    (module / "a.txt").write_text("three\n")
    (repository.parent / "ran").unlink(missing_ok=True)
    git(repository, "config", "diff.submodule", "diff")
    await ask(repository, runner)
    await ask(module, runner)
    assert not (repository.parent / "ran").exists()


@pytest.mark.parametrize(
    "remote",
    [
        '[core]\n\tsshCommand = {program}\n[remote "origin"]\n\turl = ssh://example.org/x',
        '[protocol "ext"]\n\tallow = always\n[remote "origin"]\n\turl = ext::{program}',
        '[protocol "file"]\n\tallow = always\n[remote "origin"]\n\turl = {folder}\n\tuploadpack = {program}',
    ],
)
async def test_what_is_missing_is_not_fetched(
    repository: Path, program: Path, runner: WardenRunner, remote: str
) -> None:
    with (repository / ".git" / "config").open("a") as config:
        config.write(remote.format(program=program, folder=repository) + "\n\tpromisor = true\n")
        config.write("[extensions]\n\tpartialClone = origin\n[core]\n\trepositoryformatversion = 1\n")
    for path in (repository / ".git" / "objects").glob("??/*"):
        path.unlink()
    await ask(repository, runner)
    assert not (repository.parent / "ran").exists()


async def test_a_bare_repository_among_the_files_is_not_taken_for_one(
    repository: Path, program: Path, runner: WardenRunner
) -> None:
    bare = repository / "fixtures"
    bare.mkdir()
    git(bare, "init", "-q", "--bare", ".")
    with (bare / "config").open("a") as config:
        config.write(f"[core]\n\tbare = false\n\tworktree = {bare}\n\tfsmonitor = {program}\n")
        config.write(f'[filter "a=b"]\n\tclean = {program}\n')
    (bare / "info" / "attributes").write_text("* filter=a=b\n")
    summary, diff = await ask(bare, runner)
    assert not (repository.parent / "ran").exists()
    assert summary.endswith("could not be read")
    assert diff is None


async def test_a_repository_cannot_say_that_its_files_are_elsewhere(
    repository: Path, runner: WardenRunner
) -> None:
    (repository.parent / "diary.txt").write_text("hunter2\n")
    (repository / "diary.txt").write_text("x\n")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "bait")
    git(repository, "config", "core.worktree", str(repository.parent))
    (repository / "a.txt").write_text("three\n")
    summary, diff = await ask(repository, runner)
    assert "hunter2" not in str(diff)
    assert "+three" in str(diff)
    assert " M a.txt" in summary


async def test_a_linked_worktree_is_a_repository_of_its_own(repository: Path, runner: WardenRunner) -> None:
    other = repository.parent / "other"
    git(repository, "worktree", "add", "-q", "-b", "side", str(other))
    (other / "b.txt").write_text("three\n")
    summary, diff = await ask(other, runner)
    assert summary == "Git branch: side\n   M b.txt"
    assert "+three" in str(diff)


async def test_a_repository_cannot_have_traces_written(repository: Path, runner: WardenRunner) -> None:
    with (repository / ".git" / "config").open("a") as config:
        config.write("[trace2]\n")
        for target in ("event", "normal", "perf"):
            config.write(f"\t{target}Target = {repository.parent}/trace-{target}\n")
    summary, _ = await ask(repository, runner)
    assert " M a.txt" in summary
    assert not list(repository.parent.glob("trace-*"))


async def test_a_repository_cannot_have_secrets_named_so_that_they_are_not_left_out(
    repository: Path, runner: WardenRunner
) -> None:
    """Names relative to the session's folder would be taken for others, relative to the root."""
    (repository / "sub").mkdir()
    (repository / "sub" / ".env").write_text("x\n")
    git(repository, "add", "-f", ".")
    git(repository, "commit", "-q", "-m", "secrets")
    (repository / "sub" / ".env").write_text("hunter2\n")
    git(repository, "config", "diff.relative", "true")
    _, diff = await ask(repository / "sub", runner)
    assert diff is not None
    assert "hunter2" not in diff


@pytest.mark.parametrize(
    ("files", "links"),
    [
        ({".git": "gitdir: ../work/.git"}, {}),
        (
            {
                ".git": "gitdir: sub/git",
                "sub/git/commondir": "{victim}",
                "sub/git/HEAD": "ref: refs/heads/main",
            },
            {},
        ),
        ({".git/commondir": "{victim}", ".git/HEAD": "ref: refs/heads/main"}, {}),
        ({".git/HEAD": "ref: refs/heads/main"}, {".git/refs": "refs", ".git/objects": "objects"}),
        ({}, {".git": "."}),
        ({".git": "nothing that git knows"}, {}),
    ],
)
async def test_a_folder_cannot_have_git_tell_of_another_repository(
    repository: Path, runner: WardenRunner, files: dict[str, str], links: dict[str, str]
) -> None:
    hostile, victim = repository.parent / "hostile", repository / ".git"
    for folder in ("objects", "refs", "sub/git/objects", "sub/git/refs"):
        (hostile / folder if folder.startswith("sub") else hostile / "x" / folder).mkdir(parents=True)
    for name, text in files.items():
        (hostile / name).parent.mkdir(parents=True, exist_ok=True)
        (hostile / name).write_text(text.format(victim=victim) + "\n")
    for name, target in links.items():
        (hostile / name).parent.mkdir(parents=True, exist_ok=True)
        (hostile / name).symlink_to(victim / target)
    for folder in ("objects", "refs"):
        if (hostile / ".git").is_dir() and not (hostile / ".git").is_symlink():
            (hostile / ".git" / folder).mkdir(exist_ok=True)
    assert await ask(hostile, runner) == ("Git: a repository, but its status could not be read", None)


async def test_a_broken_repository_is_not_taken_for_the_one_around_it(
    repository: Path, runner: WardenRunner
) -> None:
    (repository / "inner" / ".git").mkdir(parents=True)
    assert await ask(repository / "inner", runner) == (
        "Git: a repository, but its status could not be read",
        None,
    )


async def test_a_submodule_is_a_repository_of_its_own(repository: Path, runner: WardenRunner) -> None:
    origin = new_repository(repository.parent / "origin")
    git(repository, "submodule", "add", "-q", str(origin), "module")
    (repository / "module" / "b.txt").write_text("three\n")
    summary, diff = await ask(repository / "module", runner)
    assert summary.startswith("Git branch: main")
    assert "+three" in str(diff)


async def test_a_diff_that_is_too_large_is_not_held(
    repository: Path, runner: WardenRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("droid.engine.git_status._MAX_OUTPUT_BYTES", 2_000)
    (repository / "a.txt").write_text("long\n" * 1_000)
    summary, diff = await ask(repository, runner)
    assert " M a.txt" in summary
    assert diff is None
