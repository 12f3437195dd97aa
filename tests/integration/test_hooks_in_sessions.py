"""Hooks at every point of a session: what they can do, and what they cannot."""

import asyncio
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.integration.workbench import Workbench, call, calls, workbench

from droid.app.trust import RootTrust
from droid.domain.decisions import Answer, Step
from droid.domain.events import (
    Compacted,
    DecisionMade,
    FilesChanged,
    HookRan,
    HookSpoke,
    MessageRedacted,
    Steered,
    TextDelta,
    TurnEndReason,
    Warned,
)
from droid.domain.levels import AutonomyLevel, Verdict
from droid.engine.lifecycle_hooks import MAX_CONTINUATIONS

OK = {"text": "ok"}


def hook(command: str, matcher: str = "", **more: Any) -> dict[str, Any]:
    """A group of one hook."""
    return {"matcher": matcher, "hooks": [{"type": "command", "command": command, **more}]}


def says(answer: Mapping[str, Any]) -> str:
    """A command that answers."""
    return f"cat > /dev/null; echo '{json.dumps(answer)}'"


def rewrites(**fields: Any) -> str:
    return says({"hookSpecificOutput": {"updatedInput": fields}})


def permits(verdict: str, reason: str = "") -> str:
    answer = {"permissionDecision": verdict, "permissionDecisionReason": reason}
    return says({"hookSpecificOutput": answer})


def settings(**events: Any) -> dict[str, Any]:
    return {"hooks": events}


def told(bench: Workbench, number: int = -1) -> str:
    return json.dumps(bench.server.requests[number]["body"]["messages"], ensure_ascii=False)


def decided(bench: Workbench) -> list[tuple[str, str]]:
    """For each decision its verdict and the step that it hangs on."""
    found = [event.decision for event in bench.events(DecisionMade)]
    return [(str(one.verdict), str(one.deciding.step) if one.deciding else "") for one in found]


# --- the gate


async def test_what_a_hook_rewrites_is_judged_again_and_runs(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook(rewrites(command="echo rewritten"), "Execute")])
    async with workbench(tmp_path, [calls(call("Execute", command="echo x")), OK], settings=hooks) as bench:
        await bench.ask()
        assert bench.results[0].text == "rewritten"
        assert bench.events(DecisionMade)[0].decision.input["command"] == "echo rewritten"
        assert len(bench.events(HookRan)) == 1, "the hook that rewrote is not asked about its own text"


async def test_a_rewrite_to_a_guarded_file_re_enters_the_gate(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook(rewrites(file_path=".git/config"), "Create")])
    script = [calls(call("Create", file_path="a.txt", content="x")), OK]
    async with workbench(tmp_path, script, settings=hooks, interactive=False, stop_on_ask=False) as bench:
        await bench.ask()
        assert decided(bench)[-1] == ("deny", "files")
        assert not (bench.workspace / ".git/config").exists()


async def test_a_rewrite_to_a_blocked_command_is_blocked(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook(rewrites(command="curl http://127.0.0.1:1"), "Execute")]) | {
        "commandBlocklist": ["curl"]
    }
    async with workbench(tmp_path, [calls(call("Execute", command="echo x")), OK], settings=hooks) as bench:
        await bench.ask()
        assert decided(bench) == [("deny", "blocklist")]


async def test_a_rewrite_that_fits_no_schema_is_denied(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook(rewrites(command=["echo", "y"]), "Execute")])
    async with workbench(tmp_path, [calls(call("Execute", command="echo x")), OK], settings=hooks) as bench:
        await bench.ask()
        assert decided(bench) == [("deny", "input")]


async def test_the_other_hooks_see_the_final_input_and_a_second_rewrite_denies(tmp_path: Path) -> None:
    seen = 'python3 -c \'import json, sys; print(json.load(sys.stdin)["tool_input"]["command"])\' >> seen.txt'
    once = [hook(rewrites(command="echo two"), "Execute"), hook(seen)]
    script = [calls(call("Execute", command="echo one")), OK]
    async with workbench(tmp_path, script, settings=settings(PreToolUse=once)) as bench:
        await bench.ask()
        assert (bench.workspace / "seen.txt").read_text() == "echo one\necho two\n"
        assert bench.results[0].text == "two"
    after = f"if grep -q two; then {rewrites(command='echo three')}; fi"
    hooks = settings(PreToolUse=[once[0], hook(after)])
    async with workbench(tmp_path, script, settings=hooks) as bench:
        await bench.ask()
        assert decided(bench) == [("deny", "hooks")]
        assert "rewritten a second time" in bench.results[0].text


async def test_two_rewrites_of_one_field_deny(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook(rewrites(command="echo a")), hook(rewrites(command="echo b"))])
    async with workbench(tmp_path, [calls(call("Execute", command="echo x")), OK], settings=hooks) as bench:
        await bench.ask()
        assert "both rewrite command" in bench.results[0].text


async def test_an_allow_spares_the_question_of_autonomy_and_lifts_no_other(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook(permits("allow"))]) | {"commandDenylist": ["echo listed"]}
    script = [
        calls(call("Execute", command="touch made"), call("Execute", command="echo listed")),
        calls(
            call("Create", file_path=".factory/settings.json", content="{}"), call("Read", file_path=".env")
        ),
        OK,
    ]
    async with workbench(
        tmp_path, script, settings=hooks, autonomy=AutonomyLevel.OFF, interactive=False, stop_on_ask=False
    ) as bench:
        bench.write(".env", "x")
        await bench.ask()
        final = [one for one in decided(bench) if one[0] != "ask"]
        assert final == [("allow", "hooks"), ("deny", "denylist"), ("deny", "files"), ("deny", "files")]


async def test_an_ask_of_a_hook_reaches_the_person_with_its_reason_and_asks_the_hook_once(
    tmp_path: Path,
) -> None:
    hooks = settings(PreToolUse=[hook(permits("ask", "is it Friday?"), "Execute")])
    script = [calls(call("Execute", command="echo x")), OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        bench.replies = [Answer.ONCE]
        await bench.ask()
        assert bench.results[0].text == "x"
        decision = bench.events(DecisionMade)[0].decision
        assert "is it Friday?" in decision.reason
        assert [ran.verdict for ran in bench.events(HookRan)] == [Verdict.ASK]


async def test_a_rewrite_that_is_asked_about_runs_as_it_was_approved(tmp_path: Path) -> None:
    prefix = (
        'python3 -c \'import json, sys; c = json.load(sys.stdin)["tool_input"]["command"]; '
        'print(json.dumps({"hookSpecificOutput": {"updatedInput": {"command": "echo more; " + c}}}))\''
    )
    hooks = settings(PreToolUse=[hook(prefix, "Execute")])
    script = [calls(call("Execute", command="touch made")), OK]
    async with workbench(tmp_path, script, settings=hooks, autonomy=AutonomyLevel.OFF) as bench:
        bench.replies = [Answer.ONCE]
        await bench.ask()
        assert bench.results[0].text == "more"
        assert (bench.workspace / "made").exists()


async def test_git_hooks_see_a_subcommand_in_any_form(tmp_path: Path) -> None:
    guard = 'python3 -c \'import json, sys; g = json.load(sys.stdin)["git"]; print(g["branch"], file=sys.stderr); sys.exit(2)\''
    hooks = settings(PreGit=[hook(guard, "push")])
    forms = [
        "git push",
        "bash -c '/usr/bin/git push origin other'",
        "git log",
        "git commit --allow-empty -m x",
    ]
    script = [calls(*(call("Execute", command=one) for one in forms)), OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        subprocess.run(["git", "init", "-q", "-b", "main", bench.workspace], check=True)
        await bench.ask()
        reasons = [ran.reason for ran in bench.events(HookRan)]
        assert reasons == ["main", "other"]
        assert [text.startswith("Denied") for text in (one.text for one in bench.results)] == [
            True,
            True,
            False,
            False,
        ]


async def test_a_hook_can_end_the_turn(tmp_path: Path) -> None:
    hooks = settings(
        PreToolUse=[hook(says({"continue": False, "stopReason": "the build is frozen"}), "Execute")]
    )
    script = [calls(call("Execute", command="touch a"), call("Execute", command="touch b"))]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        ended = await bench.ask()
        assert (ended.reason, ended.message) == (TurnEndReason.POLICY, "the build is frozen")
        assert not (bench.workspace / "a").exists()
        assert bench.results[1].text == "Not run: a hook ended the turn."


# --- the organisation's own


async def test_an_organisation_s_hook_that_cannot_be_heard_denies(tmp_path: Path) -> None:
    organisation = settings(PreToolUse=[hook("/no/such/guard", "Execute")])
    async with workbench(
        tmp_path, [calls(call("Execute", command="touch a")), OK], organisation=organisation
    ) as bench:
        await bench.ask()
        assert decided(bench) == [("deny", "hooks")]
        assert "was not found (exit 127)" in bench.results[0].text
        assert not (bench.workspace / "a").exists()


async def test_an_organisation_s_hook_runs_a_file_of_the_repository_only_once_that_is_trusted(
    tmp_path: Path,
) -> None:
    organisation = settings(PreToolUse=[hook('"$FACTORY_PROJECT_DIR"/ci/guard.sh', "Execute")])
    workspace = tmp_path / "work"
    (workspace / "ci").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", workspace], check=True)
    guard = workspace / "ci/guard.sh"
    guard.write_text("#!/bin/sh\nexit 0\n")
    guard.chmod(0o755)
    script = [calls(call("Execute", command="echo x")), OK]

    async def outcome() -> str:
        async with workbench(tmp_path, script, organisation=organisation) as bench:
            await bench.ask()
            return bench.results[0].text

    assert "runs ci/guard.sh of this repository, which is not trusted" in await outcome()
    environ = {
        "FACTORY_HOME": str(tmp_path / "home/.factory"),
        "HOME": str(tmp_path / "home"),
        "DROID_ORG_BUNDLE": str(tmp_path / "org"),
    }
    await _trust(workspace, environ)
    assert await outcome() == "x"
    guard.write_text("#!/bin/sh\nexit 0 # changed\n")
    assert "which is not trusted" in await outcome()


async def _trust(workspace: Path, environ: Mapping[str, str]) -> None:
    def trust() -> None:
        root = RootTrust(workspace, environ)
        root.trust(root.content(), "test")

    await asyncio.to_thread(trust)


async def test_a_hook_that_was_written_while_a_tool_ran_does_not_run(tmp_path: Path) -> None:
    """A command of the model must not be able to install a program that runs later, unasked."""
    planted = json.dumps({"hooks": {"PreToolUse": [hook("touch planted")]}})
    home = tmp_path / "home/.factory/hooks.json"
    script = [
        calls(call("Execute", command=f"cp draft.json {home}")),
        calls(call("Execute", command="echo x")),
        OK,
    ]
    async with workbench(tmp_path, script, interactive=True) as bench:
        bench.write("draft.json", planted)
        bench.replies = [Answer.ONCE, Answer.ONCE]
        await bench.ask()
        assert home.exists()
        assert not (bench.workspace / "planted").exists()


# --- after a call


async def test_a_change_is_undone_where_a_hook_wants_that(tmp_path: Path) -> None:
    hooks = settings(PostEdit=[hook(says({"decision": "revert", "reason": "generated file"}), "*.lock")])
    script = [
        calls(call("Create", file_path="a.lock", content="x")),
        calls(call("Create", file_path="a.py", content="x")),
        OK,
    ]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        await bench.ask()
        first, second = bench.results
        assert (first.text, first.is_error) == ("A hook undid this change: generated file", True)
        assert not (bench.workspace / "a.lock").exists()
        assert not second.is_error
        assert len(bench.events(FilesChanged)[0].changes) == 2
        assert not (await bench.session.undo()).conflicts
        assert not (bench.workspace / "a.py").exists()


async def test_an_edit_s_hooks_are_told_of_paths_and_diff_and_can_tell_the_model(tmp_path: Path) -> None:
    tells = 'python3 -c \'import json, sys; d = json.load(sys.stdin); print(d["files"], d["diff"], file=sys.stderr); sys.exit(2)\''
    async with workbench(
        tmp_path,
        [calls(call("Create", file_path="a.py", content="x = 1\n")), OK],
        settings=settings(PostEdit=[hook(tells)]),
    ) as bench:
        await bench.ask()
        text = bench.results[0].text
        assert "[PostEdit hook]" in text
        assert str(bench.workspace / "a.py") in text
        assert "+x = 1" in text
        assert "+x = 1" in told(bench)
        assert (bench.workspace / "a.py").exists()


async def test_what_the_model_sees_of_an_output_can_be_replaced(tmp_path: Path) -> None:
    replaced = says({"hookSpecificOutput": {"updatedOutput": "masked", "additionalContext": "and more"}})
    hooks = settings(PostToolUse=[hook(replaced, "Execute")])
    script = [calls(call("Execute", command="echo swordfish")), calls(call("Execute", command="exit 3")), OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        await bench.ask()
        assert bench.results[0].text == "masked\n\n[PostToolUse hook] and more"
        assert "exit code 3" in bench.results[1].text, "a call that failed has no PostToolUse"
        answers = [m for m in bench.server.requests[1]["body"]["messages"] if m["role"] == "tool"]
        assert "swordfish" not in json.dumps(answers)


# --- prompts, requests, stopping


async def test_a_dropped_prompt_is_kept_nowhere_and_a_dropped_steer_neither(tmp_path: Path) -> None:
    drops = "if grep -q sword[f]ish; then echo no passwords >&2; exit 2; fi"
    script = [calls(call("Execute", command="until [ -e go ]; do sleep 0.02; done")), OK]
    async with workbench(tmp_path, script, settings=settings(UserPromptSubmit=[hook(drops)])) as bench:
        ended = await bench.ask("swordfish")
        assert (ended.reason, ended.message) == (TurnEndReason.POLICY, "no passwords")
        assert bench.server.requests == []
        bench.session.prompt("work")
        await bench.until(HookRan, lambda ran: ran.verdict is None)
        bench.session.prompt("swordfish again")
        bench.session.prompt("and this")
        (bench.workspace / "go").touch()
        await bench.end()
        assert [event.prompt for event in bench.events(Steered)] == ["and this"]
        assert any("the message was dropped: no passwords" in one.message for one in bench.events(Warned))
        assert "swordfish" not in told(bench)
        assert all("swordfish" not in str(record) for record in bench.session.records)
        assert bench.session.title == "work"


async def test_a_steer_of_a_cancelled_turn_does_not_pass_its_hooks_by(tmp_path: Path) -> None:
    drops = "if grep -q sword[f]ish; then exit 2; fi"
    script = [{"text": "never", "hang": "text"}, OK]
    async with workbench(tmp_path, script, settings=settings(UserPromptSubmit=[hook(drops)])) as bench:
        bench.session.prompt("work")
        await bench.until(TextDelta)
        bench.session.prompt("swordfish")
        bench.session.prompt("and this")
        await bench.session.cancel()
        await bench.ask("go on")
        assert [event.prompt for event in bench.events(Steered)] == ["and this"]
        assert "swordfish" not in told(bench)


async def test_a_request_is_not_sent_and_the_session_can_go_on_without_what_was_new(tmp_path: Path) -> None:
    blocks = "if grep -q swordfish; then echo 'customer data' >&2; exit 2; fi"
    hooks = settings(PreModelRequest=[hook(blocks)])
    script = [calls(call("Read", file_path="a.txt")), OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        bench.write("a.txt", "swordfish")
        ended = await bench.ask()
        assert (ended.reason, len(bench.server.requests)) == (TurnEndReason.POLICY, 1)
        assert "customer data" in ended.message
        assert (await bench.ask("go on")).reason is TurnEndReason.DONE
        assert "swordfish" not in told(bench)
        assert "withheld: a hook did not let this leave" in told(bench)


async def test_spans_are_redacted_before_they_leave_and_stay_so(tmp_path: Path) -> None:
    redacts = r"""python3 -c '
import json, sys
spans = []
for n, part in enumerate(json.load(sys.stdin)["parts"]):
    at = part["text"].find("swordfish")
    if at >= 0:
        spans.append({"part": n, "start": at, "end": at + 9, "kind": "secret"})
print(json.dumps({"hookSpecificOutput": {"redact": spans}}))
'"""
    hooks = settings(PreModelRequest=[hook(redacts)])
    script = [calls(call("Read", file_path="a.txt")), OK, OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        bench.write("a.txt", "is swordfish here")
        await bench.ask("the swordfish")
        await bench.ask("again")
        text = "".join(map(str, (request["body"] for request in bench.server.requests)))
        assert "swordfish" not in text
        assert "the [REDACTED:secret]" in text
        assert "is [REDACTED:secret] here" in text
        assert len(bench.events(MessageRedacted)) == 2
        session_id = bench.session.id
    async with workbench(tmp_path, [OK], settings=hooks, resume=session_id) as bench:
        await bench.ask("once more")
        assert "swordfish" not in told(bench)
        assert not bench.events(MessageRedacted), "what was sent before is not shown again"


async def test_the_model_is_shown_to_hooks_once_part_by_part(tmp_path: Path) -> None:
    keeps = 'python3 -c \'import json, sys; print([p["type"] for p in json.load(sys.stdin)["parts"]])\' >> parts.txt'
    hooks = settings(PreModelRequest=[hook(keeps)])
    script = [calls(call("LS", directory_path=".")), OK, OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        await bench.ask("one")
        await bench.ask("two")
        lines = (bench.workspace / "parts.txt").read_text().splitlines()
        assert lines == ["['system', 'text']", "['tool_result']", "['text']"]


async def test_stop_hooks_cannot_keep_an_agent_going_for_ever(tmp_path: Path) -> None:
    keeps = "tee -a told.txt > /dev/null; echo >> told.txt; echo more >&2; exit 2"
    script = [{"text": "done", "repeat": True}]
    async with workbench(tmp_path, script, settings=settings(Stop=[hook(keeps)])) as bench:
        ended = await bench.ask()
        assert ended.reason is TurnEndReason.DONE
        assert len(bench.events(HookSpoke)) == MAX_CONTINUATIONS
        active = [
            json.loads(one)["stop_hook_active"]
            for one in (bench.workspace / "told.txt").read_text().split("\n")
            if one
        ]
        assert active == [False, *[True] * MAX_CONTINUATIONS]
        assert "the agent stops all the same" in bench.events(Warned)[-1].message


async def test_ending_the_turn_beats_keeping_it_going(tmp_path: Path) -> None:
    both = says({"decision": "block", "reason": "more", "continue": False, "stopReason": "enough"})
    async with workbench(tmp_path, [OK], settings=settings(Stop=[hook(both)])) as bench:
        ended = await bench.ask()
        assert (ended.reason, ended.message) == (TurnEndReason.DONE, "enough")


async def test_a_start_that_ends_the_turn_drops_the_first_prompt(tmp_path: Path) -> None:
    stops = says({"continue": False, "stopReason": "the licence has run out"})
    async with workbench(tmp_path, [OK], settings=settings(SessionStart=[hook(stops, "startup")])) as bench:
        assert (await bench.ask()).message == "the licence has run out"
        assert (await bench.ask()).reason is TurnEndReason.DONE


async def test_compaction_tells_hooks_and_a_start_joins_the_summary(tmp_path: Path) -> None:
    hooks = settings(
        PreCompact=[hook("tee before.txt > /dev/null; echo look >&2; exit 2", "auto")],
        SessionStart=[hook("echo remember the tickets", "compact")],
    ) | {"compactionTokenLimit": 2_000}
    script = [
        {"text": "long", "usage": {"input_tokens": 1_900, "output_tokens": 200}},
        {"text": "the summary", "usage": {"input_tokens": 10, "output_tokens": 1}},
        OK,
    ]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        await bench.ask("x" * 6_000)
        await bench.ask("go on")
        assert json.loads((bench.workspace / "before.txt").read_text())["trigger"] == "auto"
        assert bench.events(Compacted)
        assert "remember the tickets" in told(bench)
        assert any(one.message == "PreCompact hook: look" for one in bench.events(Warned))


async def test_an_end_is_told_once_and_a_rest_is_none(tmp_path: Path) -> None:
    keeps = 'python3 -c \'import json, sys; d = json.load(sys.stdin); print(d.get("source", d.get("reason")))\' >> life.txt'
    hooks = settings(SessionStart=[hook(keeps)], SessionEnd=[hook(keeps)])
    async with workbench(tmp_path, [OK, OK], settings=hooks, interactive=True) as bench:
        await bench.ask()
        await bench.runtime.rest_session(bench.session)
        bench.session = await bench.runtime.resume_session(bench.session.id)
        await bench.ask()
        await bench.session.close()
    assert (tmp_path / "work/life.txt").read_text() == "startup\nother\n"


async def test_output_is_shown_where_the_person_wants_that(tmp_path: Path) -> None:
    for wanted in (True, False):
        hooks = settings(PreToolUse=[hook("echo looked at it")]) | {"showHookOutput": wanted}
        async with workbench(tmp_path, [calls(call("LS", directory_path=".")), OK], settings=hooks) as bench:
            await bench.ask()
            shown = [one.message for one in bench.events(Warned)]
            assert shown == (["PreToolUse hook: looked at it"] if wanted else [])


async def test_a_hook_that_goes_wrong_is_told_and_the_call_goes_on(tmp_path: Path) -> None:
    hooks = settings(PreToolUse=[hook("echo oops >&2; exit 1"), hook(says({"systemMessage": "hello"}))])
    async with workbench(tmp_path, [calls(call("Execute", command="echo x")), OK], settings=hooks) as bench:
        await bench.ask()
        assert bench.results[0].text == "x"
        assert [one.message for one in bench.events(Warned)] == [
            "PreToolUse hook: `echo oops >&2; exit 1` failed with exit code 1: oops",
            "PreToolUse hook: hello",
        ]


@pytest.mark.parametrize("event", ["PreToolUse", "UserPromptSubmit", "Stop"])
async def test_a_cancel_ends_a_hook_and_the_turn_in_time(tmp_path: Path, event: str) -> None:
    hooks = settings(**{event: [hook("echo $$ > pid; exec sleep 60")]})
    script = [calls(call("Execute", command="echo x")), OK] if event == "PreToolUse" else [OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        bench.session.prompt("work")
        async with asyncio.timeout(20):
            while not ((bench.workspace / "pid").exists() and (bench.workspace / "pid").read_text()):
                await asyncio.sleep(0.01)
        await bench.session.cancel()
        assert (await bench.end()).reason is TurnEndReason.CANCELLED
        with pytest.raises(ProcessLookupError):
            os.kill(int((bench.workspace / "pid").read_text()), 0)


async def test_steps_of_a_decision_name_the_hook_and_where_it_is_from(tmp_path: Path) -> None:
    organisation = settings(PreToolUse=[hook(permits("deny", "not here"), "Execute")])
    async with workbench(
        tmp_path, [calls(call("Execute", command="echo x")), OK], organisation=organisation
    ) as bench:
        await bench.ask()
        entry = bench.events(DecisionMade)[0].decision.deciding
        assert entry is not None
        assert (entry.step, str(entry.level), entry.matched) == (Step.HOOKS, "org", "not here")
        assert entry.file == str(tmp_path / "org/settings.json")


async def test_a_repository_s_hook_is_not_another_repository_s_file_of_the_same_name(tmp_path: Path) -> None:
    """The session's folder may be a repository within the trusted one, from wherever."""
    workspace = tmp_path / "work"
    for root, said in ((workspace, "ours"), (workspace / "vendor/lib", "theirs")):
        script = root / ".factory/hooks/say.sh"
        script.parent.mkdir(parents=True)
        subprocess.run(["git", "init", "-q", root], check=True)
        script.write_text(f"#!/bin/sh\necho {said} >> {workspace}/said.txt\n")
        script.chmod(0o755)
    group = hook('"$FACTORY_PROJECT_DIR"/.factory/hooks/say.sh', "LS")
    (workspace / ".factory/hooks.json").write_text(json.dumps(settings(PreToolUse=[group])))
    environ = {"FACTORY_HOME": str(tmp_path / "home/.factory"), "HOME": str(tmp_path / "home")}
    await _trust(workspace, environ)
    script = [
        calls(call("Execute", command="cd vendor/lib")),
        calls(call("LS", directory_path=".")),
        OK,
    ]
    async with workbench(tmp_path, script) as bench:
        await bench.ask()
        assert bench.session.cwd == workspace / "vendor/lib"
        assert (workspace / "said.txt").read_text() == "ours\n"


@pytest.mark.parametrize("level", ["project", "user"])
async def test_a_hook_that_names_a_file_by_a_relative_path_runs_that_of_its_project_wherever_the_agent_goes(
    tmp_path: Path, level: str
) -> None:
    """Else `cd` evades a guard, and where the agent has written a file of that name, it runs unasked."""
    workspace = tmp_path / "work"
    (workspace / "ci").mkdir(parents=True)
    (workspace / "other").mkdir()
    subprocess.run(["git", "init", "-q", workspace], check=True)
    (workspace / "ci/guard.sh").write_text(f"echo ours >> {workspace}/said.txt\n")
    hooks = settings(PreToolUse=[hook("sh ci/guard.sh", "LS")])
    if level == "project":
        (workspace / ".factory").mkdir()
        (workspace / ".factory/hooks.json").write_text(json.dumps(hooks))
        await _trust(
            workspace, {"FACTORY_HOME": str(tmp_path / "home/.factory"), "HOME": str(tmp_path / "home")}
        )
        hooks = {}
    planted = f"echo theirs >> {workspace}/said.txt\n"
    script = [
        calls(call("Create", file_path="sub/ci/guard.sh", content=planted)),
        calls(call("Execute", command="cd sub")),
        calls(call("LS", directory_path=".")),
        calls(call("Execute", command="cd ../other")),
        calls(call("LS", directory_path=".")),
        OK,
    ]
    async with workbench(tmp_path, script, settings=hooks, autonomy=AutonomyLevel.LOW) as bench:
        await bench.ask()
        assert (workspace / "said.txt").read_text() == "ours\nours\n"


GUARD = says({"decision": "block", "reason": "not here"})


@pytest.mark.parametrize(
    "command",
    [
        "npm publish",
        " npm publish",
        "true && npm publish",
        "n''pm  publish",
        "sh -c 'npm publish'",
        "npm --silent publish",
        'npm "$X"',
        "$X",
    ],
)
async def test_an_expression_for_commands_sees_what_really_runs(tmp_path: Path, command: str) -> None:
    hooks = settings(PreToolUse=[{**hook(GUARD, "Execute"), "commandRegex": "^npm publish"}])
    script = [calls(call("Execute", command=command)), OK]
    async with workbench(tmp_path, script, settings=hooks) as bench:
        await bench.ask()
        assert bench.results[0].text == (
            f"Denied: the hook `{GUARD[:80]}` denies it: not here (user settings, "
            f"{tmp_path}/home/.factory/settings.json)."
        )


@pytest.mark.parametrize(
    ("command", "verdict"),
    [
        ("make test", "allow"),
        ("make test && make test", "allow"),
        ("make test; touch x", "deny"),
        ("make test $(touch x)", "deny"),
        ("touch x; 'make' test", "deny"),
    ],
)
async def test_a_hook_for_some_commands_permits_no_others_beside_them(
    tmp_path: Path, command: str, verdict: str
) -> None:
    hooks = settings(PreToolUse=[{**hook(permits("allow"), "Execute"), "commandRegex": "make test"}])
    script = [calls(call("Execute", command=command)), OK]
    async with workbench(
        tmp_path, script, settings=hooks, autonomy=AutonomyLevel.OFF, interactive=False, stop_on_ask=False
    ) as bench:
        await bench.ask()
        assert decided(bench)[-1][0] == verdict


@pytest.mark.parametrize("wrong", [{"matcher": "Exec(ute"}, {"commandRegex": "git (push"}])
async def test_an_organisation_s_hook_whose_expression_cannot_be_read_is_for_every_call(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    organisation = settings(PreToolUse=[{**hook(GUARD), **wrong}])
    script = [calls(call("Execute", command="echo x")), OK]
    async with workbench(tmp_path, script, organisation=organisation) as bench:
        await bench.ask()
        assert decided(bench) == [("deny", "hooks")]


@pytest.mark.parametrize(("level", "verdict"), [("user", "deny"), ("org", "allow")])
async def test_an_allow_from_below_a_maximum_covers_nothing_above_it(
    tmp_path: Path, level: str, verdict: str
) -> None:
    organisation: dict[str, Any] = {"maxAutonomyLevel": "medium"}
    hooks = settings(PreToolUse=[hook(permits("allow"), "Execute")])
    script = [calls(call("Execute", command="git push nowhere"), call("Execute", command="touch a")), OK]
    async with workbench(
        tmp_path,
        script,
        organisation=organisation | (hooks if level == "org" else {}),
        settings=hooks if level == "user" else {},
        autonomy=AutonomyLevel.OFF,
        interactive=False,
        stop_on_ask=False,
    ) as bench:
        await bench.ask()
        final = [one for one in decided(bench) if one[0] != "ask"]
        assert [one[0] for one in final] == [verdict, "allow"]
