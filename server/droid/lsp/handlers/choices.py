"""Verbs that set something or tell how things stand."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from droid.lsp.arguments import Arguments
from droid.lsp.handlers.prompts import ASKED
from droid.lsp.handlers.sessions import folder_of_focus
from droid.lsp.resting import described

if TYPE_CHECKING:
    from droid.engine.session import Session
    from droid.lsp.language_server import DroidLanguageServer

_MAX_MODELS = 30


async def set_model(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Go on with another model; without one, the person picks."""
    session = await ls.host.session(folder_of_focus(ls), arguments.text("sessionId"))
    model = arguments.text("model")
    if model is not None:
        runtime = await ls.host.runtime(ls.host.folder_of(session))
        session.set_model(runtime.resolve_model(model))
        return described(session)
    runtime = await ls.host.runtime(ls.host.folder_of(session))
    models = sorted(runtime.policy.models)[:_MAX_MODELS]
    text = f"Model of this session (now {session.model or 'none'})"
    await _pick(ls, text, models, lambda session, chosen: session.set_model(chosen), session)
    return ASKED


async def list_models(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """The models that can be chosen, those that are refused and why, and the one that is in use."""
    folder = folder_of_focus(ls)
    known = await ls.host.find_or_current(arguments.text("sessionId"), folder)
    runtime = await ls.host.runtime(ls.host.folder_of(known) if known is not None else folder)
    policy = runtime.policy
    models = sorted(policy.models.values(), key=lambda profile: profile.id)
    current = known.model if known is not None else policy.model or next(iter(policy.models), None)
    if not ls.editor.profile.droid.declared:
        names = [f"{one.id} (in use)" if one.id == current else one.id for one in models]
        shown = ", ".join(names) or "none is configured; droid.doctor says how to add one"
        ls.editor.message(f"Droid: models: {shown}")
    return {
        "models": [
            {
                "id": profile.id,
                "name": profile.display_name or profile.model,
                "provider": profile.wire.value,
                "contextWindow": profile.context_tokens,
                "images": profile.supports_images,
            }
            for profile in models
        ],
        "current": current,
        "refused": [{"id": id_, "why": why} for id_, why in sorted(policy.models_refused.items())],
    }


async def set_autonomy(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """Set what runs without asking; without a level, the person picks."""
    from droid.domain.levels import AutonomyLevel

    session = await ls.host.session(folder_of_focus(ls), arguments.text("sessionId"))
    level = arguments.text("autonomy")
    if level is not None:
        session.set_autonomy(AutonomyLevel(level))
        return described(session)
    runtime = await ls.host.runtime(ls.host.folder_of(session))
    levels = [str(one) for one in AutonomyLevel if one <= runtime.policy.max_autonomy]
    await _pick(
        ls,
        f"Autonomy of this session (now {session.autonomy})",
        levels,
        lambda session, chosen: session.set_autonomy(AutonomyLevel(chosen)),
        session,
    )
    return ASKED


async def _pick(
    ls: "DroidLanguageServer",
    text: str,
    titles: Sequence[str],
    choose: "Callable[[Session, str], None]",
    asked_for: "Session",
) -> None:
    questions = (await ls.surfaces()).questions

    async def ask() -> None:
        chosen = await questions.confirm(text, titles)
        if chosen is not None:
            session = await ls.host.wake(asked_for)
            choose(session, chosen)

    ls.later(ask(), "pick")


async def status(ls: "DroidLanguageServer", arguments: Arguments) -> Mapping[str, Any]:
    """How things stand; a client that shows nothing of it is told in a message."""
    session = await ls.host.find_or_current(arguments.text("sessionId"))
    waiting = ls.shown.questions.open if ls.shown is not None else None
    if session is None:
        result: Mapping[str, Any] = {"busy": False, "kind": "idle", "message": "no session yet"}
        line = "Droid: no session yet"
    else:
        activity = ls.shown.progress.activity(session.id) if ls.shown is not None else None
        result = {
            **described(session),
            "kind": activity.kind if activity is not None else "idle",
            "message": activity.message if activity is not None else "",
            "approvalId": waiting.id if waiting is not None else None,
            "costUsd": session.cost_usd,
            "cwd": str(session.cwd),
        }
        doing = activity.message if activity is not None and activity.message else "idle"
        from droid.lsp.transcript_blocks import cost

        spent = f", {cost(session.cost_usd)}" if session.cost_usd is not None else ""
        line = f"Droid: {doing} — model {session.model}, autonomy {session.autonomy}{spent}"
    if not ls.editor.profile.droid.status:
        ls.editor.message(line)
    return result


VERBS: Mapping[str, Callable[["DroidLanguageServer", Arguments], Awaitable[Mapping[str, Any]]]] = {
    "droid.model.set": set_model,
    "droid.model.list": list_models,
    "droid.autonomy.set": set_autonomy,
    "droid.status": status,
}
