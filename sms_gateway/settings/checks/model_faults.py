"""The model's complaints in words: where, what is wrong, what to write. pydantic's own texts are not shown."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sms_gateway.settings.catalogue import (
    NAMED_SECTIONS,
    Setting,
    catalogue,
    section_of,
    settings_of,
    variable_of,
)
from sms_gateway.settings.faults import Fault, did_you_mean
from sms_gateway.settings.variables import SettingPath

_WRONG = {
    "bool": "is neither true nor false",
    "enum": "is none of the choices",
    "float": "is no number",
    "finite": "is no finite number",
    "greater": "is too small",
    "int": "is no whole number",
    "ip": "is no address or network",
    "less": "is too large",
    "list": "is no list",
    "literal": "is none of the choices",
    "path": "is no path",
    "too": "holds too few entries",
}
_WRONG_TEXT = {
    "string_type": 'is no text in "quotes"',
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "string_pattern_mismatch": "has another form",
}


def model_faults(
    error: ValidationError, origins: Mapping[SettingPath, str], in_file: Mapping[str, frozenset[str]]
) -> list[Fault]:
    """Translate every complaint.

    `origins` shows which setting came from which variable; `in_file` the names of links and channels in the file.
    """
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return [_translate(detail, origins, in_file) for detail in details]


def _translate(
    detail: ErrorDetails, origins: Mapping[SettingPath, str], in_file: Mapping[str, frozenset[str]]
) -> Fault:
    path = tuple(part for part in detail["loc"] if isinstance(part, str))
    if path[-1] == "[key]":
        fix = "name it with at most 31 lower-case letters, digits and _, a letter first"
        return Fault(where=".".join(path[:-1]), wrong="the name has another form", fix=fix)
    if detail["type"] == "extra_forbidden":
        return _unknown(path)
    section = section_of(path)
    depth = 2 if section in NAMED_SECTIONS or "." in section else 1
    setting = settings_of(section).get(path[depth]) if len(path) > depth else None
    if setting is None:
        heading = ".".join(path) if len(path) == depth else f"{path[0]}.NAME"
        return Fault(where=".".join(path), wrong="is no section", fix=f"write [{heading}], and its settings below")
    if detail["type"] == "missing":
        return _missing(path, setting, in_file)
    wrong = _WRONG_TEXT.get(detail["type"]) or _WRONG.get(detail["type"].split("_")[0], "does not fit")
    item = next((f" item {part + 1}" for part in detail["loc"] if isinstance(part, int)), "")
    where = origins.get(path, ".".join(path)) + item
    return Fault(where=where, wrong=wrong, fix=f"write {setting.form}{_or_leave_out(setting)}")


def _or_leave_out(setting: Setting) -> str:
    return "" if setting.default is None or setting.is_secret else f", or leave it out for {setting.default}"


def _missing(path: SettingPath, setting: Setting, in_file: Mapping[str, frozenset[str]]) -> Fault:
    section, owner = path[0], path[1]
    fix = f"write {setting.name} = … ({setting.form}) below [{setting.place(owner)}], or set {variable_of(path)}"
    others = in_file.get(section, frozenset())
    near = None if owner in others else did_you_mean(owner, others)
    return Fault(
        where=".".join(path), wrong="is missing", fix=f"{fix}; did you mean {section}.{near}?" if near else fix
    )


def _unknown(path: SettingPath) -> Fault:
    wrong = path[-1]
    if len(path) == 1:
        known: list[str] = [told.name for told in catalogue()]
        homes = [
            told.name for told in catalogue() if wrong in settings_of(told.name) and told.name not in NAMED_SECTIONS
        ]
        hint = f"write it below [{homes[0]}]" if homes else None
    else:
        section = section_of(path)
        inside = [told.name.removeprefix(f"{section}.") for told in catalogue() if told.name.startswith(f"{section}.")]
        known, hint = [*settings_of(section), *inside], None
    near = did_you_mean(wrong, known)
    fix = hint or (f"did you mean {near}?" if near else f"remove it; there are {', '.join(known)}")
    return Fault(where=".".join(path), wrong="there is no such setting", fix=fix)
