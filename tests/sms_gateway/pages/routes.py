"""Every route of the application with an address that leads to it."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import Rule

ARGUMENTS = {
    "channel": "gapit",
    "filename": "style.css",
    "name": "viettel",
    "key": "0123456789abcdef",
    "phrase": "help",
    "way": "email",
}


def path_of(app: Flask, rule: Rule) -> str:
    """Return an address of this route; the row that it names need not exist."""
    values = {name: ARGUMENTS.get(name, 1) for name in rule.arguments}
    return app.url_map.bind("localhost").build(rule.endpoint, values, append_unknown=False)
