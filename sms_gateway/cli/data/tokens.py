"""`sms-gateway tokens`: the tokens that open the API of a provider for a channel."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import click

from db.processes import access_tokens
from db.processes.access_tokens import TokenPair, TokenState
from db.staff import audit
from sms_gateway.channels.http.networks import NETWORKS
from sms_gateway.channels.http.sending.connection import ConnectionTerms, NoResponse, NotSent
from sms_gateway.channels.http.sending.departure import HEADER_VALUE, TokenTerms
from sms_gateway.channels.http.sending.pkce import challenge_of, code_in, new_verifier
from sms_gateway.channels.http.sending.probing import ask
from sms_gateway.channels.http.sending.token_responses import LONGEST_TOKEN, TokensDeclined, read_token_response
from sms_gateway.cli.audit_entry import note
from sms_gateway.cli.command_context import Stop, config_option, opened_database, settings_from
from sms_gateway.cli.data.prompts import ask_secret
from sms_gateway.cli.manual import ManualGroup
from sms_gateway.clock import LOCAL_ZONE, utc_now
from sms_gateway.settings.model import Settings
from sms_gateway.wiring.channel_parts import sender_terms

_name_argument = click.argument("name", metavar="NAME")


@click.group(cls=ManualGroup)
def tokens() -> None:
    """Manage the tokens that open a provider's API, for channels such as Zalo.

    The service renews them by itself. It needs you at the start, and when a renewal was lost.

    Example:
      sms-gateway tokens authorise zalo
      sms-gateway tokens list

    Exit codes:
      0  done
      1  the provider gives no tokens, or the database cannot be used
      2  the command line or the settings are wrong
    """


@tokens.command()
@_name_argument
@click.option("--paste", is_flag=True, help="Ask for a refresh token that you have, in place of a new code.")
@click.option(
    "--file",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read the refresh token from the first line of a file.",
)
@config_option
def authorise(name: str, source: Path | None, config: Path | None, *, paste: bool) -> None:
    """Let the channel NAME send in the name of your account.

    It prints the address of a page. Open it as the account's owner, and allow the application. The
    browser then shows an address that holds a code: paste it within ten minutes. A running service
    takes the new tokens within seconds. Codes and tokens are never arguments: every user of the
    machine can see those.

    Example:
      sms-gateway tokens authorise zalo
      sms-gateway tokens authorise zalo --paste
      sms-gateway tokens authorise zalo --file /etc/sms-gateway/secrets/zalo-refresh

    Exit codes:
      0  the tokens are stored
      1  the provider gives no tokens, or the database cannot be used
      2  the command line or the settings are wrong
    """
    settings = settings_from(config)
    terms, connection_terms = _terms_of(settings, name)
    with opened_database(settings) as database:
        if paste or source is not None:
            refresh = ask_secret("Refresh token", source)
            if not (0 < len(refresh) <= LONGEST_TOKEN and HEADER_VALUE.fullmatch(refresh)):
                raise Stop("this is no refresh token; fix: paste it whole, in one line")
            until = utc_now() + timedelta(seconds=terms.refresh_seconds)
            pair = TokenPair(access=None, refresh=refresh, access_until=None, refresh_until=until)
        else:
            pair = _ask_for_code(terms, connection_terms)
        with database.write() as connection:
            access_tokens.put_tokens(connection, name, pair, now=utc_now())
            note(connection, audit.Action.CHANNEL_AUTHORISED, subject=f"link:{name}")
    tried = "" if pair.access else ", not tried yet"
    click.echo(f"stored{tried}; the refresh token lasts at most until {_shown(pair.refresh_until)}")


@tokens.command("list")
@config_option
def list_tokens(config: Path | None) -> None:
    """Print the channels that have tokens: name, state, and until when the two tokens are valid.

    Example:
      sms-gateway tokens list

    Exit codes:
      0  done
      1  the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.read() as connection:
        states = access_tokens.read_token_states(connection)
    for state in states:
        access = "-" if state.access_until is None else _shown(state.access_until)
        click.echo(f"{state.link}\t{_state(state, utc_now())}\t{access}\t{_shown(state.refresh_until)}")
    if not states:
        click.echo("no channel has tokens; `sms-gateway tokens authorise NAME` gets them", err=True)


@tokens.command()
@_name_argument
@config_option
def remove(name: str, config: Path | None) -> None:
    """Delete the tokens of a channel that is no longer used; a running service stops sending by it.

    Example:
      sms-gateway tokens remove zalo

    Exit codes:
      0  deleted
      1  it has none, or the database cannot be used
      2  the command line or the settings are wrong
    """
    with opened_database(settings_from(config)) as database, database.write() as connection:
        if not access_tokens.remove_tokens(connection, name):
            raise Stop("this channel has no tokens; fix: `sms-gateway tokens list`")
        note(connection, audit.Action.TOKENS_REMOVED, subject=f"link:{name}")
    click.echo("deleted")


def _terms_of(settings: Settings, name: str) -> tuple[TokenTerms, ConnectionTerms]:
    channel = settings.channels.get(name)
    terms = None if channel is None else sender_terms(name, channel, NETWORKS[channel.network])
    if terms is None or terms.departure.tokens is None:
        raise click.BadParameter("is no channel that needs tokens; see [channels] in the settings", param_hint="NAME")
    return terms.departure.tokens, terms.connection


def _ask_for_code(terms: TokenTerms, connection_terms: ConnectionTerms) -> TokenPair:
    verifier, state = new_verifier(), secrets.token_urlsafe(12)
    click.echo("Open this page as the owner of the account, and allow the application:", err=True)
    click.echo(terms.permission_url(challenge_of(verifier), state))
    code = code_in(ask_secret("Address that the browser shows then, or the code in it"), state)
    if code is None:
        raise Stop("this is no code of this try; fix: run this command again, and allow the application on its page")
    response = ask(replace(connection_terms, url=terms.url), terms.redeem(code, verifier))
    if isinstance(response, NotSent | NoResponse):
        raise Stop(f"the provider cannot be reached: {response.error}; fix: run this command again, with a new code")
    read = read_token_response(response, terms, utc_now())
    if isinstance(read, TokensDeclined):
        fix = "compare the application's number and secret with the provider's, and run this command again"
        raise Stop(f"the provider gives no tokens: {read.error}; fix: {fix}")
    return read


def _state(state: TokenState, now: datetime) -> str:
    if state.refused_at is not None:
        return "refused"
    if state.refresh_until <= now:
        return "over"
    return "to be renewed" if state.access_until is None or state.access_until <= now else "valid"


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"
