"""The web tier alone, as `wsgi:application` for any WSGI server; importing it starts nothing.

Texts that come in by its HTTP doors are stored here and handled by `sms-gateway serve`, which shares the database. The
settings are those of `serve`: SMS_GATEWAY_CONFIG names the file, else gateway.toml is read if it is there.

The bounds of a request are the server's: docs/operating.md names them. `sms-gateway serve --roles web` brings its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from typing import TYPE_CHECKING

from sms_gateway.channels.http.network_settings import network_faults
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.log import setup
from sms_gateway.settings.load import config_path, environment, load_settings
from sms_gateway.wiring.web_tier import web_application, web_database

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a request (PEP 3333); the first one builds the application, and raises when the settings are faulty."""
    return _application()(environ, start_response)


@cache
def _application() -> WSGIApplication:
    variables = environment()
    settings = load_settings(config_path(variables), variables, partial(network_faults, networks=NETWORKS))
    setup(settings.log)
    return web_application(settings, web_database(settings))
