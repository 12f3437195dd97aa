"""An organisation's hook and the files of a repository that nobody has trusted."""

from pathlib import Path

import pytest
from tests.fakes.shop import Shop

from droid.settings.hook_trust import untrusted_file
from droid.settings.trust import TrustDecision
from droid.settings.trust_scan import TrustScanner

UNTRUSTED = TrustDecision(trusted=False, reason="nobody has")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.write("ci/guard.sh", "exit 0")
    shop.write("sub/own.py", "x")
    shop.write(".factory/hooks/check.sh", "exit 0")
    return shop


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ('"$FACTORY_PROJECT_DIR"/ci/guard.sh', "ci/guard.sh"),
        ("ci/guard.sh --strict", "ci/guard.sh"),
        ("bash -c 'cd x && ./ci/guard.sh'", "ci/guard.sh"),
        ("python3 own.py", "sub/own.py"),
        ("$FACTORY_PROJECT_DIR/.factory/hooks/check.sh", ".factory/hooks/check.sh"),
        ("{root}/ci/guard.sh", "ci/guard.sh"),
        ("/opt/org/guard.sh", ""),
        ("ci/none.sh", ""),
        ("exit 2", ""),
    ],
)
def test_a_file_of_the_repository_is_refused_until_it_is_trusted(shop: Shop, command: str, file: str) -> None:
    command = command.replace("{root}", str(shop.root))
    why = untrusted_file(command, cwd=shop.root / "sub", root=shop.root, trust=UNTRUSTED)
    assert (why or "").startswith(f"runs {file} of this repository" if file else "")
    assert bool(why) is bool(file)


def test_trust_covers_what_the_organisation_s_hooks_name_and_no_more(shop: Shop) -> None:
    content = TrustScanner(shop.root, shop.home, ["ci/guard.sh"]).scan()
    trust = TrustDecision(trusted=True, reason="", content=content)
    assert untrusted_file("ci/guard.sh", cwd=shop.root, root=shop.root, trust=trust) is None
    assert untrusted_file("sub/own.py", cwd=shop.root, root=shop.root, trust=trust)
    assert untrusted_file("x" * 100_000, cwd=shop.root, root=shop.root, trust=trust)
