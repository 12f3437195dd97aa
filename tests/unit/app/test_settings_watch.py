"""Settings that change under a server that runs."""

import json
from pathlib import Path

import pytest

from droid.app.policies import open_policies
from droid.app.settings_watch import SettingsWatch


class Place:
    def __init__(self, folder: Path) -> None:
        self.home = folder / "home" / ".factory"
        self.home.mkdir(parents=True)
        self.root = folder / "shop"
        (self.root / ".git").mkdir(parents=True)
        self.file = self.root / ".factory" / "settings.json"
        self.file.parent.mkdir()
        environ = {"HOME": str(self.home.parent), "FACTORY_HOME": str(self.home)}
        self.watch = SettingsWatch(open_policies(self.root, environ))

    def look(self) -> bool:
        self.watch.changed()
        return self.watch.look(())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path.resolve())


def test_a_change_is_seen_once(place: Place) -> None:
    assert place.look()
    assert not place.look()
    place.file.write_text('{"model": "x"}')
    assert place.look()
    assert not place.look()
    (place.home / "settings.json").write_text('{"model": "y"}')
    assert place.look()
    place.file.unlink()
    assert place.look()
    assert not place.look()


def test_what_changed_while_a_tool_ran_waits_for_a_person(place: Place) -> None:
    place.file.write_text('{"model": "old", "commandDenylist": ["rm"]}')
    place.look()
    place.watch.policies.call_began()
    place.file.write_text('{"model": "new", "customModels": [{"apiKey": "my-own-key"}]}')
    place.watch.policies.call_ended()
    assert place.look()
    (change,) = place.watch.unconfirmed()
    assert change.path == place.file
    assert '-{"model": "old"' in change.diff
    assert '+{"model": "new"' in change.diff
    assert "my-own-key" not in change.diff
    assert place.watch.confirm(change)
    assert place.look()
    assert place.watch.unconfirmed() == ()


def test_a_yes_is_for_what_was_shown(place: Place) -> None:
    place.file.write_text('{"model": "old"}')
    place.look()
    place.watch.policies.call_began()
    place.file.write_text('{"model": "new"}')
    place.watch.policies.call_ended()
    place.look()
    (shown,) = place.watch.unconfirmed()
    place.file.write_text('{"model": "newer"}')
    assert not place.watch.confirm(shown)
    (again,) = place.watch.unconfirmed()
    assert "newer" in again.diff
    assert place.watch.confirm(again)


def test_a_yes_is_not_for_what_has_changed_beyond_what_was_shown(place: Place) -> None:
    lines = "\n" * 200
    place.file.write_text('{"model": "old"}')
    place.look()
    place.watch.policies.call_began()
    place.file.write_text('{"model": "new",' + lines + '"maxAutonomyLevel": "low"}')
    place.watch.policies.call_ended()
    place.look()
    (shown,) = place.watch.unconfirmed()
    place.file.write_text('{"model": "new",' + lines + '"maxAutonomyLevel": "off"}')
    assert not place.watch.confirm(shown)
    (again,) = place.watch.unconfirmed()
    assert again.diff == shown.diff
    assert place.watch.confirm(again)


def test_a_new_and_a_deleted_file_are_shown_as_such(place: Place) -> None:
    place.look()
    place.watch.policies.call_began()
    place.file.write_text('{"model": "new"}')
    place.watch.policies.call_ended()
    place.look()
    (made,) = place.watch.unconfirmed()
    assert made.diff.startswith("--- /dev/null")
    assert place.watch.confirm(made)
    place.look()
    place.watch.policies.call_began()
    place.file.unlink()
    place.watch.policies.call_ended()
    place.look()
    (gone,) = place.watch.unconfirmed()
    assert "+++ /dev/null" in gone.diff
    assert place.watch.confirm(gone)


def test_a_long_change_is_shortened(place: Place) -> None:
    place.look()
    place.watch.policies.call_began()
    place.file.write_text(json.dumps({"commandDenylist": [f"rm {n}" for n in range(200)]}, indent=1))
    place.watch.policies.call_ended()
    place.look()
    (change,) = place.watch.unconfirmed()
    assert change.diff.count("\n") == 30
    assert change.diff.endswith("more lines")
