"""The page on organisation policy: its recipe is run, and what it makes is what the program takes."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.fakes.org_server import OrgServer, Served, whole

from droid.settings.org import Organisation
from droid.settings.org_signature import NotVerified, read_public_key, verify_signature

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "org-policy.md").read_text(encoding="utf-8")
RECIPE = "".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
(EXAMPLE,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def can_sign() -> bool:
    """Signing with Ed25519 from the command line came with OpenSSL 3."""
    found = shutil.which("openssl")
    if found is None:
        return False
    said = subprocess.run([found, "version"], capture_output=True, text=True, check=True).stdout
    return re.match(r"OpenSSL [3-9]", said) is not None


@pytest.mark.skipif(not can_sign(), reason="the recipe needs OpenSSL 3")
async def test_what_the_recipe_signs_is_in_force(tmp_path: Path) -> None:
    policy = json.loads(EXAMPLE)
    policy["notAfter"] = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    (tmp_path / "policy.json").write_text(json.dumps(policy, indent=2))
    done = subprocess.run(
        ["sh", "-e", "-c", RECIPE], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    line = done.stdout.splitlines()[0]
    pem = (tmp_path / "policy-key.pub.pem").read_text()
    assert read_public_key(pem) == read_public_key(line)
    with pytest.raises(NotVerified, match="private key"):
        read_public_key((tmp_path / "policy-key.pem").read_text())
    data = (tmp_path / "policy.json").read_bytes()
    signature = (tmp_path / "policy.sig.txt").read_text()
    verify_signature(read_public_key(pem), data, signature)
    with pytest.raises(NotVerified):
        verify_signature(read_public_key(pem), data + b"\n", signature)
    served = Served(data=data, headers={"Droid-Signature": signature})
    async with OrgServer(whole(served)) as server:
        environ = {"DROID_ORG_ENDPOINT": server.url, "DROID_ORG_PUBLIC_KEY": line}
        found = await Organisation(home=tmp_path, environ=environ, system=tmp_path / "etc").start()
    assert found.lockdown is None
    assert not found.warnings
    assert dict(found.layers[0].values) == policy["settings"]
