"""What a hostile repository can do to whoever makes the number of its content: nothing but be refused."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.fakes.shop import Shop

from droid.settings import trust_scan


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_links_that_multiply_are_refused_in_time(shop: Shop) -> None:
    for level in range(30):
        shop.write(f".factory/m/{level}/file", "x")
        for name in ("l", "r"):
            (shop.root / f".factory/m/{level}/{name}").symlink_to(f"../{level + 1}")
    assert "is one of more than 20000 files" in shop.problem()


def test_a_file_that_cannot_be_read_cannot_be_covered(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop.write(".factory/private.md", "x", mode=0o000)
    shop.write("scripts/check.sh", "x", mode=0o000)
    script = (
        "import os, sys, droid.settings.visible; from pathlib import Path;"
        "from droid.settings.trust_scan import TrustScanner;"
        "scan = lambda: TrustScanner(Path(sys.argv[1]), Path('/nowhere')).scan();"
        "scan();"  # imports what it needs, which another user may not be able to
        "os.getuid() or os.setuid(65534);"
        "content = scan();"
        "print(content.sha256, *content.problems, sep='\\n')"
    )
    if os.getuid() == 0:  # root reads everything, so somebody else looks
        of_tests = tmp_path_factory.getbasetemp()
        for path in (shop.root, *shop.root.parents):
            # What all tests share is for everybody to pass through, and never less than it was.
            if path.is_relative_to(of_tests) or path.name.startswith("pytest-"):
                path.chmod(path.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", script, str(shop.root)],
        env={"PYTHONPATH": str(Path(trust_scan.__file__).parents[2]), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines() == [
        "",
        ".factory/private.md cannot be read (Permission denied)",
        "scripts/check.sh is named by a command and cannot be read (Permission denied)",
    ], done.stderr


def test_a_file_of_ten_megabytes_is_read(shop: Shop) -> None:
    shop.write(".factory/skills/review/model.bin", b"x" * 10_000_000)
    began = time.monotonic()
    first = shop.number()
    assert time.monotonic() - began < 5
    shop.write(".factory/skills/review/model.bin", b"x" * 9_999_999 + b"y")
    assert shop.number() != first


def test_a_hundred_thousand_files_are_looked_through_in_time(shop: Shop) -> None:
    for folder in range(100):
        place = shop.root / "data" / str(folder)
        place.mkdir(parents=True)
        file = place / "file"
        file.touch()
        for name in range(1000):
            os.link(file, place / str(name))
    began = time.monotonic()
    assert shop.scan().problems == ()
    assert time.monotonic() - began < 10


def test_a_tree_that_is_deeper_than_paths_may_be_is_passed_over(shop: Shop) -> None:
    before = shop.number()
    here = os.open(shop.root, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("deep", dir_fd=here)
        below = os.open("deep", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.mkdir(".factory", dir_fd=here)
    os.close(here)
    assert shop.number() == before
    subprocess.run(["rm", "-rf", str(shop.root / "deep")], check=True)


def test_a_folder_swapped_while_it_is_read_gives_either_content_or_none(shop: Shop) -> None:
    shop.write("swap/.factory/settings.json", '{"model": "a"}')
    shop.write("other/settings.json", '{"model": "b"}')
    swap, other = shop.root / "swap/.factory", shop.root / "other"
    script = (
        "import os, sys\n"
        "a, b = sys.argv[1:]\n"
        "while True:\n"
        "    os.rename(a, a + '-'); os.rename(b, a); os.rename(a + '-', b)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(swap), str(other)])
    try:
        scanner = shop.scanner()
        for _ in range(200):
            content = scanner.scan()
            path = swap / "settings.json"
            either = [content.matches(path, data) for data in (b'{"model": "a"}', b'{"model": "b"}')]
            assert sum(either) <= 1
    finally:
        process.kill()
        process.wait()
