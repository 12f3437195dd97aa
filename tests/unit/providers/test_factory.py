"""Importing is free, and only what is asked for is loaded."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.unit.providers.samples import profile

from droid.domain.models import Wire
from droid.providers.factory import Providers

COSTLY = (
    "httpx",
    "pydantic",
    "ssl",
    "email",
    "droid.providers.anthropic",
    "droid.providers.chat",
    "droid.net.client",
)


def loaded_after(code: str) -> set[str]:
    program = f"import sys\n{code}\nprint(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(result.stdout.split())


def test_importing_the_factory_and_the_catalogue_loads_nothing_costly() -> None:
    loaded = loaded_after(
        "from droid.providers.factory import Providers\nimport droid.providers.catalogue as c\n"
        "Providers()\nc.catalogue_models({'OPENAI_API_KEY': 'k'})"
    )
    assert not loaded & set(COSTLY)


def test_one_wire_is_loaded_for_one_model() -> None:
    loaded = loaded_after(
        "from droid.providers.factory import Providers\n"
        "from droid.domain.models import ModelProfile, Wire\n"
        "Providers().for_profile(ModelProfile(id='a', model='a', wire=Wire.ANTHROPIC, base_url='http://a'))"
    )
    assert "droid.providers.anthropic" in loaded
    assert not loaded & {"droid.providers.openai", "droid.providers.chat", "pydantic"}


def test_many_threads_get_the_same_provider() -> None:
    providers = Providers(environ={})
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(providers.for_profile, [profile(Wire.ANTHROPIC)] * 32))
    assert len(found) == 1


@pytest.mark.parametrize("wire", list(Wire))
async def test_there_is_one_provider_for_each_wire(wire: Wire) -> None:
    providers = Providers(environ={})
    first = providers.for_profile(profile(wire))
    assert providers.for_profile(profile(wire, model="other", base_url="https://other")) is first
    assert all(providers.for_profile(profile(other)) is not first for other in Wire if other is not wire)
    providers.forget("never seen")
    await providers.aclose()
    assert providers.for_profile(profile(wire)) is not first
    await providers.aclose()
