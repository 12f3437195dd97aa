"""How text addresses an agent: what is looked for, as data.

Each row has an anchor, a piece that its expression cannot do without. Looking for the few anchors is nearly
all that ordinary text costs; an expression is tried only where its anchor is, so its cost is bounded by the
number of those, however the text was made. Everything works on UTF-8 in lower case, and a blank in an
expression stands for whatever may part two words: white space, the number of a line, a comment's next line,
emphasis, punctuation.

The rows say less than they could: documentation of programs that speak to models speaks of prompts and
instructions all the time. A row is worth having where honest text hardly ever says the same.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from droid.domain.untrusted import MarkKind

_NUMBER = r"\x20{0,6}\d{1,6}(?:→|:\x20?)"
"""What tools put before the lines of a file."""
_BLANK = rf"(?:[\W_]{{1,12}}|(?:[\W_]{{0,6}}\n{_NUMBER}){{1,3}}[\W_]{{0,8}})"
_ENDS = r"(?=\W{0,3}(?:$|[.,;:!?\n]|and\b))"
_BEGINS = r"(?:^|[\n.!?\]>*#-])\W{0,6}"

_LOOSE = (
    "(?: (?:all|any|every|everything|each|of|the|your|my|our|its|these|those|this|that|other|and|or|previous"
    "|previously|prior|preceding|earlier|above|foregoing|former|existing|initial|original|past|old|current"
    "|system|safety|security|developer|user|given|received|internal|preset|content|ethical|moderation)){0,4}"
)
_STRONG = (
    " (?:all|any|every|your|previous|previously|prior|preceding|earlier|above|foregoing|former|existing"
    "|initial|original|past|other|safety|developer|ethical)"
)
_TOLD = r" (?:instructions?|directives?|directions|prompts?|guidelines|protocols?|constraints|programming)\b"
_ALL = _LOOSE + _STRONG + _LOOSE + _TOLD
_BEFORE = (
    r" (?:the |your |all )?(?:instructions?|text|everything|content|prompt|conversation)"
    r" (?:above|before this|prior to this|you (?:have |were |had )?(?:got|received|been given|given))" + _ENDS
)
_A_BEING = (
    r"an? (?:[a-z-]{1,16} ){0,4}"
    r"(?:assistant|ai|bot|chatbot|agent|hacker|persona|character|interpreter|pirate|robot|dan|gpt|advisor)\b"
)
_A_MODEL = (
    r"an? (?:ai|llm|large language model|language model|ai (?:assistant|agent|model)"
    r"|coding (?:agent|assistant))\b"
)
_DO_NOT = r"\b(?:do not|don\W{1,3}t|never|must not) (?:ever )?"
_LATIN_IGNORE = (
    r"\b(?:ignor\w{0,6}|oubli\w{0,4}|olvid\w{0,4}|desconsider\w{0,4}|esque\S{0,6}|negeer|vergeet)\b"
    r"[^\n]{0,60}?"
)
_LATIN_PRIOR = r"(?:anterior|previ[ao]s|pr\S{1,4}c\S{1,4}dent)"
_LATIN = ("ignor", "oubli", "olvid", "desconsider", "esque", "negeer", "vergeet")
_PRY = (
    r"\b(?:reveal|show|print|repeat|output|leak|display|disclose|dump|expose|send|give|tell|share|return"
    r"|recite)(?: [a-z]{1,12}){0,5}? your (?:[a-z]{1,12} ){0,2}?"
    r"(?:system|initial|original|hidden|secret|internal|developer) (?:[a-z]{1,12} ){0,2}?"
    r"(?:prompts?|instructions?|directives?)\b"
)
_PRY_WHOLE = (
    r"\b(?:reveal|repeat|leak|disclose|dump|expose|output|print) (?:the )?"
    r"(?:entire|full|complete|hidden|exact|whole|above|secret) (?:text of (?:the )?)?system prompt\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Something that is said to an agent.

    Attributes:
        anchor: In lower case; the expression matches nowhere without it.
        expression: Compiled where its anchor is first met: most sessions meet few.
        before: How many bytes before its anchor it may begin; 0: it begins with it.
        near: Besides, one of these must be around; empty where nothing is asked.
        reason: What it is, quoting nothing.
    """

    anchor: bytes
    expression: bytes
    before: int = 0
    near: tuple[bytes, ...] = ()
    kind: MarkKind = MarkKind.INSTRUCTION
    reason: str = ""

    @property
    def pattern(self) -> re.Pattern[bytes]:
        return _compiled(self.expression)


@cache
def _compiled(expression: bytes) -> re.Pattern[bytes]:
    return re.compile(expression)


def _row(anchor: str, *pattern: str, before: int = 0, near: tuple[str, ...] = ()) -> Phrase:
    starts = r"\b" if before == 0 and anchor[0].isascii() and anchor[0].isalpha() else ""
    return Phrase(
        anchor=anchor.encode(),
        expression=(starts + "".join(pattern).replace(" ", _BLANK)).encode(),
        before=before,
        near=tuple(one.encode() for one in near),
    )


def _all(reason: str, kind: MarkKind, *rows: Phrase) -> tuple[Phrase, ...]:
    return tuple(replace(row, reason=reason, kind=kind) for row in rows)


_IGNORES = _all(
    "asks the agent to ignore what it was told",
    MarkKind.INSTRUCTION,
    _row("ignor", r"ignor(?:e|ing)\b", _ALL),
    _row("ignor", r"ignor(?:e|ing)\b", _BEFORE),
    _row("disregard", r"disregard(?:ing)?\b", _ALL),
    _row("disregard", r"disregard(?:ing)?\b", _BEFORE),
    _row("forget", r"forget\b", _ALL),
    _row("forget", r"forget\b", _BEFORE),
    _row(
        "instru",
        r"\b(?:stop following|(?:do not|don\W{1,3}t) (?:follow|obey)|no attention to)",
        _ALL,
        before=90,
        near=("follow", "obey", "attention"),
    ),
    _row(
        "ignor",
        r"ignor(?:e|ing) (?:everything|anything|all|what(?:ever)?)",
        r"(?: (?:that|i|we|they|you|was|were|is|has|have|had|been|ve|the|user|just)){0,5}",
        r" (?:above|before|previously|told|said)",
        _ENDS,
    ),
    _row(
        "forget",
        r"forget (?:everything|anything|all)(?: (?:that|i|we|they|you|was|were|have|had|been|ve)){0,5}",
        r" (?:above|before|previously|told|said|learned|instructed)\b",
    ),
    _row("forget", r"forget everything (?:you are|act as|your|now|and (?:act|do|say|run|send))\b"),
    _row(
        "instru",
        r"\byour (?:[a-z]{1,12} )?instructions? (?:have been|are now|are hereby)",
        r" (?:revoked|updated|cancell?ed|superseded|changed|overridden|replaced)\b",
        before=30,
        near=("your",),
    ),
    _row(
        "instru",
        _BEGINS,
        r"(?:new|updated|revised|real) (?:system )?instructions?\s{0,3}:\s{0,8}[\"'`]?[a-z]",
        before=40,
        near=("new ", "updated ", "revised ", "real "),
    ),
    _row(
        "instru",
        r"\b(?:follow|obey|execute) (?:these|my|this|the following) (?:new )?instructions? instead\b",
        before=60,
        near=("instead",),
    ),
    _row("prompt", r"\bnew system prompt\b\W{0,4}(?::|is\b|you\b|<)", before=40, near=("new",)),
    _row(
        "overrid",
        r"\b(?:system|admin|administrator|developer|instruction) override\b\s{0,2}[\]:!]",
        before=30,
        near=("override:", "override]", "override!", "override :", "override ]"),
    ),
    _row(
        "overrid",
        r"overrid(?:e|ing) (?:safety protocols",
        r"|(?:all|your|any) (?:[a-z]{1,12} )?(?:safety|ethical|instructions))\b",
    ),
    # The same in other languages.
    _row(
        "instru",
        _LATIN_IGNORE,
        r"\b(?:toutes|todas|alle|vorige|eerdere|",
        _LATIN_PRIOR,
        r")[^\n]{0,60}?instru",
        before=150,
        near=_LATIN,
    ),
    _row("instru", _LATIN_IGNORE, r"instru\S{1,12} ", _LATIN_PRIOR, before=90, near=_LATIN),
    _row("ignorier", r"ignorier\w{0,4}\b[^\n]{0,80}?anweisung"),
    _row("anweisung", r"\b(?:vergiss|vergessen sie|missachte\w{0,2})\b[^\n]{0,80}?anweisung", before=100),
    _row("istruzion", r"\b(?:ignora\w{0,4}|dimentica\w{0,4})\b[^\n]{0,80}?istruzion", before=100),
    _row(
        "нструкци",
        r"(?:гнорир|абудь)[^\n]{0,100}?(?:предыдущ|прежн|все|всё)[^\n]{0,60}?нструкци",
        before=170,
    ),
    _row("忽略", r"忽略[^\n]{0,40}?(?:之前|以上|上述|先前|前面|所有)[^\n]{0,40}?(?:指令|指示|提示词)"),
    _row("无视", r"无视[^\n]{0,40}?(?:之前|以上|上述|先前|前面|所有)[^\n]{0,40}?(?:指令|指示|提示词)"),
    _row("無視", r"(?:指示|命令|プロンプト)[^\n]{0,40}?無視|無視[^\n]{0,60}?指令", before=60),
    _row("무시", r"(?:이전|위의|모든)[^\n]{0,60}?(?:지시|명령|지침)[^\n]{0,30}?무시", before=130),
)
_PARTS = _all(
    "gives the agent another part to play",
    MarkKind.INSTRUCTION,
    _row(
        "you are ",
        r"you are now (?:going to (?:act|be|play|pretend|respond)|acting\b|operating (?:in|as)\b",
        r"|in (?:developer|debug|god|admin|maintenance|sudo|root|dan|jailbreak|unrestricted|test) mode",
        r"|dan\b|unrestricted|unfiltered|jailbroken|",
        _A_BEING,
        r")",
    ),
    _row("you are ", r"you are no longer (?:bound by|restricted by|", _A_BEING, r")"),
    _row(
        "from now on",
        r"from now on (?:you (?:are (?:going to|dan\b|",
        _A_BEING,
        r")|must (?:act|obey|ignore)|will (?:act|obey|ignore|pretend|behave|play)|have no)",
        r"|act as|respond (?:as|only with)|pretend)",
    ),
    _row("you are ", r"\bpretend you are (?:dan\b|", _A_BEING, r")", before=20, near=("pretend",)),
    _row("you are ", r"\bif you are ", _A_MODEL, before=15, near=("if ",)),
    _row("important", r"important message from [a-z]{1,20}(?: [a-z]{1,20}){0,3} to you\b"),
    _row("important", r"<important>", before=1),
)
_PRIES = _all(
    "asks for what the agent was told",
    MarkKind.INSTRUCTION,
    _row("instru", _PRY, before=140, near=("your",)),
    _row("prompt", _PRY, before=140, near=("your",)),
    _row("prompt", _PRY_WHOLE, before=70, near=("system",)),
)
_SECRETS = _all(
    "asks the agent to keep something from the person",
    MarkKind.INSTRUCTION,
    _row(
        "the user",
        _DO_NOT,
        r"(?:(?:tell|inform) the user\b(?!\W{1,3}s\b)|let the user (?:know|notice|see this|find out)\b)",
        before=40,
        near=("tell", "inform", "let"),
    ),
    _row(
        "the user",
        _DO_NOT,
        r"(?:mention|reveal|disclose|report|say|show) (?:any(?:thing)?|this|that|it|these|what)\b",
        r"[^.\n]{0,40}?\bto the user\b(?!\W{1,3}s\b)",
        before=100,
        near=("mention", "reveal", "disclose", "report", "say", "show"),
    ),
    _row(
        "the user",
        r"\bkeep (?:this|it|these) (?:[a-z]{1,12} ){0,3}?secret from the user\b",
        before=70,
        near=("secret",),
    ),
    _row("not mention", r"not mention (?:that you|(?:this|these|the) instructions?)\b"),
)
_TURNS = _all(
    "imitates a turn of the conversation",
    MarkKind.TURN,
    _row(
        "<|",
        r"<\|(?:im_start|im_end|im_sep|system|user|assistant|tool|endoftext|end_of_text|begin_of_text",
        r"|start_header_id|end_header_id|eot_id|eom_id|python_tag|start|end|message|channel|call|return",
        r"|constrain|end_of_turn|endofprompt|tool_calls?_?\w{0,12}|tool_response|observation)\|>",
    ),
    _row("inst]", r"(?<![\w(\[])\[/?inst\]", before=2),
    _row("_of_turn>", r"<(?:start|end)_of_turn>", before=7),
    _row("<system", r"<system(?:[-_\s](?:reminder|prompt|message|instructions?|override)>|>\s{0,20}you\b)"),
    _row(
        "assistant",
        rf"(?:^|\n)(?:{_NUMBER})?[\t>#*\x20]{{0,8}}assistant:[*]{{0,3}}\s{{0,3}}",
        r"(?:sure|certainly|of course|understood|ok|okay|yes|i\W{1,3}ll|i will|i have|i am)\b",
        before=26,
    ),
    _row("assistant", rf"\n(?:{_NUMBER})?#{{2,4}}\s?assistant\s{{0,2}}:?\s{{0,3}}(?:\n|$)", before=24),
    _row("assistant", r"<assistant>|\[assistant\]\s{0,3}:", before=1),
)
_RESULTS = _all(
    "imitates a tool's result or a call",
    MarkKind.TURN,
    _row(
        "tool_",
        r"</?(?:\w{1,10}:)?tool_(?:results?|calls?|use|uses|response|outputs?|call_begin)",
        r"(?:\s[^<>\n]{0,120})?>",
        before=13,
    ),
    _row(
        "function_",
        r"</?(?:\w{1,10}:)?function_(?:calls?|results?|response)(?:\s[^<>\n]{0,120})?>",
        before=13,
    ),
    _row("invoke", r"<(?:\w{1,10}:)?invoke\s{1,4}name\s?=", before=13),
)

PHRASES = (*_IGNORES, *_PARTS, *_PRIES, *_SECRETS, *_TURNS, *_RESULTS)

_TURN = (
    rf"(?:{_NUMBER})?"
    r"[ \t]{0,3}(?:[>#*_]{1,4}[ ]?)?(human|user|system|assistant)[*_]{0,3}\s?:[*_]{0,3}[ \t]{0,3}\S"
)
TURN_LINE = re.compile(f"(?:^|\n){_TURN}".encode())
"""A line that speaks for somebody in a conversation; an assistant's beside another's is an imitation."""
TURN_REASON = "imitates a turn of the conversation"
