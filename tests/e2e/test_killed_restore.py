"""The program is killed while it restores: every file is whole, the transcript can be read, and it goes on."""

import json
import subprocess
import time
from pathlib import Path

from tests.e2e.harness import bench_in, call

FILES = 150
OLD, NEW = "old\n" * 2_000, "new\n" * 2_000


def test_a_restore_that_was_killed_can_be_done_again(tmp_path: Path) -> None:
    with bench_in(tmp_path) as bench:
        files = [bench.workspace / f"f{number}" for number in range(FILES)]
        for file in files:
            file.write_text(OLD)
        bench.play(call("Execute", command="sed -i s/old/new/ f*"), {"text": "done"})
        done = bench.exec("-o", "json", "--auto", "high", "change them")
        session = json.loads(done.stdout)["session_id"]
        assert {file.read_text() for file in files} == {NEW}
        process = bench.start(
            "sessions", "rewind", session, "t1", "--yes", stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        try:
            end = time.monotonic() + 30
            while not any(bench.workspace.glob(".droid-*.tmp")) and process.poll() is None:
                assert time.monotonic() < end
        finally:
            process.kill()
            process.communicate()
        assert {file.read_text() for file in files} <= {OLD, NEW}
        assert "change them" in bench.run("sessions", "show", session).stdout
        again = bench.run("sessions", "rewind", session, "t1", "--yes")
        assert again.returncode == 0 or "no longer part" in again.stderr, again.stderr
        assert {file.read_text() for file in files} == {OLD}
        assert bench.events()[-1]["type"] == "rewound"
