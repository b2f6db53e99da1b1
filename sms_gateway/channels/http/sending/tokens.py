"""The access token of one channel: it is read from the database, and renewed in time by the channel's holder.

A new pair is committed before it is used. While the commit is not possible, it is kept and tried again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Lock

from db.processes import access_tokens
from db.processes.access_tokens import StoredTokens, TokenPair, TokenState
from db.store.engine import Database
from sms_gateway.channels.http.sending.connection import ConnectionTerms, NoResponse, NotSent, ProviderConnection
from sms_gateway.channels.http.sending.departure import TokenTerms
from sms_gateway.channels.http.sending.token_responses import TokensDeclined, read_token_response
from sms_gateway.clock import Now, monotonic
from sms_gateway.log import Words, event, logger_of

RENEWED_AT = 0.8
"""Part of an access token's life after which it is renewed."""

READ_SECONDS = 5.0
"""How often the row is read again: an operator may have authorised the channel anew."""

YOUNG = timedelta(minutes=1)
"""A token that is refused at this age is not renewed: the next would be refused as well. A time further in the future
than this is of a clock that was ahead."""

SURELY_REFUSED = timedelta(hours=3)
"""After so long with one code of the provider an operator is called to authorise anew; the tries go on."""

_FAULT = "token_look_failed in the log says why"
_FIRST_WAIT = 5.0
_LONGEST_WAIT = 300.0
_LOG = logger_of(__name__)


class TokenKeeper:
    """Keeps the access token of one channel. Any thread may call any method."""

    def __init__(
        self, link: str, terms: TokenTerms, connection: ConnectionTerms, database: Database, *, now: Now
    ) -> None:
        self._link = link
        self._terms = terms
        self._database = database
        self._now = now
        self.connection = ProviderConnection(replace(connection, url=terms.url))
        self._claim = timedelta(seconds=2 * (connection.connect_seconds + connection.answer_seconds))
        self._lock = Lock()
        self._stored: StoredTokens | None = None
        self._refused = ""  # an access token that the provider no longer takes
        self._unsaved: tuple[TokenState, TokenPair] | None = None
        self._error: str | None = None
        self._code, self._code_since = "", now()  # the provider's own, of all tries since then
        self._wait = _FIRST_WAIT
        self._next_try = self._next_read = 0.0

    def current(self) -> str | None:
        """Return the access token; None while there is none that the provider would take."""
        pair = None if self._stored is None else self._stored.pair
        if pair is None or pair.access is None or pair.access == self._refused:
            return None
        return None if pair.access_until is None or pair.access_until <= self._now() else pair.access

    def trouble(self) -> str | None:
        """Return why there is no access token; None while there is one."""
        if self.current() is not None:
            return None
        stored = self._stored
        if stored is None:
            return f"no access token; fix: sms-gateway tokens authorise {self._link}"
        if stored.state.refused_at is not None or (self._code and self._now() - self._code_since >= SURELY_REFUSED):
            return f"the provider refused the refresh token; fix: sms-gateway tokens authorise {self._link}"
        return f"the access token could not be renewed: {self._error or 'not tried yet'}"

    def look(self) -> None:
        """Read the row from time to time, and renew the access token when it is due. Never raises."""
        with self._lock:
            try:
                self._look()
            except Exception as error:  # noqa: BLE001 - most likely the database; the next look tries again
                self._failed(_FAULT)
                event(_LOG, "token_look_failed", level="error", error=error, link=self._link)

    def renew(self, refused: str) -> str | None:
        """Return another access token than one that the provider refused; None when there is none now."""
        with self._lock:
            try:
                self._save()
                self._read()
                stored = self._stored
                if stored is None or stored.pair.access != refused:
                    return self.current()
                if abs(self._now() - stored.state.changed_at) < YOUNG:
                    return None
                self._refused = refused
                self._look()
            except Exception as error:  # noqa: BLE001 - as in `look`
                event(_LOG, "token_look_failed", level="error", error=error, link=self._link)
            return self.current()

    def _look(self) -> None:
        self._save()
        if monotonic() >= self._next_read:
            self._read()
        if self._stored is not None and self._is_due(self._stored) and monotonic() >= self._next_try:
            self._renew(self._stored)

    def _read(self) -> None:
        with self._database.read() as connection:
            self._stored = access_tokens.read_tokens(connection, self._link)
        self._next_read = monotonic() + READ_SECONDS

    def _is_due(self, stored: StoredTokens) -> bool:
        pair, state = stored.pair, stored.state
        if state.refused_at is not None:
            return False
        if pair.access is None or pair.access_until is None or pair.access == self._refused:
            return True
        if state.changed_at > self._now() + YOUNG:
            return True  # how old it is, nobody knows
        return self._now() >= state.changed_at + RENEWED_AT * (pair.access_until - state.changed_at)

    def _renew(self, stored: StoredTokens) -> None:
        now = self._now()
        until = now + self._claim
        with self._database.write() as connection:
            claimed = access_tokens.claim_renewal(connection, stored.state, until=until, now=now)
        if not claimed:  # another process renews them, or they are new
            self._failed("another process renews it")
            self._read()
            return
        if stored.state.renewing_until is not None:
            # If its response was lost, the provider refuses this refresh token, and the channel says so.
            event(_LOG, "token_renewal_unfinished", level="warning", link=self._link)
        self._exchange(stored, until=until)
        self._read()

    def _exchange(self, stored: StoredTokens, *, until: datetime) -> None:
        response = self.connection.send(self._terms.renew(stored.pair.refresh))
        self.connection.close()  # the next renewal is hours away
        if isinstance(response, NotSent | NoResponse):
            declined = TokensDeclined(is_spent=False, error=response.error)
        else:
            read = read_token_response(response, self._terms, self._now(), before=stored.pair)
            if isinstance(read, TokenPair):
                self._unsaved = stored.state, read
                self._save()
                return
            declined = read
        self._failed(declined.error)
        if declined.code != self._code:
            self._code, self._code_since = declined.code, self._now()
        refused_at = self._now() if declined.is_spent else None
        with self._database.write() as connection:
            access_tokens.end_renewal(connection, stored.state, until=until, refused_at=refused_at)
        what = "token_refused" if declined.is_spent else "token_not_renewed"
        event(_LOG, what, level="error", link=self._link, reason=Words(declined.error))

    def _save(self) -> None:
        """Commit a new pair, which nobody has used yet."""
        if self._unsaved is None:
            return
        state, pair = self._unsaved
        with self._database.write() as connection:
            is_stored = access_tokens.store_renewed(connection, state, pair, now=self._now())
        self._unsaved = None
        self._refused, self._error, self._code = "", None, ""
        self._wait, self._next_try = _FIRST_WAIT, 0.0
        self._read()
        event(_LOG, "token_renewed" if is_stored else "token_replaced", link=self._link)

    def _failed(self, error: str) -> None:
        self._error = error
        self._next_try = monotonic() + self._wait
        self._wait = min(2 * self._wait, _LONGEST_WAIT)
