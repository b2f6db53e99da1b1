"""HD: how to write a text, or how to write one command."""

from __future__ import annotations

import re

from parsers.commands import HelpTopic, ShowHelp
from parsers.text.excerpt import Excerpt

KEYWORD = "HD"
_POLITE = re.compile(
    r"(?:[\W_]|(?:GIUP|TOI|EM|VOI|DUM|CHO|A|DI|NHE|ME|PLEASE|LAM\s*ON|SU\s*DUNG|CACH|DUNG|CU\s*PHAP|LENH|SOAN|TIN|NHAN)(?![^\W_]))*"
)
_TOPIC = re.compile(r"(?:(?P<register_account>TK|T[\s.]K)|(?P<look_up_status>D[\s.]*V[\s.]*C))(?![^\W_])")


def read_help(body: Excerpt) -> ShowHelp | None:
    """Read what stands after the keyword; nothing when that is no call for help.

    >>> read_help(Excerpt.of("")), read_help(Excerpt.of(" tk")), read_help(Excerpt.of("ba Lan"))
    (ShowHelp(topic=None), ShowHelp(topic=<HelpTopic.REGISTER_ACCOUNT: 'register_account'>), None)
    """
    start = _POLITE.match(body.folded)
    at = start.end() if start is not None else 0
    if at == len(body.folded):
        return ShowHelp()
    topic = _TOPIC.match(body.folded, at)
    if topic is None or topic.lastgroup is None:
        return None
    rest = _POLITE.fullmatch(body.folded, topic.end())
    return ShowHelp(topic=HelpTopic(topic.lastgroup)) if rest is not None else None
