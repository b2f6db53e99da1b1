"""Routes that are compiled once for all tests: each test has an application of its own, with some 150 of them.

werkzeug writes a function for each route, which depends on the route's text alone. An application took 77 ms of
processor without this, and 9 ms with it, measured beside other work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

_COMPILED: dict[tuple[object, ...], Callable[..., tuple[str, str]]] = {}


class _OnceCompiledRule(Rule):
    """A rule that takes the function of an equal rule."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - werkzeug's
        if self.defaults:
            return super()._compile_builder(append_unknown)
        key = (self.rule, tuple(self._trace), append_unknown)
        if key not in _COMPILED:
            _COMPILED[key] = super()._compile_builder(append_unknown)
        return _COMPILED[key]


def compile_once(flask: Any) -> None:
    """Let the applications of a Flask class compile each route once in this process."""
    flask.url_rule_class = _OnceCompiledRule
