"""The web server of a process, and what to do when its port is taken."""

from __future__ import annotations

from collections.abc import Sequence

from sms_gateway.process.startup import PortTakenError
from sms_gateway.web.dependencies import ExtraPage, WebDependencies
from sms_gateway.web.server import WebServer
from sms_gateway.wiring.application import create_app


def listen(parts: WebDependencies, extra_pages: Sequence[ExtraPage]) -> WebServer:
    """Return a web server that listens. Raises PortTakenError."""
    web = parts.settings.web
    try:
        return WebServer(create_app(parts, extra_pages), web)
    except OSError as error:
        where = f"{web.host} port {web.port}" + (f" and {web.socket}" if web.socket else "")
        raise PortTakenError(
            f"cannot listen on {where}: {error.strerror}; fix: stop what listens there, or give another port"
            + (", and let the service's user write into the folder of web.socket" if web.socket else "")
        ) from error
    except ValueError as error:  # waitress raises this for a name that cannot be looked up
        raise PortTakenError(
            f"cannot listen on {web.host}: it is no address of this machine; fix: write one in web.host"
        ) from error
