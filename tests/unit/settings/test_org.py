"""Which of the organisation's sources holds, and lockdown wherever it cannot be had."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.org_server import NOW, OTHER_KEY, OrgServer, body, hanging, public, signed, whole

from droid.domain.levels import AutonomyLevel
from droid.settings.engine import SettingsEngine
from droid.settings.org import Organisation, OrgPolicy

LOW, OFF, MEDIUM = ({"maxAutonomyLevel": level} for level in ("low", "off", "medium"))


class Machine:
    """Folders for the three sources; the system-managed one is root's unless a test says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.system = folder / "etc" / "settings.json"
        self.bundle = folder / "bundle"
        self.environ: dict[str, str] = {}
        self.tampering: str | None = None
        self.now = NOW
        for path in (self.home, self.system.parent, self.bundle):
            path.mkdir()

    def write(self, path: Path, settings: Mapping[str, Any] | str | bytes) -> None:
        import json

        text = json.dumps(settings) if isinstance(settings, Mapping) else settings
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def name_bundle(self, settings: Mapping[str, Any] | str | bytes | None = None) -> None:
        self.environ["DROID_ORG_BUNDLE"] = str(self.bundle)
        if settings is not None:
            self.write(self.bundle / "settings.json", settings)

    def open(self) -> Organisation:
        return Organisation(
            home=self.home,
            environ=self.environ,
            system=self.system.parent,
            tampering=lambda _: self.tampering,
            timeout_s=0.5,
            now=lambda: self.now,
        )

    def look(self) -> OrgPolicy:
        return self.open().current()

    def effective(self, organisation: Organisation) -> AutonomyLevel:
        """What comes of `maxAutonomyLevel` in a session."""
        engine = SettingsEngine(home=self.home, environ=self.environ, org=organisation)
        return engine.snapshot(self.folder).policy.max_autonomy


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.fixture
async def server() -> AsyncIterator[OrgServer]:
    async with OrgServer() as found:
        yield found


def values(policy: OrgPolicy) -> list[Any]:
    return [dict(layer.values) for layer in sorted(policy.layers, key=lambda layer: layer.rank)]


def statuses(policy: OrgPolicy) -> list[tuple[str, str]]:
    return [(Path(row.file).name, row.status) for row in policy.levels]


def locked(policy: OrgPolicy) -> str:
    assert policy.lockdown is not None
    assert policy.lockdown.endswith("until then no session starts")
    assert "\n" not in policy.lockdown
    assert "malformed" in {row.status for row in policy.levels} or "orgRequired" in policy.lockdown
    return policy.lockdown


def test_a_machine_without_an_organisation_has_no_such_level(machine: Machine) -> None:
    policy = machine.look()
    assert not policy.layers
    assert not policy.levels
    assert not policy.warnings
    assert policy.lockdown is None
    machine.environ = {"DROID_ORG_BUNDLE": "", "DROID_ORG_ENDPOINT": " "}
    assert machine.look().lockdown is None


def test_the_system_file_holds_before_anything_that_the_environment_names(machine: Machine) -> None:
    machine.write(machine.system, LOW)
    machine.name_bundle(OFF)
    machine.environ["DROID_ORG_ENDPOINT"] = "https://policy.example"
    policy = machine.look()
    assert values(policy) == [LOW]
    assert policy.layers[0].file == machine.system
    assert [line.split(" ")[0] for line in policy.warnings] == ["DROID_ORG_BUNDLE", "DROID_ORG_ENDPOINT"]


def test_a_bundle_holds_before_an_endpoint(machine: Machine) -> None:
    machine.name_bundle(OFF)
    machine.environ["DROID_ORG_ENDPOINT"] = "https://policy.example"
    policy = machine.look()
    assert values(policy) == [OFF]
    assert policy.bundle == machine.bundle


def test_a_bundle_has_the_parts_of_a_factory_folder(machine: Machine) -> None:
    machine.name_bundle(LOW | {"environments": {"local": {"maxAutonomyLevel": "off"}}})
    machine.write(machine.bundle / "settings.local.json", {"commandDenylist": ["rm"]})
    machine.write(machine.bundle / "hooks.json", {"PreToolUse": []})
    machine.write(machine.bundle / "mcp.json", {"mcpServers": {}})
    machine.environ["DROID_ENVIRONMENT_TYPE"] = "local"
    policy = machine.look()
    assert [(Path(layer.file).name, layer.part, layer.verified) for layer in policy.layers] == [
        ("settings.json", "base", True),
        ("settings.json", "environment", False),
        ("settings.local.json", "local", True),
        ("hooks.json", "base", True),
        ("mcp.json", "base", True),
    ]
    assert all(status == "ok" for _, status in statuses(policy))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", ":1:1: the file is empty"),
        (b"{", ":1:2:"),
        (b"[]", "an object"),
        (b'{\n "maxAutonomyLevel": "extreme"}', ": maxAutonomyLevel: must be one of"),
        (b'{"a": 1, "a": 1}', "given twice"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'{"a": "\0"}', "NUL"),
        (b'{"a": ' + b"[" * 200_000, "nested"),
        (b'{"a": "' + b"x" * (10 << 20) + b'"}', "larger than 1 MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_malformed_is_lockdown(machine: Machine, content: bytes, reason: str) -> None:
    machine.write(machine.system, content)
    machine.name_bundle(LOW)
    started = time.monotonic()
    told = locked(machine.look())
    assert time.monotonic() - started < 10
    assert told.startswith(str(machine.system))
    assert reason in told
    assert "mend" in told
    machine.system.unlink()
    machine.write(machine.bundle / "hooks.json", content.replace(b"maxAutonomyLevel", b"PreToolUse"))
    assert str(machine.bundle / "hooks.json") in locked(machine.look())


@pytest.mark.parametrize("kind", ["a folder", "a pipe", "a loop", "a dangling link", "a device"])
def test_what_is_no_file_is_lockdown_and_is_not_waited_for(machine: Machine, kind: str) -> None:
    def put(path: Path) -> None:
        match kind:
            case "a folder":
                path.mkdir()
            case "a pipe":
                os.mkfifo(path)
            case "a loop":
                path.symlink_to(path)
            case "a device":
                path.symlink_to("/dev/zero")
            case _:
                path.symlink_to("nowhere")

    put(machine.system)
    machine.name_bundle(LOW)
    assert "cannot be read" in locked(machine.look())
    machine.system.unlink() if not machine.system.is_dir() else machine.system.rmdir()
    assert machine.look().lockdown is None
    put(machine.bundle / "mcp.json")
    assert str(machine.bundle / "mcp.json") in locked(machine.look())


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing", "does not exist"),
        ("bundle", "holds nothing that a bundle has"),
        ("file", "is not a folder"),
        ("loop", "cannot be read"),
        ("file/below", "cannot be read (Not a directory)"),
        ("nul\0", "cannot be read"),
        ("x" * 300, "cannot be read"),
    ],
)
def test_a_named_bundle_that_cannot_be_read_is_lockdown(machine: Machine, name: str, reason: str) -> None:
    (machine.folder / "file").touch()
    (machine.folder / "loop").symlink_to(machine.folder / "loop")
    machine.environ["DROID_ORG_BUNDLE"] = str(machine.folder / name)
    machine.environ["DROID_ORG_ENDPOINT"] = "https://policy.example"  # is not passed on to
    told = locked(machine.look())
    assert reason in told
    assert "DROID_ORG_BUNDLE" in told


def test_a_bundle_that_is_named_by_a_relative_path_is_lockdown(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would be whatever folder of that name the repository has."""
    monkeypatch.chdir(machine.folder)
    machine.name_bundle(LOW)
    machine.environ["DROID_ORG_BUNDLE"] = "bundle"
    assert "is not an absolute path" in locked(machine.look())


def test_a_bundle_of_droids_alone_is_one(machine: Machine) -> None:
    machine.name_bundle()
    (machine.bundle / "droids").mkdir()
    assert machine.look().lockdown is None


def test_what_counts_in_the_system_file_alone_is_ignored_in_a_bundle(machine: Machine) -> None:
    machine.name_bundle(LOW | {"orgRequired": True, "orgEndpoint": "https://evil.example"})
    policy = machine.look()
    assert values(policy) == [LOW]
    assert len(policy.warnings) == 2
    assert machine.open().endpoint is None


async def test_a_system_file_stands_above_the_endpoint_that_it_points_to(
    machine: Machine, server: OrgServer
) -> None:
    machine.write(machine.system, OFF | {"orgEndpoint": server.url, "orgPublicKey": public()})
    server.answer = whole(signed(body(MEDIUM)))
    policy = await machine.open().start()
    assert policy.lockdown is None
    above, below = sorted(policy.layers, key=lambda layer: layer.rank)
    assert (above.file, below.file) == (machine.system, server.url)
    assert statuses(policy) == [("settings.json", "ok"), ("policy", "ok")]


async def test_a_system_file_keeps_its_say_where_its_endpoint_cannot_be_had(
    machine: Machine, server: OrgServer
) -> None:
    machine.write(machine.system, OFF | {"orgEndpoint": server.url})
    server.answer = whole(b"{}", "500 Internal Server Error")
    policy = await machine.open().start()
    assert f"the endpoint is named by {machine.system}:1" in locked(policy)
    assert policy.layers[0].values["maxAutonomyLevel"] == "off"


async def test_roots_pointers_override_the_environment(machine: Machine, server: OrgServer) -> None:
    machine.write(machine.system, {"orgEndpoint": server.url, "orgPublicKey": public()})
    machine.environ |= {
        "DROID_ORG_ENDPOINT": "https://evil.example",
        "DROID_ORG_PUBLIC_KEY": public(OTHER_KEY),
        "DROID_ORG_BUNDLE": str(machine.bundle),
    }
    server.answer = whole(signed(body(LOW)))
    policy = await machine.open().start()
    assert policy.lockdown is None
    assert LOW in values(policy)
    server.answer = whole(signed(body(MEDIUM, version=2), OTHER_KEY))
    organisation = machine.open()
    await organisation.start()
    await organisation.refresh()
    assert LOW in values(organisation.current())


async def test_pointers_that_somebody_can_change_give_way_to_the_environment(
    machine: Machine, server: OrgServer
) -> None:
    machine.tampering = "/etc/factory can be written by others than root"
    machine.write(machine.system, {"orgEndpoint": "https://a.example", "orgPublicKey": public(OTHER_KEY)})
    machine.environ |= {"DROID_ORG_ENDPOINT": server.url, "DROID_ORG_PUBLIC_KEY": public()}
    server.answer = whole(signed(body(LOW)))
    policy = await machine.open().start()
    assert policy.lockdown is None
    assert machine.tampering in policy.warnings[0]
    machine.environ.clear()
    assert "https://a.example" in locked(machine.look()), "where the environment says nothing they count"


def test_required_settings_that_nobody_names_are_lockdown(machine: Machine) -> None:
    machine.write(machine.system, '{\n"orgRequired": true}')
    told = locked(machine.look())
    assert told.startswith(f"{machine.system}:2: orgRequired")
    machine.name_bundle(LOW)
    assert machine.look().lockdown is None
    machine.environ.clear()
    machine.write(machine.system, {"orgRequired": False})
    assert machine.look().lockdown is None
    machine.write(machine.system, OFF | {"orgRequired": True})
    assert machine.look().lockdown is None, "it is there"


async def test_a_key_of_root_holds_for_an_endpoint_that_the_environment_names(
    machine: Machine, server: OrgServer
) -> None:
    machine.write(machine.system, {"orgRequired": True, "orgPublicKey": public()})
    machine.environ |= {"DROID_ORG_ENDPOINT": server.url, "DROID_ORG_PUBLIC_KEY": public(OTHER_KEY)}
    server.answer = whole(signed(body(), OTHER_KEY))
    assert "not by the public key" in locked(await machine.open().start())
    server.answer = whole(signed(body()))
    assert (await machine.open().start()).lockdown is None
    machine.name_bundle(MEDIUM)
    assert "orgPublicKey asks for a signature" in str(machine.look().lockdown)


def test_a_file_that_breaks_while_the_program_runs_stays_as_it_was(machine: Machine) -> None:
    machine.write(machine.system, LOW)
    organisation = machine.open()
    before = organisation.current()
    assert organisation.current() is before
    machine.write(machine.system, "{")
    policy = organisation.current()
    assert policy.lockdown is None
    assert values(policy) == [LOW]
    assert statuses(policy) == [("settings.json", "last good")]
    assert "its last good version stays in force" in policy.warnings[0]
    assert machine.look().lockdown
    machine.write(machine.system, OFF)
    assert values(organisation.current()) == [OFF]
    machine.system.unlink()
    assert not organisation.current().layers


def test_a_bundle_that_vanishes_while_the_program_runs_stays_as_it_was(machine: Machine) -> None:
    machine.name_bundle(LOW)
    organisation = machine.open()
    organisation.current()
    away = machine.bundle.rename(machine.folder / "away")
    policy = organisation.current()
    assert policy.lockdown is None
    assert values(policy) == [LOW]
    assert ("bundle", "last good") in statuses(policy)
    assert machine.look().lockdown
    away.rename(machine.bundle)
    assert statuses(organisation.current()) == [("settings.json", "ok")]


def test_a_file_that_appears_broken_locks_down_and_running_sessions_keep_what_holds(machine: Machine) -> None:
    machine.name_bundle(LOW)
    organisation = machine.open()
    organisation.current()
    machine.write(machine.system, "{")
    policy = organisation.current()
    assert str(machine.system) in locked(policy)
    assert values(policy) == [LOW]
    assert machine.effective(organisation) is AutonomyLevel.LOW


def test_a_change_while_a_tool_runs_tightens_at_once_and_loosens_when_confirmed(machine: Machine) -> None:
    machine.write(machine.system, LOW | {"commandAllowlist": ["ls"]})
    organisation = machine.open()
    assert machine.effective(organisation) is AutonomyLevel.LOW
    organisation.call_began()
    machine.write(machine.system, OFF)
    assert machine.effective(organisation) is AutonomyLevel.OFF
    machine.write(machine.system, {"trustedWorkspaces": [{"remote": "https://x.example/y", "sha256": []}]})
    policy = organisation.current()
    assert [layer.trusted for layer in policy.layers] == [True, False]
    assert "trustedWorkspaces" not in policy.layers[1].values
    organisation.call_ended()
    assert machine.effective(organisation) is AutonomyLevel.LOW
    assert statuses(organisation.current()) == [("settings.json", "unconfirmed")]
    assert organisation.unconfirmed() == (machine.system,)
    organisation.confirm(machine.system)
    assert machine.effective(organisation) is AutonomyLevel.HIGH
    assert statuses(organisation.current()) == [("settings.json", "ok")]


def test_a_file_that_is_deleted_while_a_tool_runs_still_counts(machine: Machine) -> None:
    machine.write(machine.system, LOW)
    organisation = machine.open()
    organisation.current()
    organisation.call_began()
    machine.system.unlink()
    organisation.call_ended()
    assert values(organisation.current()) == [LOW]
    organisation.confirm(machine.system)
    assert not organisation.current().layers


@pytest.mark.parametrize("text", [None, "{}"])
def test_a_broken_file_that_a_tool_mends_or_removes_locks_down_until_that_is_confirmed(
    machine: Machine, text: str | None
) -> None:
    machine.name_bundle(LOW)
    local = machine.bundle / "settings.local.json"
    machine.write(local, "{")
    organisation = machine.open()
    assert str(local) in locked(organisation.current())
    organisation.call_began()
    if text is None:
        local.unlink()
    else:
        machine.write(local, text)
    organisation.call_ended()
    held = organisation.current()
    assert held.lockdown is not None
    assert held.lockdown.startswith(str(local))
    organisation.confirm(local)
    assert organisation.current().lockdown is None


async def test_an_endpoint_that_the_file_newly_points_to_is_asked(
    machine: Machine, server: OrgServer
) -> None:
    machine.write(machine.system, LOW)
    organisation = machine.open()
    await organisation.start()
    assert organisation.endpoint is None
    machine.write(machine.system, LOW | {"orgEndpoint": server.url})
    assert "has not been asked yet" in locked(organisation.current())
    assert organisation.endpoint == server.url
    server.answer = whole(body(OFF))
    assert await organisation.refresh() is True
    assert organisation.current().lockdown is None
    assert OFF in values(organisation.current())


async def test_looking_never_waits_for_the_endpoint(machine: Machine, server: OrgServer) -> None:
    server.answer = hanging
    machine.environ["DROID_ORG_ENDPOINT"] = server.url
    organisation = machine.open()
    task = asyncio.ensure_future(organisation.refresh())
    while not server.requests:
        await asyncio.sleep(0.001)
    started = time.monotonic()
    assert organisation.current().lockdown
    assert time.monotonic() - started < 3
    await task


@pytest.mark.parametrize(
    ("tampering", "verified"), [(None, True), ("/etc/factory does not belong to root", False)]
)
def test_an_environment_is_proven_by_what_only_root_can_write(
    machine: Machine, tampering: str | None, verified: bool
) -> None:
    machine.tampering = tampering
    machine.write(
        machine.system,
        LOW | {"deployment": {"environmentType": "sandbox"}, "environments": {"sandbox": MEDIUM}},
    )
    policy = machine.look()
    assert policy.environment.verified is verified
    assert policy.environment.type == "sandbox" or not verified


def test_an_image_can_be_marked_without_a_system_file(machine: Machine) -> None:
    (machine.system.parent / "environment").write_text("DROID_ENVIRONMENT_TYPE=sandbox\n")
    machine.name_bundle(LOW)
    assert machine.look().environment.verified
    machine.tampering = "somebody can change it"
    assert not machine.look().environment.verified


@pytest.mark.parametrize(("trusts", "verified"), [(True, True), (False, False), (None, False)])
def test_a_runners_variables_are_believed_where_the_organisation_says_so(
    machine: Machine, trusts: bool | None, verified: bool
) -> None:
    machine.name_bundle(LOW | ({} if trusts is None else {"deployment": {"trustCiVariables": trusts}}))
    machine.environ |= {"GITHUB_ACTIONS": "true", "GITHUB_RUN_ID": "1"}
    found = machine.look().environment
    assert (found.type, found.verified) == ("ci", verified)


def test_the_place_of_the_system_file_cannot_be_moved_by_a_variable(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only way to another place is an argument, which no surface passes on."""
    found: list[Path] = []
    monkeypatch.setattr("droid.settings.org.SourceFinder", lambda **given: found.append(given["system"]))
    Organisation(home=machine.home, environ={name: str(machine.folder) for name in os.environ})
    assert found[0] in {Path("/etc/factory"), Path("/Library/Application Support/Factory")}
