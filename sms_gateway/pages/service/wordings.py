"""Wording: the current answers in each language, with preview, segment counter, history and undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from unicodedata import normalize

from flask import abort, render_template, request, url_for
from werkzeug.wrappers import Response

from db.staff.audit import Action
from db.staff.wordings import WordingChange, add_wording_change, present_wordings, wording_history
from handlers.wording.catalogue import Wording, contacts_of_form, faults
from handlers.wording.phrases import Phrase
from handlers.wording.placeholders import PLACEHOLDERS
from sms_gateway.pages.actions.action_result import done
from sms_gateway.pages.actions.audit_entry import note
from sms_gateway.pages.actions.confirmation import Question, ask
from sms_gateway.pages.service.wording_groups import grouped
from sms_gateway.pages.service.wording_preview import Preview, preview
from sms_gateway.pages.session import current_session
from sms_gateway.process.live_wording import LiveSentences
from sms_gateway.web.dependencies import dependencies
from sms_gateway.web.forms import short_field
from sms_gateway.web.language import say

MOST_FORMS = 6
LONGEST_FORM = 1000
MOST_TYPED = 4 * MOST_FORMS * LONGEST_FORM
"""The longest field; no page of ours sends more."""
_MARK_DIGITS = 16

Page = Response | str | tuple[str, int]


def wordings() -> str:
    """List every phrase with its current sentence."""
    catalogue = _catalogue()
    with dependencies().database.read() as connection:
        changed = present_wordings(connection, catalogue.language)
    groups = [
        (group, [(phrase, _present(phrase, catalogue, changed)[0], phrase.value in changed) for phrase in phrases])
        for group, phrases in grouped(dependencies().is_on)
    ]
    return render_template(
        "service/wordings.html", groups=groups, wording_language=catalogue.language, languages=_languages()
    )


def wording(phrase: str) -> str:
    """Show one phrase."""
    found = _phrase(phrase)
    with dependencies().database.read() as connection:
        forms = _present(found, _catalogue(), present_wordings(connection, _catalogue().language))
    return _page(found, forms)


def change_wording(phrase: str) -> Page:
    """Show a preview of the sentence, or store it when it has no fault and the page showed its preview."""
    found = _phrase(phrase)
    typed = normalize("NFC", request.form.get("forms", ""))
    forms = tuple(line.strip() for line in typed.splitlines() if line.strip())
    if len(typed) > MOST_TYPED:
        abort(400)
    if "preview" in request.form:
        return _page(found, forms)
    if _faults(found, forms) or not _confirmed(forms):
        return _page(found, forms), 400
    if short_field("seen") != _mark(forms):
        return _page(found, forms, fault=say("wording.not_seen")), 400
    _store(found, None if forms == _catalogue().sentences[found] else forms, "changed")
    return done(_address(found), "done.wording_changed")


def undo_wording(phrase: str) -> Page:
    """Ask; then restore an earlier wording of a phrase, or the delivered one."""
    found = _phrase(phrase)
    if request.method == "GET":
        return _ask_undo(found, request.args.get("change", ""))
    wanted = short_field("change")
    if wanted == "delivered":
        _store(found, None, "as delivered")
        return done(_address(found), "done.wording_undone")
    with dependencies().database.read() as connection:
        earlier = {str(change.id): change for change in wording_history(connection, phrase, _catalogue().language)}
    if wanted not in earlier:
        abort(404)
    forms = earlier[wanted].forms
    if not _confirmed(forms or ()):  # shown in the form, with the question
        return _page(found, forms or ()), 400
    _store(found, forms, "brought back")
    return done(_address(found), "done.wording_undone")


def _ask_undo(phrase: Phrase, wanted: str) -> str:
    """Show the forms that would be restored, with their segments."""
    with dependencies().database.read() as connection:
        earlier = {
            str(change.id): change.forms for change in wording_history(connection, phrase.value, _catalogue().language)
        }
    if wanted != "delivered" and wanted not in earlier:
        abort(404)
    forms = earlier.get(wanted) or _catalogue().sentences[phrase]
    shown = [f"{one.shown} ({say('count.segments', count=one.segments)})" for one in _previews(forms)]
    return ask(
        Question(
            title=say("wording.undo_title", phrase=say(f"phrase.{phrase}")),
            leads=[say("wording.undo_lead"), *shown],
            button=say("wording.bring_back"),
            back=_address(phrase),
            fields={"change": wanted, "language": _catalogue().language},
        )
    )


def _faults(phrase: Phrase, forms: tuple[str, ...]) -> Sequence[str]:
    """Check all forms together (one must do without an unknown value); in the reader's language."""
    if not forms:
        return [say("wording.blank")]
    if len(forms) > MOST_FORMS:
        return [say("wording.many", most=MOST_FORMS, count=len(forms))]
    long = next((form for form in forms if len(form) > LONGEST_FORM), None)
    if long is not None:
        return [say("form.too_long", most=LONGEST_FORM, count=len(long))]
    catalogue = _catalogue()
    trial = replace(catalogue, sentences={**catalogue.sentences, phrase: forms})
    return [say(fault.message) for fault in faults(trial) if fault.phrase is phrase]


def _contacts(forms: tuple[str, ...]) -> Sequence[str]:
    """Return what phones would show as a link or a telephone number, except the service's own."""
    settings = dependencies().settings
    own = (*settings.short_codes, settings.service.hotline)
    return list(dict.fromkeys(one for form in forms for one in contacts_of_form(form, own)))


def _confirmed(forms: tuple[str, ...]) -> bool:
    """Return whether the operator ticked every link and number that citizens would get."""
    return set(_contacts(forms)) <= set(request.form.getlist("contacts"))


def _store(phrase: Phrase, forms: tuple[str, ...] | None, how: str) -> None:
    parts = dependencies()
    language = _catalogue().language
    how = f"{how} language={language}"
    if _contacts(forms or ()):
        how = f"{how} links_confirmed=1"
    change = WordingChange(
        id=parts.new_id(),
        phrase=phrase.value,
        language=language,
        at=parts.now(),
        operator=current_session().operator.name,
        forms=forms,
    )
    with parts.database.write() as connection:
        add_wording_change(connection, change)
        note(connection, Action.WORDING_CHANGED, f"wording:{phrase}", how)
    if isinstance(parts.service.wording.sentences, LiveSentences):
        parts.service.wording.sentences.renew()


def _phrase(name: str) -> Phrase:
    """Return a phrase that the page lists; those of services that are off do not exist."""
    listed = {phrase for _, phrases in grouped(dependencies().is_on) for phrase in phrases}
    return Phrase(name) if name in listed else abort(404)


def _catalogue() -> Wording:
    """Return the delivered sentences of the language asked for, else of the language of the service."""
    language = request.values.get("language") or dependencies().service.wording.language
    return dependencies().catalogues.get(language) or abort(404)


def _languages() -> Sequence[Wording]:
    return list(dependencies().catalogues.values())


def _previews(forms: Sequence[str]) -> Sequence[Preview]:
    """Show forms in the language of the page, with the sentences around them as they are now."""
    service, catalogue = dependencies().service, _catalogue()
    wording = service.wording if service.wording.language == catalogue.language else catalogue
    return [preview(form, replace(service, wording=wording), dependencies().handlers) for form in forms]


def _address(phrase: Phrase) -> str:
    return url_for("admin.wording", phrase=phrase.value, language=_catalogue().language)


def _present(phrase: Phrase, catalogue: Wording, changed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return changed.get(phrase.value) or catalogue.sentences[phrase]


def _mark(forms: tuple[str, ...]) -> str:
    """Return the preview of the forms on the page."""
    return sha256("\n".join(forms).encode("utf-8", "surrogatepass")).hexdigest()[:_MARK_DIGITS]


def _page(phrase: Phrase, forms: tuple[str, ...], *, fault: str | None = None) -> str:
    with dependencies().database.read() as connection:
        history = wording_history(connection, phrase.value, _catalogue().language)
    return render_template(
        "service/wording.html",
        phrase=phrase,
        forms=forms,
        seen=_mark(forms),
        fault=fault,
        previews=_previews([form[:LONGEST_FORM] for form in forms[:MOST_FORMS]]),
        faults=_faults(phrase, forms),
        contacts=_contacts(forms) if request.method == "POST" else (),
        names=sorted(PLACEHOLDERS.get(phrase, ())),
        delivered=_catalogue().sentences[phrase],
        wording_language=_catalogue().language,
        languages=_languages(),
        history=history,
    )
