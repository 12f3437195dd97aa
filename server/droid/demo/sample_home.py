"""A `.factory` folder of the demonstration's own, so that nothing of the person's is touched."""

import json
from pathlib import Path

from droid.demo.model_server import DISPLAY_NAME, MODEL_NAME

MODEL_ID = "custom:scripted-demo-model"


def write_home(home: Path, base_url: str) -> None:
    """Write settings that know the scripted model and nothing else."""
    home.mkdir(mode=0o700, parents=True)
    model = {
        "id": MODEL_ID,
        "model": MODEL_NAME,
        "displayName": DISPLAY_NAME,
        "provider": "generic-chat-completion-api",
        "baseUrl": base_url,
        "apiKey": "the-scripted-model-needs-no-key",
        "price": {"inputPerMTok": 0, "outputPerMTok": 0, "cacheReadPerMTok": 0, "cacheWritePerMTok": 0},
    }
    settings = {"model": MODEL_ID, "customModels": [model]}
    (home / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
