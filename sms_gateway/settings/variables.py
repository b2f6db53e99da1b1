"""Variables laid over the file: `SMS_GATEWAY_WEB__PORT=8188` is `port = 8188` in `[web]`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sms_gateway.settings.catalogue import JOINT, NAMED_SECTIONS, PREFIX, Setting, catalogue, section_of, settings_of
from sms_gateway.settings.faults import Fault, did_you_mean

CONFIG_VARIABLE = PREFIX + "CONFIG"
"""Names the TOML file where no command line can: under a WSGI server, in a container."""

TEST_PREFIX = PREFIX + "TEST_"
"""Variables that the test suite reads; no settings."""

_LONGEST_NAME = 100  # longer than any real one: bounds the search for what was meant

SettingPath = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Variable:
    """One variable that names a setting. Its value is no part of repr: it may be a secret."""

    name: str
    path: SettingPath
    setting: Setting


def known_variables(
    environment: Mapping[str, str], owners: Mapping[str, frozenset[str]]
) -> tuple[list[Variable], list[Fault]]:
    """Sort our variables into those that name a setting and faults; an empty variable counts as not set.

    `owners` holds the names that the file gives its links and channels, to show what an unknown name meant.
    """
    variables, faults = [], []
    for name in sorted(environment):
        if not _is_setting(name) or not environment[name].strip():
            continue
        variable = _resolve(name)
        if variable is None:
            faults.append(_unknown(name, owners))
        else:
            variables.append(variable)
    return variables, faults


def value_of(variable: Variable, environment: Mapping[str, str]) -> str | list[str] | dict[str, str]:
    """Return the value: a list is written with commas, a table as `a=1,b=2`; all else is left to the model."""
    text = environment[variable.name].strip()
    if variable.setting.is_table:
        entries = [item.partition("=") for item in text.split(",") if item.strip()]
        return {name.strip(): value.strip() for name, _, value in entries}
    if variable.setting.is_list:
        return [item.strip() for item in text.split(",") if item.strip()]
    return text


def _is_setting(name: str) -> bool:
    return name.startswith(PREFIX) and name != CONFIG_VARIABLE and not name.startswith(TEST_PREFIX)


def _resolve(name: str) -> Variable | None:
    parts = name.removeprefix(PREFIX).lower().split(JOINT)
    section, field = section_of(parts), parts[-1]
    setting = settings_of(section).get(field)
    if setting is None:
        return None
    if section in NAMED_SECTIONS:
        owner = JOINT.join(parts[1:-1])  # a link's own name may hold the joint
        return Variable(name=name, path=(section, owner, field), setting=setting) if owner else None
    is_whole = len(parts) == section.count(".") + 2  # the section's names, and the setting's
    return Variable(name=name, path=tuple(parts), setting=setting) if is_whole else None


def _unknown(name: str, owners: Mapping[str, frozenset[str]]) -> Fault:
    shown = name[:_LONGEST_NAME]
    near = did_you_mean(shown.removeprefix(PREFIX), _all_names(owners))
    fix = f"did you mean {PREFIX}{near}?" if near else "remove it; `sms-gateway check --explain` lists all"
    return Fault(where=shown, wrong="there is no setting for this variable", fix=fix)


def _all_names(owners: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for section in catalogue():
        names: list[str | None] = [*sorted(owners.get(section.name, ())), None]
        for setting in section.settings:
            for owner in names if section.name in NAMED_SECTIONS else [None]:
                yield setting.variable(owner).removeprefix(PREFIX)
