"""Lists of rows that an administrator keeps: a row is added, changed and deleted in the same way in each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from flask import abort, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from db.staff.audit import Action
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.confirmation import Question, ask
from sms_gateway.pages.units.changing import changing
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.filled import Filled
from sms_gateway.web.language import say

Page = Response | str | tuple[str, int]


class Stored(Protocol):
    """A row with an id."""

    @property
    def id(self) -> int:
        """Return the id."""


Row = TypeVar("Row", bound=Stored)


@dataclass(frozen=True, kw_only=True, slots=True)
class Audit:
    """What an audit entry names: the action, its subject, and a word before what was done."""

    action: Action
    subject: str
    prefix: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RowPages(Generic[Row]):
    """The pages of one kind of row: `name` is in the address of its list and in what pages say."""

    name: str
    read_all: Callable[[Connection], Sequence[Row]]
    read: Callable[[Filled, int], Row | None]
    """Reads a form into a row with this id; None where a field has a fault."""
    form_of: Callable[[Row], Filled]
    show_list: Callable[[Filled], str]
    show_row: Callable[[Row, Filled], str]
    add_row: Callable[[Connection, Row], None]
    change_row: Callable[[Connection, Row], bool]
    """Returns False when the row is gone."""
    remove_row: Callable[[Connection, int], bool]
    audit: Callable[[Row], Audit]
    name_of: Callable[[Row], str]
    """Names a row where a page asks whether it is to be deleted."""

    def add(self) -> Page:
        """Add a row."""
        form = Filled()
        made = self.read(form, dependencies().new_id())
        if made is None:
            return self.show_list(form), 400
        with self._changing(made, "added") as connection:
            self.add_row(connection, made)
        return self._done("added")

    def row(self, row_id: int) -> Page:
        """Show the form of a row, or write it."""
        found = self._find(row_id)
        if request.method == "GET":
            return self.show_row(found, self.form_of(found))
        form = Filled()
        made = self.read(form, row_id)
        if made is None:
            return self.show_row(found, form), 400
        with self._changing(made, "changed") as connection:
            if not self.change_row(connection, made):
                abort(409)
        return self._done("changed")

    def remove(self, row_id: int) -> Page:
        """Ask; then delete a row."""
        found = self._find(row_id)
        if request.method == "GET":
            return ask(
                Question(
                    title=say("rows.remove_title", name=self.name_of(found)),
                    leads=[say("rows.remove_lead")],
                    button=say("contacts.remove"),
                    back=url_for(f"admin.{self.name}s"),
                )
            )
        with self._changing(found, "removed") as connection:
            if not self.remove_row(connection, row_id):
                abort(409)
        return self._done("removed")

    def _find(self, row_id: int) -> Row:
        with dependencies().database.read() as connection:
            return next((one for one in self.read_all(connection) if one.id == row_id), None) or abort(404)

    def _changing(self, row: Row, what: str) -> AbstractContextManager[Connection]:
        audit = self.audit(row)
        return changing(audit.action, audit.subject, f"{audit.prefix} {what}".strip())

    def _done(self, what: str) -> Response:
        return done(url_for(f"admin.{self.name}s"), f"done.{self.name}_{what}")
