"""Routes that are compiled once for all tests: each test has an application of its own, with some 150 of them.

werkzeug reads each route and writes a function for it, which depend on the route's text alone. An application took
77 ms of processor without this, and 9 ms with it, measured beside other work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from werkzeug.routing import Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class _Compiled:
    """What werkzeug makes of a route's text; nobody changes it afterwards."""

    parts: list[Any]
    trace: list[tuple[bool, str]]
    converters: dict[str, Any]
    arguments: frozenset[str]
    build: Callable[..., tuple[str, str]]
    build_unknown: Callable[..., tuple[str, str]]


_COMPILED: dict[tuple[object, ...], _Compiled] = {}


class _OnceCompiledRule(Rule):
    """A rule that takes what an equal rule was compiled to."""

    def compile(self) -> None:
        assert self.map is not None
        if self.defaults or self.map.host_matching:
            super().compile()
            return
        key = (self.rule, self.subdomain, self.merge_slashes)
        if key not in _COMPILED:
            super().compile()
            _COMPILED[key] = _Compiled(
                parts=self._parts,
                trace=self._trace,
                converters=self._converters,
                arguments=frozenset(self.arguments),
                build=self._build.__func__,  # type: ignore[attr-defined] # werkzeug binds it to the rule
                build_unknown=self._build_unknown.__func__,  # type: ignore[attr-defined] # the same
            )
        made = _COMPILED[key]
        self._parts, self._trace, self._converters = made.parts, made.trace, made.converters
        self.arguments = set(made.arguments)
        self._build = made.build.__get__(self, None)
        self._build_unknown = made.build_unknown.__get__(self, None)


def compile_once(flask: Any) -> None:
    """Let the applications of a Flask class compile each route once in this process."""
    flask.url_rule_class = _OnceCompiledRule
