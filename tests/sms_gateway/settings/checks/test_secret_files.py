"""Secrets in the settings: where they come from, and that they are never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.load import load_settings
from tests.sms_gateway.settings.test_load import CANARY, LINK, SECRET, faults, load


def test_secrets_come_from_the_first_line_of_their_files(tmp_path: Path) -> None:
    (tmp_path / "link").write_text(" passwd \nsecond line\n")
    (tmp_path / "door").write_text(SECRET)
    (tmp_path / "base").write_text("p@ss/word\n")
    settings = load(
        f'{LINK}password_file = "{tmp_path}/link"\n'
        f'[channels.agg]\nreply_link = "main"\nsecret_file = "{tmp_path}/door"\n'
        f'[database]\nurl = "postgresql+psycopg://gate@db/sms"\n',
        {"SMS_GATEWAY_DATABASE__PASSWORD_FILE": str(tmp_path / "base")},
        directory=tmp_path,
    )
    assert settings.links["main"].password.get_secret_value() == "passwd"
    assert settings.channels["agg"].secret.get_secret_value() == SECRET
    assert settings.database.address == "postgresql+psycopg://gate:p%40ss%2Fword@db/sms"
    assert settings.database.url == "postgresql+psycopg://gate@db/sms"


def test_a_secret_in_a_variable_goes_before_a_file_that_the_toml_names(tmp_path: Path) -> None:
    variables = {"SMS_GATEWAY_LINKS__MAIN__PASSWORD": "this"}
    settings = load(LINK + 'password_file = "/not/there"\n', variables, directory=tmp_path)
    assert settings.links["main"].password.get_secret_value() == "this"


@pytest.mark.parametrize(
    ("octets", "wrong"),
    [
        (b"\n", "the first line is empty"),
        (b"\xff\xff\n", "the first line is no UTF-8"),
        (b"x" * 5000, "the first line is too long"),
    ],
)
def test_tells_what_is_wrong_with_a_secret_file(tmp_path: Path, octets: bytes, wrong: str) -> None:
    (tmp_path / "s").write_bytes(octets)
    text = f'[channels.agg]\nreply = "body"\nsecret_file = "{tmp_path}/s"\n'
    (told,) = faults(text, directory=tmp_path)
    assert told.startswith(f"channels.agg.secret_file: {wrong}")


@pytest.mark.parametrize(
    "field", ["host", "port", "mode", "system_id", "system_type", "source_ton", "rate", "nonsense"]
)
@pytest.mark.parametrize("section", ["links.main", "channels.agg", "web", "database", "pipeline", "log", "service"])
def test_a_secret_in_the_wrong_place_is_never_shown(tmp_path: Path, section: str, field: str) -> None:
    canary = CANARY * 10
    variable = "SMS_GATEWAY_" + f"{section}.{field}".upper().replace(".", "__")
    for text, variables in ((f'[{section}]\n{field} = "{canary}"\n', {}), ("", {variable: canary})):
        told = ""
        try:
            load(text, variables, directory=tmp_path)
        except SettingsFaultyError as error:
            told = str(error) + repr(error) + repr(error.faults)
        assert CANARY not in told


def test_a_secret_is_not_in_the_repr_of_settings(tmp_path: Path) -> None:
    settings = load(LINK, {"SMS_GATEWAY_LINKS__MAIN__PASSWORD": "canary"}, directory=tmp_path)
    assert "canary" not in repr(settings) + settings.model_dump_json()


def test_a_secret_file_that_is_not_there_is_one_fault_with_the_rule_for_paths(tmp_path: Path) -> None:
    settings = tmp_path / "gateway.toml"
    for file, has_rule in (("canary-of-a-secret", True), ("/no/canary-of-a-secret", False)):
        given = f"url = 'https://lgsp.example/'\nevents = ['dossier.changed']\nsecret_file = '{file}'\n"
        settings.write_text(f"[webhooks.lgsp]\n{given}", encoding="utf-8")
        with pytest.raises(SettingsFaultyError) as faulty:
            load_settings(settings, {})
        (told,) = map(str, faulty.value.faults)
        assert told.startswith("webhooks.lgsp.secret_file: the file does not exist; fix: write the secret"), told
        assert (f"counts from the working directory, here {Path.cwd()}" in told) is has_rule, told
        assert "canary" not in told
