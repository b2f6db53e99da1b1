"""Diagrams of Mermaid as tables: a site that runs no scripts of others shows the same in words."""

from __future__ import annotations

import re

_BLOCK = re.compile(r"^```mermaid\n(?P<kind>\w[\w-]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_CHANGE = re.compile(r"(?P<state>\S+) --> (?P<then>\S+?)(?:: (?P<when>.+))?")
_PARTICIPANT = re.compile(r"participant (?P<short>\w+) as (?P<name>.+)")
_MESSAGE = re.compile(r"(?P<sender>\w+)--?>>(?P<receiver>\w+): (?P<what>.+)")
_NOTE = re.compile(r"Note over (?P<who>\w+): (?P<what>.+)")


def as_tables(text: str) -> str:
    """Return a page with each diagram as a table; raise ValueError for one that is written in another way."""
    return _BLOCK.sub(_table, text)


def _table(block: re.Match[str]) -> str:
    lines = [line.strip() for line in block["body"].splitlines() if line.strip()]
    if block["kind"] == "stateDiagram-v2":
        return _states(lines)
    if block["kind"] == "sequenceDiagram":
        return _sequence(lines)
    raise ValueError(f"a diagram of the kind {block['kind']} has no table; fix: write it in tools/docs/diagrams.py")


def _states(lines: list[str]) -> str:
    rows = ["| state | then | when |", "|---|---|---|"]
    for line in lines:
        one = _matched(_CHANGE, line)
        state = "(start)" if one["state"] == "[*]" else f"`{one['state']}`"
        then = "(end)" if one["then"] == "[*]" else f"`{one['then']}`"
        rows.append(f"| {state} | {then} | {one['when'] or ''} |")
    return "\n".join(rows)


def _sequence(lines: list[str]) -> str:
    names: dict[str, str] = {}
    rows = ["| who | to whom | what |", "|---|---|---|"]
    for line in lines:
        if one := _PARTICIPANT.fullmatch(line):
            names[one["short"]] = one["name"]
        elif one := _NOTE.fullmatch(line):
            rows.append(f"| {names[one['who']]} | | {one['what']} |")
        else:
            one = _matched(_MESSAGE, line)
            rows.append(f"| {names[one['sender']]} | {names[one['receiver']]} | {one['what']} |")
    return "\n".join(rows)


def _matched(pattern: re.Pattern[str], line: str) -> re.Match[str]:
    one = pattern.fullmatch(line)
    if one is None:
        raise ValueError(f"a line of a diagram is not understood: {line}; fix: tools/docs/diagrams.py")
    return one
