"""The operators' pages: which address shows what, and nobody sees any of it without a log-in."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from sms_gateway.pages.access import OPEN_TO_ALL, confined_to, opens
from sms_gateway.pages.citizens import account_changes
from sms_gateway.pages.citizens import accounts as accounts_pages
from sms_gateway.pages.citizens.blocked_numbers import (
    add_block,
    block_sender,
    blocks,
    reveal_blocks,
    unblock_number,
    unblock_sender,
)
from sms_gateway.pages.citizens.dossier_import import (
    confirm_import,
    finish_import,
    import_dossiers_page,
    import_faults,
    map_import,
    preview_import,
)
from sms_gateway.pages.citizens.dossiers import change_dossier, dossier, dossiers
from sms_gateway.pages.citizens.person import erase_person, export_person, person
from sms_gateway.pages.live import is_renewal
from sms_gateway.pages.messages.conversation import conversation, reveal_conversation
from sms_gateway.pages.messages.detail import message as message_pages
from sms_gateway.pages.messages.export import export_log
from sms_gateway.pages.messages.message_log import filter_log, log
from sms_gateway.pages.messages.misreads import misread_texts, misreads
from sms_gateway.pages.messages.repeat_actions import run_again, send_again
from sms_gateway.pages.messages.try_text import try_text
from sms_gateway.pages.service.links import control_link, links
from sms_gateway.pages.service.retention import retention
from sms_gateway.pages.service.system import system
from sms_gateway.pages.service.today import today
from sms_gateway.pages.service.wordings import change_wording, undo_wording, wording, wordings
from sms_gateway.pages.session import load_session
from sms_gateway.pages.staff.audit import audit
from sms_gateway.pages.staff.log_in import log_in, log_out, second_step
from sms_gateway.pages.staff.operators import add, change, operators
from sms_gateway.pages.staff.own_credentials import (
    choose_password,
    end_own_session,
    remove_own_second_factor,
    second_factor,
    sessions,
)
from sms_gateway.web.forms import current_session_or_none

BOTH = ("GET", "POST")
POST = ("POST",)


def admin_pages() -> Blueprint:
    """Build the blueprint of `/admin`."""
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    blueprint.before_request(_demand_operator)
    for add_rules in (_log_in_rules, _message_rules, _dossier_rules, _account_rules, _service_rules):
        add_rules(blueprint)
    blueprint.record(_load_sessions_first)
    return blueprint


def _log_in_rules(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/log-in", view_func=log_in, methods=BOTH)
    rule("/log-in/second", view_func=second_step, methods=POST)
    rule("/log-out", view_func=log_out, methods=POST)
    rule("/password", view_func=choose_password, methods=BOTH)
    rule("/second-factor", view_func=second_factor, methods=BOTH)
    rule("/second-factor/remove", view_func=remove_own_second_factor, methods=POST)
    rule("/sessions", view_func=sessions)
    rule("/sessions/end", view_func=end_own_session, methods=POST)


def _message_rules(blueprint: Blueprint) -> None:
    rule, one = blueprint.add_url_rule, "/messages/<int:inbound_id>"
    rule("", view_func=today)
    rule("/messages", view_func=log)
    rule("/messages/filter", view_func=filter_log, methods=POST)
    rule("/messages/export", view_func=export_log, methods=POST)
    rule(one, view_func=message_pages.message)
    rule(f"{one}/reveal", view_func=message_pages.reveal_message, methods=POST)
    rule(f"{one}/send-again/<int:outbound_id>", view_func=send_again, methods=BOTH)
    rule(f"{one}/run-again", view_func=run_again, methods=BOTH)
    rule(f"{one}/block", view_func=block_sender, methods=BOTH)
    rule(f"{one}/unblock", view_func=unblock_sender, methods=BOTH)
    rule(f"{one}/conversation", view_func=conversation)
    rule(f"{one}/conversation/reveal", view_func=reveal_conversation, methods=POST)
    rule("/blocks", view_func=blocks)
    rule("/blocks/add", view_func=add_block, methods=POST)
    rule("/blocks/reveal", view_func=reveal_blocks, methods=POST)
    rule("/blocks/remove", view_func=unblock_number, methods=BOTH)
    rule("/misreads", view_func=misreads)
    rule("/misreads/<key>", view_func=misread_texts)
    rule("/try", view_func=try_text, methods=BOTH)


def _dossier_rules(blueprint: Blueprint) -> None:
    rule, upload = blueprint.add_url_rule, "/dossiers/import/<int:upload_id>"
    rule("/dossiers", view_func=dossiers)
    rule("/dossiers/<int:dossier_id>", view_func=dossier)
    rule("/dossiers/<int:dossier_id>/change", view_func=change_dossier, methods=BOTH)
    rule("/dossiers/import", "import_dossiers", import_dossiers_page, methods=BOTH)
    rule(upload, view_func=preview_import)
    rule(f"{upload}/columns", view_func=map_import, methods=POST)
    rule(f"{upload}/finish", view_func=finish_import, methods=POST)
    rule(f"{upload}/contacts", view_func=confirm_import)
    rule(f"{upload}/faults.csv", view_func=import_faults)


def _account_rules(blueprint: Blueprint) -> None:
    rule, one = blueprint.add_url_rule, "/accounts/<int:account_id>"
    rule("/accounts", view_func=accounts_pages.accounts)
    rule("/accounts/search", view_func=accounts_pages.search_accounts, methods=POST)
    rule(one, view_func=accounts_pages.account)
    rule(f"{one}/reveal", view_func=accounts_pages.reveal_account, methods=POST)
    rule(f"{one}/disable", view_func=accounts_pages.disable_account, methods=BOTH)
    rule(f"{one}/enable", view_func=accounts_pages.enable_account, methods=POST)
    rule(f"{one}/password", view_func=account_changes.send_password, methods=BOTH)
    rule(f"{one}/correct", view_func=account_changes.correct_account, methods=POST)
    rule(f"{one}/confirm-phone", view_func=account_changes.confirm_phone, methods=POST)
    rule(f"{one}/release", view_func=account_changes.release_account, methods=BOTH)
    rule(f"{one}/erase", view_func=accounts_pages.erase_account, methods=POST)
    rule("/person", view_func=person, methods=BOTH)
    rule("/person/export", view_func=export_person, methods=POST)
    rule("/person/erase", view_func=erase_person, methods=POST)


def _service_rules(blueprint: Blueprint) -> None:
    rule = blueprint.add_url_rule
    rule("/wording", view_func=wordings)
    rule("/wording/<phrase>", view_func=wording)
    rule("/wording/<phrase>/change", view_func=change_wording, methods=POST)
    rule("/wording/<phrase>/undo", view_func=undo_wording, methods=BOTH)
    rule("/links", view_func=links)
    rule("/links/<name>", view_func=control_link, methods=BOTH)
    rule("/operators", view_func=operators)
    rule("/operators/add", "add_operator", add, methods=POST)
    rule("/operators/<int:operator_id>", "change_operator", change, methods=POST)
    rule("/audit", view_func=audit)
    rule("/system", view_func=system)
    rule("/retention", view_func=retention)


def _load_sessions_first(state: BlueprintSetupState) -> None:
    # For the whole application: the form guard and the error pages want to know the operator too.
    state.app.before_request(load_session)


def _demand_operator() -> Response | None:
    """Refuse whoever is not logged in or whose role does not reach; lead who must do something first to it."""
    endpoint = request.endpoint or ""
    if endpoint in OPEN_TO_ALL:
        return None
    session = current_session_or_none()
    if session is None:
        if is_renewal() or request.method != "GET":
            abort(401)
        return redirect(url_for("admin.log_in"))
    only = confined_to(session.operator)
    if only and endpoint not in only:
        return redirect(url_for(only[0]), code=303)
    if not opens(session.operator.role, endpoint):
        abort(403)
    return None
