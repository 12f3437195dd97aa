"""`workspace/executeCommand` and the custom methods: the same verbs, whichever way they come."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from droid.lsp.arguments import Arguments, read_arguments
from droid.lsp.convert import shortened
from droid.lsp.handlers import (
    answers,
    checkpoints,
    choices,
    deletion,
    mentions,
    policy_verbs,
    prompts,
    reports,
    review,
    sessions,
    settings_verbs,
)
from droid.lsp.pygls_workarounds import INVALID_PARAMS
from droid.lsp.verbs import VERBS, Verb

if TYPE_CHECKING:
    from droid.lsp.language_server import DroidLanguageServer

Run = Callable[["DroidLanguageServer", Arguments], Awaitable[Any]]

_RUN: Mapping[str, Run] = {
    **prompts.VERBS,
    **sessions.VERBS,
    **deletion.VERBS,
    **answers.VERBS,
    **choices.VERBS,
    **mentions.VERBS,
    **reports.VERBS,
    **settings_verbs.VERBS,
    **policy_verbs.VERBS,
    **review.VERBS,
    **checkpoints.VERBS,
}


def register(ls: "DroidLanguageServer") -> None:
    async def execute(params: types.ExecuteCommandParams) -> Any:
        verb = VERBS.get(params.command)
        if verb is None or verb.command not in _RUN:
            raise JsonRpcException(f"no such command: {shortened(params.command)}", INVALID_PARAMS)
        return await _run(ls, verb, list(params.arguments or ()))

    ls.rpc.handlers[types.WORKSPACE_EXECUTE_COMMAND] = execute
    served = [verb for verb in VERBS.values() if verb.command in _RUN]
    ls.rpc.commands += [verb.command for verb in served]
    for verb in served:
        if verb.method is not None:
            ls.rpc.handlers[verb.method] = partial(_run, ls, verb)


async def _run(ls: "DroidLanguageServer", verb: Verb, given: object) -> Any:
    arguments = read_arguments(verb.command, verb.parameters, given)
    return await _RUN[verb.command](ls, arguments)
