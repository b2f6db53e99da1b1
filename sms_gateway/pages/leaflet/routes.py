"""The address of the leaflet."""

from __future__ import annotations

from db.schema import OperatorRole
from sms_gateway.pages.leaflet.page import leaflet
from sms_gateway.pages.site.page import Page, PageGroup, Top

LEAFLET = PageGroup(
    top=Top.SERVICE,
    pages=(Page(rule="/leaflet", view=leaflet, least=OperatorRole.VIEWER, entry="menu.leaflet"),),
)
