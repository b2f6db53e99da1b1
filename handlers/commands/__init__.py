"""The handlers, one command a file: the table of all of them."""

from __future__ import annotations

from handlers.commands import registration, status_lookup, thanks
from handlers.handler import Handlers

HANDLERS = Handlers((registration.HANDLER, status_lookup.HANDLER, thanks.HANDLER))
"""Every command of the product, in the order in which the help lists them."""
