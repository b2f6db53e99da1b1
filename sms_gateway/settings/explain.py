"""The settings told to a person: what `sms-gateway check --explain` prints and docs/settings.md holds."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.grammar import AnyGrammar
from parsers.grammars import GRAMMARS, NOTICES
from parsers.grammars.conversation import CONVERSATION
from sms_gateway.settings.catalogue import NAMED_SECTIONS, SectionTold, Setting, catalogue

_HEAD = """\
# Settings

Printed by `sms-gateway check --explain`. Settings stand in one TOML file (`--config FILE`, else the file that
`SMS_GATEWAY_CONFIG` names, else `gateway.toml` in the working directory, else none: every setting but those of links
and channels has a default). A variable goes before the file; an empty variable counts as not set; lists are written
with commas: `SMS_GATEWAY_SERVICE__SHORT_CODES=8188,8388`. Relative paths count from the working directory.

Secrets never stand in the TOML file: give each by its variable, or write it on the first line of a file of its own
(mode 0600) and name that file. An unknown name, in the file or among the variables, stops the start.
"""


def explain() -> str:
    """Return every setting, section by section, as Markdown; ends with a newline."""
    return "\n".join([_HEAD, *(_section(told) for told in catalogue())])


def _section(told: SectionTold) -> str:
    named = told.name in NAMED_SECTIONS
    heading = f"{told.name}.NAME" if named else told.name
    lines = [f"## [{heading}]", "", told.purpose, ""]
    if named:
        lines += [_names(told.name), ""]
    return "\n".join([*lines, *(_setting(setting) for setting in told.settings), ""])


def _names(section: str) -> str:
    how = "write the section once for each, and the name in upper case in variables."
    if section != "services":
        return f"NAME is yours to choose; {how}"
    of_conversation = {one.service for one in CONVERSATION}
    of_both = {one.service for one in NOTICES} & of_conversation
    return (
        f"NAME is one of {_services(GRAMMARS)}, with notices "
        f"{_services(one for one in NOTICES if one.service not in of_both)}, with notices or the conversation "
        f"{_services(one for one in NOTICES if one.service in of_both)}, and with the conversation "
        f"{_services(one for one in CONVERSATION if one.service not in of_both)}; {how}"
    )


def _services(grammars: Iterable[AnyGrammar]) -> str:
    return ", ".join(
        f"`{one.service}` ({one.default_keywords[0]})" for one in grammars if one.is_offered and one.default_keywords
    )


def _setting(setting: Setting) -> str:
    default = "must be given" if setting.default is None else f"default `{setting.default}`"
    if setting.is_secret:
        default = "default none"
    in_variable = "; with commas in the variable" if setting.is_list else "; as `a=1,b=2` in the variable"
    kind = setting.form + (in_variable if setting.is_list or setting.is_table else "")
    return "\n".join(
        [
            f"- **{setting.name}**: {setting.description}",
            f"  - {kind}; {default}",
            f"  - `{setting.variable()}`",
        ]
    )
