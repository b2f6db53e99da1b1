"""Faults of the settings: all are reported together, each with its place and its fix."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest

from sms_gateway.settings.catalogue import NAMED_SECTIONS, catalogue, settings_of
from sms_gateway.settings.faults import SettingsFaultyError
from sms_gateway.settings.load import load_settings
from tests.sms_gateway.settings.test_load import CANARY, CHANNEL_SECRET, LINK, faults

MANY = """
[web]
port = "x"
threads = 1
[links.bad]
host = "h"
[channels.agg]
reply_link = "bad"
auth = "x"
[channels.other]
[channels.third]
reply = "x"
"""


FAULTS = [
    ("syntax", "a = 1\nb = = 2\n", {}, ["DIR/gateway.toml line 2: is no TOML at column 5; fix: write NAME = VALUE"]),
    ("cut off", 'a = "', {}, ["DIR/gateway.toml: is no TOML at its end; fix: "]),
    (
        "syntax and an unknown variable",
        "= 1",
        {"SMS_GATEWAY_X": "1"},
        [
            "DIR/gateway.toml line 1: is no TOML",
            "SMS_GATEWAY_X: there is no setting for this variable; fix: remove it",
        ],
    ),
    ("unknown section", "[wep]\n", {}, ["wep: there is no such setting; fix: did you mean web?"]),
    ("unknown name", "[web]\nprot = 1\n", {}, ["web.prot: there is no such setting; fix: did you mean port?"]),
    ("nothing near", "[web]\nqqq = 1\n", {}, ["web.qqq: there is no such setting; fix: remove it; there are host, "]),
    ("no heading", "port = 1\n", {}, ["port: there is no such setting; fix: write it below [web]"]),
    ("a value for a section", "web = 1\n", {"SMS_GATEWAY_WEB__PORT": "1"}, ["web: is no section; fix: write [web]"]),
    ("a value for links", "links = 1\n", {}, ["links: is no section; fix: write [links.NAME]"]),
    ("a value for a link", "[links]\nmain = 1\n", {}, ["links.main: is no section; fix: write [links.main]"]),
    (
        "a name for a link",
        LINK.replace("main", "Main"),
        {},
        ["links.Main: the name has another form; fix: name it with at most"],
    ),
    (
        "too large",
        "[web]\nport = 70000\n",
        {},
        ["web.port: is too large; fix: write a whole number from 0 to 65535, or"],
    ),
    ("no number", "[web]\nport = 'x'\n", {}, ["web.port: is no whole number; fix: write a whole number"]),
    ("nan", LINK + "rate = nan\n", {}, ["links.main.rate: is no finite number; fix: write a number from 0 up"]),
    (
        "too small",
        LINK + "enquire_seconds = 0\n",
        {},
        ["links.main.enquire_seconds: is too small; fix: write a number"],
    ),
    ("no boolean", "[web]\nsecure_cookie = 'x'\n", {}, ["web.secure_cookie: is neither true nor false; fix: write t"]),
    (
        "no text",
        "[web]\nhost = 1\n",
        {},
        ['web.host: is no text in "quotes"; fix: write a text that is not empty, or leave it out'],
    ),
    (
        "too long",
        LINK + 'service_type = "123456"\n',
        {},
        ["links.main.service_type: is too long; fix: write a text of"],
    ),
    (
        "empty",
        LINK + '[channels.agg]\nreply = "body"\ntext_field = ""\n',
        CHANNEL_SECRET,
        [".text_field: is too short"],
    ),
    (
        "another form",
        "[service]\nhotline = 'abc'\n",
        {},
        ["service.hotline: has another form; fix: write a text of 3"],
    ),
    (
        "place of the password: a link",
        "[service]\npassword_place = 'vaynhanh.vn'\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: another link",
        "[service]\npassword_place = 'http://a b'\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: a telephone number",
        "[service]\npassword_place = 'Tong dai 0905123456'\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: a number in groups",
        "[service]\npassword_place = 'Cong 090 512 345'\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: a letter with accents",
        "[service]\npassword_place = 'Cổng dịch vụ công'\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: a letter that costs a segment",
        "[service]\npassword_place = 'Cong ^ dich vu'\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: nothing",
        "[service]\npassword_place = ''\n",
        {},
        ["service.password_place: has another form; fix: write a text of at most 31 characters: words"],
    ),
    (
        "place of the password: too long",
        f"[service]\npassword_place = '{'a' * 32}'\n",
        {},
        ["service.password_place: is too long; fix: write a text of at most 31 characters"],
    ),
    (
        "no choice",
        "[log]\nlevel = 'loud'\n",
        {},
        ['log.level: is none of the choices; fix: write one of "debug", "info"'],
    ),
    (
        "no list",
        "[service]\nshort_codes = '8188'\n",
        {},
        ["service.short_codes: is no list; fix: write a list of one"],
    ),
    (
        "empty list",
        "[service]\nshort_codes = []\n",
        {},
        ["service.short_codes: holds too few entries; fix: write a list"],
    ),
    ("item", "[service]\nshort_codes = ['8188', 'x']\n", {}, ["service.short_codes item 2: has another form; fix: "]),
    (
        "no path",
        "[database]\nkey_file = 1\n",
        {},
        ["database.key_file: is no path; fix: write a path, or leave it out"],
    ),
    (
        "missing",
        '[links.main]\nsystem_id = "we"\n',
        {},
        ["links.main.host: is missing; fix: write host = … (a text) below [links.main], or set SMS_GATEWAY_L"],
    ),
    (
        "a variable for a link that is not there",
        LINK,
        {"SMS_GATEWAY_LINKS__MIAN__PASSWORD": CANARY},
        ["did you mean links.main?", "did you mean links.main?"],
    ),
    (
        "a variable with a faulty value is named by the variable",
        "",
        {"SMS_GATEWAY_WEB__PORT": CANARY},
        ["SMS_GATEWAY_WEB__PORT: is no whole number; fix: write a whole number from 0 to 65535, or leave it"],
    ),
    (
        "near",
        "",
        {"SMS_GATEWAY_WEB__PROT": "1"},
        ["SMS_GATEWAY_WEB__PROT: there is no setting for this variable; fix: did"],
    ),
    (
        "near one of a link",
        LINK,
        {"SMS_GATEWAY_LINKS__MAIN__PASWORD": CANARY},
        ["fix: did you mean SMS_GATEWAY_LINKS__MAIN__PASSWORD?"],
    ),
    ("too deep", "", {"SMS_GATEWAY_WEB__X__PORT": "1"}, ["SMS_GATEWAY_WEB__X__PORT: there is no setting for this var"]),
    (
        "no owner",
        "",
        {"SMS_GATEWAY_LINKS__PORT": "1"},
        ["SMS_GATEWAY_LINKS__PORT: there is no setting for this variab"],
    ),
    (
        "secret in the file",
        LINK + f'password = "{CANARY[:8]}"\n',
        {},
        ["links.main.password: a secret stands in the settings file; fix: take it out, change it at its owne"],
    ),
    (
        "secret in the file over a variable",
        LINK + f'password = "{CANARY[:8]}"\n',
        {"SMS_GATEWAY_LINKS__MAIN__PASSWORD": "x"},
        ["links.main.password: a secret stands in the settings file"],
    ),
    (
        "password in the URL",
        f'[database]\nurl = "postgresql+psycopg://me:{CANARY}@db/x"\n',
        {},
        ["database.url: a password stands in it; fix: take it out, change it, and set SMS_GATEWAY_DATABASE__"],
    ),
    (
        "password in the query",
        "",
        {"SMS_GATEWAY_DATABASE__URL": f"postgresql+psycopg://db/x?password={CANARY}"},
        ["database.url: a password stands in it"],
    ),
    (
        "no URL",
        "[database]\nurl = 'postgresql+psycopg://me@db:x/'\n",
        {},
        ["database.url: cannot be taken apart; "],
    ),
    *(
        (
            f"query {query}",
            f"[database]\nurl = 'postgresql+psycopg://me@/x?{query}'\n",
            {},
            ["database.url: cannot be taken apart; fix: write "],
        )
        for query in ("host=[::1]:5432&host=[::2]:5433", "host=a&host=b&port=1&port=2", "port=x", "nonsense=1")
    ),
    (
        "password without user",
        "[database]\nurl = 'postgresql+psycopg://db/x'\n",
        {"SMS_GATEWAY_DATABASE__PASSWORD": CANARY},
        ["database.url: there is a password but no user in the URL; fix: write url ="],
    ),
    (
        "no such secret file",
        LINK + 'password_file = "/no/x"\n',
        {},
        ["links.main.password_file: the file does not exist"],
    ),
    (
        "no such secret file by variable",
        LINK,
        {"SMS_GATEWAY_LINKS__MAIN__PASSWORD_FILE": "/no/x"},
        ["SMS_GATEWAY_LINKS__MAIN__PASSWORD_FILE: the file does not exist; fix: write the secret on the first line"],
    ),
    ("secret file is a directory", LINK + 'password_file = "/"\n', {}, ["the file cannot be read (IsADirectoryError)"]),
    ("no file name", LINK + 'password_file = "\\u0000"\n', {}, ["the file cannot be read (ValueError)"]),
    (
        "given twice",
        LINK,
        {"SMS_GATEWAY_LINKS__MAIN__PASSWORD_FILE": "/no/x", "SMS_GATEWAY_LINKS__MAIN__PASSWORD": "x"},
        ["SMS_GATEWAY_LINKS__MAIN__PASSWORD_FILE: the secret is given twice; fix: unset it or SMS_GATEWAY_LI"],
    ),
    (
        "all of them, and the conflicts of what is whole",
        MANY,
        {"SMS_GATEWAY_CHANNELS__AGG__SECRET": "short"},
        [
            "web.port: is no whole number",
            "web.threads: is too small",
            "links.bad.system_id: is missing",
            "channels.agg.auth: is none of the choices",
            "channels.third.reply: is none of the choices",
            "channels.agg.secret: is shorter than 16 characters; fix: put 16 random characters or more into SMS",
            'channels.other.reply_link: is missing, and reply is mt; fix: set channels.other.send_url ("default"',
        ],
    ),
]


@pytest.mark.parametrize(
    ("text", "variables", "expected"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS]
)
def test_tells_every_fault_with_its_mend(
    tmp_path: Path, text: str, variables: dict[str, str], expected: list[str]
) -> None:
    told = faults(text, variables, directory=tmp_path)
    assert len(told) == len(expected), told
    for line, part in zip(told, expected, strict=True):
        assert part in line
        assert "; fix: " in line
        assert CANARY[:8] not in line


@pytest.mark.parametrize("octets", [b"\xff\xfe", b'a = "\xc3'], ids=["UTF-16", "cut character"])
def test_tells_that_a_file_is_no_utf_8(tmp_path: Path, octets: bytes) -> None:
    path = tmp_path / "gateway.toml"
    path.write_bytes(octets)
    with pytest.raises(SettingsFaultyError, match=r"is no UTF-8 at octet .; fix: save the file as UTF-8"):
        load_settings(path, {})


def test_tells_of_a_file_that_is_not_there_no_file_or_huge(tmp_path: Path) -> None:
    huge = tmp_path / "huge"
    huge.write_bytes(b"#" * (1 << 20) + b"#")
    for path, wrong in (
        (tmp_path / "no.toml", "there is no such file; fix: name an existing file"),
        (tmp_path, r"cannot be read \(IsADirectoryError\); fix: "),
        (huge, "is larger than 1 MiB; fix: "),
    ):
        with pytest.raises(SettingsFaultyError, match=wrong):
            load_settings(path, {})


def test_a_deeply_nested_file_is_a_fault_and_no_crash(tmp_path: Path) -> None:
    (told,) = faults("a = " + "[" * 100_000, directory=tmp_path)
    assert "is no TOML" in told


WRONG = ("5", "-1", "1e400", "true", '""', '"x\\u0000"', f'"{"x" * 300}"', "[]", "[5]", "{}", "1979-05-27")


def placed(section: str, name: str, value: str) -> str:
    """Write one setting; links and channels get what else they need."""
    heading = f"{section}.main" if section in NAMED_SECTIONS else section
    needed = {"links": {"host": '"smsc"', "system_id": '"we"'}, "channels": {}}.get(section, {})
    lines = [f"{key} = {text}" for key, text in {**needed, name: value}.items()]
    return "\n".join([f"[{heading}]", *lines, ""])


@pytest.mark.parametrize("value", WRONG)
def test_no_value_of_any_setting_is_a_fault_of_the_program(tmp_path: Path, value: str) -> None:
    path = tmp_path / "gateway.toml"
    wrong = 0
    for section in catalogue():
        for name in settings_of(section.name):
            path.write_text(placed(section.name, name, value) + "[log]\nlevel = 7\n" * (section.name != "log"))
            with suppress(SettingsFaultyError):
                load_settings(path, {})
                wrong -= 1
            wrong += 1
    assert wrong > 50
