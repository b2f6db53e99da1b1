"""Changing the sentences of answers on the page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from db.schema import OperatorRole
from db.staff.wordings import present_wordings
from db.store.engine import Database
from handlers.context import ServiceFacts
from handlers.wording.catalogues import CATALOGUES
from handlers.wording.phrases import Phrase
from sms_gateway.process.live_wording import live_wording
from sms_gateway.web.dependencies import WebDependencies
from sms_gateway.wiring.application import create_app
from tests.sms_gateway.conftest import log_in
from tests.sms_gateway.pages.acting import act, did, get, noted, post, save_wording
from tests.sms_gateway.pages.service.test_service import Make


@pytest.fixture
def service(database: Database) -> ServiceFacts:
    return ServiceFacts(wording=live_wording(database, CATALOGUES["vi"]))


@pytest.fixture
def app(parts: WebDependencies, service: ServiceFacts) -> Flask:
    return create_app(replace(parts, service=service))


class TestWording:
    def test_a_change_holds_at_once_and_can_be_undone(
        self, logged_in: FlaskClient, database: Database, make: Make, service: ServiceFacts
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        delivered = service.wording.sentences[Phrase.HELP_TK]
        for words in ("Soan TK, ho ten gui {short_code}.", "Soan TK roi gui {short_code}."):
            assert save_wording(logged_in, "/admin/wording/help_tk/change", forms=words).status_code == 303
            assert service.wording.sentences[Phrase.HELP_TK] == (words,)
        assert "changed" in get(logged_in, "/admin/wording").text
        page = get(logged_in, "/admin/wording/help_tk").text
        assert page.count("Bring back") >= 2
        first = re.findall(r"undo\?change=(\d+)", page)[0]
        post(logged_in, "/admin/wording/help_tk/undo", change=first)
        assert service.wording.sentences[Phrase.HELP_TK] == ("Soan TK, ho ten gui {short_code}.",)
        post(logged_in, "/admin/wording/help_tk/undo", change="delivered")
        assert service.wording.sentences[Phrase.HELP_TK] == delivered
        assert did(database) == [("wording_changed", "wording:help_tk")] * 4

    def test_what_was_not_previewed_is_shown_first(
        self, logged_in: FlaskClient, database: Database, make: Make, service: ServiceFacts
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        asked = post(logged_in, "/admin/wording/help_tk/change", forms="Soan TK gui {short_code}.")
        assert asked.status_code == 400
        assert "Nothing is saved yet" in asked.text
        assert "Soan TK gui 8188." in asked.text
        assert did(database) == []
        seen = re.findall(r'name="seen" value="(\w+)"', asked.text)
        again = act(logged_in, "/admin/wording/help_tk/change", forms="Soan TK gui {short_code}.", seen=seen[0])
        assert "valid from now on" in again.text
        assert service.wording.sentences[Phrase.HELP_TK] == ("Soan TK gui {short_code}.",)

    def test_a_preview_counts_segments_and_stores_nothing(
        self, logged_in: FlaskClient, database: Database, make: Make
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        page = post(
            logged_in, "/admin/wording/help_tk/change", preview="1", forms="x" * 161 + "\nSoan {short_code}\n王"
        )
        assert page.status_code == 200
        assert "161 characters, 2 segments" in page.text
        assert "Soan 8188" in page.text
        assert "outside GSM 03.38" in page.text
        assert did(database) == []

    def test_a_preview_tells_which_twin_goes_out(self, logged_in: FlaskClient, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)
        long = "Soạn TK, họ tên, số định danh, ngày sinh rồi gửi {short_code}, xin trân trọng cảm ơn ạ."
        page = post(
            logged_in, "/admin/wording/help_tk/change", preview="1", forms=f"{long}\nSoạn TK gửi {{short_code}}"
        )
        previews = page.text.split('id="previews"')[1].split("</section>")[0]
        assert "Soan TK, ho ten, so dinh danh, ngay sinh roi gui 8188, xin tran trong cam on a." in previews
        assert "1 segment Is sent without accents: with them it would take 2 segments." in previews
        assert "Soạn TK gửi 8188" in previews
        assert "1 segment Is sent with accents: they cost nothing more." in previews
        assert 'class="fault"' not in previews

    def test_a_sentence_with_accents_can_be_stored_and_is_composed(
        self, logged_in: FlaskClient, make: Make, service: ServiceFacts
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        forms = "Soa\u0323n TK gu\u031b\u0309i {short_code}."
        assert save_wording(logged_in, "/admin/wording/help_tk/change", forms=forms).status_code == 303
        assert service.wording.sentences[Phrase.HELP_TK] == ("Soạn TK gửi {short_code}.",)
        told = act(logged_in, "/admin/try", text="HD TK").text
        assert "Soạn TK gửi 8188." in told

    @pytest.mark.parametrize("forms", ["{nobody}", "{", "{short_code.x}", "với dấu 王", "a{short_code!r}"])
    def test_a_faulty_one_is_never_stored(
        self, logged_in: FlaskClient, database: Database, make: Make, forms: str
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        page = post(logged_in, "/admin/wording/help_tk/change", forms=forms)
        assert page.status_code == 400
        assert 'class="fault"' in page.text
        assert did(database) == []

    def test_what_an_answer_needs_must_stay(self, logged_in: FlaskClient, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)
        page = post(logged_in, "/admin/wording/account_opened/change", forms="TK: {user_name}")
        assert "placeholder {password} is missing" in page.text

    @pytest.mark.parametrize("forms", ["", "x\n" * 7, "y" * 1001])
    def test_too_little_and_too_much_is_refused(self, logged_in: FlaskClient, make: Make, forms: str) -> None:
        make(OperatorRole.ADMINISTRATOR)
        assert post(logged_in, "/admin/wording/help_tk/change", forms=forms).status_code == 400

    def test_an_unknown_phrase_is_no_page(self, logged_in: FlaskClient, make: Make) -> None:
        make(OperatorRole.ADMINISTRATOR)
        assert get(logged_in, "/admin/wording/nothing").status_code == 404
        assert post(logged_in, "/admin/wording/help/undo", change="7").status_code == 404


class TestConversation:
    @pytest.mark.usefixtures("operator_id")
    @pytest.mark.parametrize("services", [set(), {"question"}], ids=["off", "one service on"])
    def test_its_sentences_are_there_when_one_of_its_services_is_on(
        self, parts: WebDependencies, services: set[str]
    ) -> None:
        client = create_app(replace(parts, is_on=lambda service: service in services)).test_client()
        log_in(client)
        page = get(client, "/admin/wording").text
        assert ("/admin/wording/filed?" in page) == bool(services)
        assert ("Conversation: what was filed" in page) == bool(services)
        assert "/admin/wording/help_tk?" in page
        assert get(client, "/admin/wording/filed").status_code == (200 if services else 404)

    @pytest.mark.parametrize(
        ("phrase", "shown"),
        [
            ("question_opened", "UBND phuong Hai Chau. Tra loi truoc 17h30 thu hai 30/11."),
            ("which", "1: YC482173051 den duong hong. 2: YC613509427 ho ga mat nap. Tra loi 1 hoac 2."),
            ("contact", "Lam viec 7h30-11h30, 13h30-17h30 thu hai den thu sau. Dang mo cua."),
        ],
    )
    def test_a_preview_has_samples_of_every_value(self, logged_in: FlaskClient, phrase: str, shown: str) -> None:
        assert shown in get(logged_in, f"/admin/wording/{phrase}").text

    def test_a_sentence_that_needs_a_service_that_may_be_off_is_not_stored(
        self, logged_in: FlaskClient, database: Database, make: Make
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        page = post(logged_in, "/admin/wording/filed/change", forms="Da ghi vao {number}. Viec khac: {question}.")
        assert page.status_code == 400
        assert "one form must do without {question}" in page.text
        assert did(database) == []


class TestLanguages:
    def test_each_language_has_its_own_sentences_and_its_own_changes(
        self, logged_in: FlaskClient, database: Database, make: Make, service: ServiceFacts
    ) -> None:
        make(OperatorRole.ADMINISTRATOR)
        delivered = service.wording.sentences[Phrase.HELP_TK]
        english = "/admin/wording/help_tk?language=en"
        assert "To open an account, text:" in get(logged_in, english).text
        saved = save_wording(
            logged_in, "/admin/wording/help_tk/change", forms="Text {register_account} to {short_code}.", language="en"
        )
        assert saved.status_code == 303
        assert "Text {register_account} to {short_code}." in get(logged_in, english).text
        assert service.wording.sentences[Phrase.HELP_TK] == delivered
        with database.read() as connection:
            assert present_wordings(connection, "vi") == {}
        assert [entry.detail for entry in noted(database)] == ["changed language=en"]

    @pytest.mark.usefixtures("operator_id")
    def test_the_page_lists_every_catalogue_by_the_name_of_its_language(self, parts: WebDependencies) -> None:
        german = replace(CATALOGUES["en"], language="de", name="Deutsch")
        client = create_app(replace(parts, catalogues={**CATALOGUES, "de": german})).test_client()
        log_in(client)
        for address in ("/admin/wording", "/admin/wording/help"):
            page = get(client, address).text
            assert re.findall(r'lang="\w+">([^<]+)</(?:a|strong)>', page) == ["Tiếng Việt", "English", "Deutsch"]
        assert get(client, "/admin/wording/help?language=de").status_code == 200
        assert get(client, "/admin/wording/help?language=fr").status_code == 404

    @pytest.mark.parametrize(
        ("language", "commands", "state"),
        [
            ("vi", "TK, ho ten, so CCCD, ngay sinh (mo tai khoan)", "dang xu ly"),
            ("en", "TK, name, ID, birth date (open account)", "in progress"),
        ],
    )
    def test_a_preview_is_in_one_language(
        self, logged_in: FlaskClient, language: str, commands: str, state: str
    ) -> None:
        assert f"8188: {commands}; " in get(logged_in, f"/admin/wording/help?language={language}").text
        assert (
            f"000.00.12.H17-230815-0007: {state}." in get(logged_in, f"/admin/wording/dossier?language={language}").text
        )

    @pytest.mark.usefixtures("operator_id")
    def test_an_answer_on_a_page_says_in_which_language_it_is(self, parts: WebDependencies) -> None:
        english = replace(parts, service=ServiceFacts(wording=CATALOGUES["en"]))
        client = create_app(english).test_client()
        log_in(client)
        page = act(client, "/admin/try", text="HD").text
        assert re.search(r'<p class="body answer" lang="en">Text 8188: TK, ', page)
