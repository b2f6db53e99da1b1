"""The parts of `init` about the service itself: its numbers, which services are on, where its pages are."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from handlers.wording.catalogues import CATALOGUES
from sms_gateway.cli.init.settings_file import Section, Sections
from sms_gateway.cli.init.setup import Part, Setup
from sms_gateway.cli.init.tries import host_fault, port_fault
from sms_gateway.settings.switches import BACK_OFFICE, CONVERSATION, LOOK_UP_DOSSIER, LOOKUPS, REGISTER_ACCOUNT

OF_CITIZENS = (REGISTER_ACCOUNT, LOOK_UP_DOSSIER)
"""On by default, and switched off one by one."""

WHOLE = (CONVERSATION, LOOKUPS, BACK_OFFICE)
"""Off by default, with a section of their own."""

LOOPBACK = ["127.0.0.1"]

SOCKET_FOLDER = Path("/run/sms-gateway")
"""Is there where the units are installed: a proxy connects to a socket in it, and no address is trusted."""


def _ask_service(setup: Setup) -> Sections:
    section = setup.section("service")
    codes = section.get("short_codes", ["8188"])
    section["short_codes"] = _listed(
        setup.asker.ask(
            "short_code",
            "Short code that citizens text to (several: with commas)",
            default=",".join(codes) if isinstance(codes, list) else str(codes),
            check=lambda answer: setup.fault_of("service", "short_codes", _listed(answer)),
        )
    )
    section["hotline"] = setup.asker.ask(
        "hotline",
        "Telephone number for citizens who need a person",
        default=str(section.get("hotline", "1022")),
        check=lambda answer: setup.fault_of("service", "hotline", answer),
    )
    section["price"] = setup.asker.ask(
        "price",
        "What a text costs its sender, as HD GIA says it, such as 1500 dong/tin (empty: as the carrier charges)",
        default=str(section.get("price", "")),
        check=lambda answer: setup.fault_of("service", "price", answer),
    )
    section["language"] = setup.asker.ask(
        "language",
        f"Language of the answers ({', '.join(CATALOGUES)})",
        default=str(section.get("language", "vi")),
        check=lambda answer: setup.fault_of("service", "language", answer),
    )
    return {"service": section}


def _told_service(sections: Sections) -> str:
    section = sections.get("service", {})
    codes = section.get("short_codes", ["8188"])
    return f"{', '.join(codes) if isinstance(codes, list) else codes}, hotline {section.get('hotline', '1022')}"


def _ask_services(setup: Setup) -> Sections:
    known = (*OF_CITIZENS, *WHOLE)

    def wrong(answer: str) -> str | None:
        strange = [name for name in _listed(answer) if name not in known]
        return f"{', '.join(strange)}: no such service; fix: choose among {', '.join(known)}" if strange else None

    chosen = _listed(
        setup.asker.ask(
            "services",
            f"Services that are on, with commas ({', '.join(known)})",
            default=",".join(_on(setup.sections)),
            check=wrong,
        )
    )
    of_citizens = {f"services.{name}": setup.section(f"services.{name}") for name in OF_CITIZENS}
    for name in OF_CITIZENS:
        of_citizens[f"services.{name}"]["enabled"] = name in chosen
    whole = {name: setup.section(name) | {"enabled": name in chosen} for name in WHOLE}
    return of_citizens | whole


def _on(sections: Sections) -> list[str]:
    of_citizens = [name for name in OF_CITIZENS if sections.get(f"services.{name}", {}).get("enabled", True)]
    return of_citizens + [name for name in WHOLE if sections.get(name, {}).get("enabled", False)]


def _ask_pages(setup: Setup) -> Sections:
    section = setup.section("web")

    def wrong(answer: str) -> str | None:
        parts = urlsplit(answer)
        if answer and (parts.scheme not in {"http", "https"} or not parts.hostname):
            return "is no address; fix: write it as https://sms.example, or leave it empty for this machine only"
        if not answer or parts.hostname is None:
            return None
        fault = setup.fault_of("web", "hosts", [parts.hostname]) or setup.fault_of("web", "prefix", _prefix(answer))
        return fault or (host_fault(parts.hostname) if setup.tries else None)

    answer = setup.asker.ask(
        "address",
        "Address of the pages, as https://sms.example behind a TLS proxy (empty: on this machine only)",
        default=public_address(section),
        check=wrong,
    )
    port = setup.asker.ask(
        "port", "Port on this machine", default=str(section.get("port", 8188)), check=lambda typed: _port(setup, typed)
    )
    secure = answer.startswith("https:")
    section |= {"port": int(port), "prefix": _prefix(answer), "secure_cookie": secure}
    section["hosts"] = _hosts(section, urlsplit(answer).hostname)
    if answer and SOCKET_FOLDER.is_dir() and not section.get("trusted_proxies"):
        section.setdefault("socket", str(SOCKET_FOLDER / "web.sock"))
    trusted = section.get("trusted_proxies") or ([] if section.get("socket") else LOOPBACK)
    section["trusted_proxies"] = trusted if answer else []
    return {"web": section}


def _hosts(section: Section, host: str | None) -> list[str]:
    """Return the names by which clients ask: those there were, if the new one is among them."""
    known = section.get("hosts")
    if host is None:
        return []
    return known if isinstance(known, list) and host in known else [host]


def _port(setup: Setup, typed: str) -> str | None:
    if not (typed.isascii() and typed.isdecimal()):
        return "is no port; fix: write a number from 1 to 65535"
    unchanged = setup.sections.get("web", {}).get("port") == int(typed)  # our own service may listen on it
    fault = setup.fault_of("web", "port", int(typed))
    if fault or unchanged or not setup.tries:
        return fault
    with setup.owner.acting():  # root may listen on any port, the service's user may not
        return port_fault(int(typed))


def _prefix(address: str) -> str:
    return urlsplit(address).path.rstrip("/")


def public_address(section: Section) -> str:
    """Return the address of the pages as a section `web` has it, empty where they are on this machine only."""
    hosts = section.get("hosts")
    if not isinstance(hosts, list) or not hosts:
        return ""
    return f"{'https' if section.get('secure_cookie') else 'http'}://{hosts[0]}{section.get('prefix', '')}"


def _told_pages(sections: Sections) -> str:
    section = sections.get("web", {})
    return f"{public_address(section) or 'on this machine only'}, port {section.get('port', 8188)}"


def _listed(answer: str) -> list[str]:
    return [one.strip() for one in answer.split(",") if one.strip()]


SERVICE = Part(
    name="service",
    options=("short_code", "hotline", "price", "language"),
    ask=_ask_service,
    told=_told_service,
    owns=lambda heading: heading == "service",
)
SERVICES = Part(
    name="services",
    options=("services",),
    ask=_ask_services,
    told=lambda sections: ", ".join(_on(sections)) or "none",
    owns=lambda heading: heading in {*WHOLE, *(f"services.{name}" for name in OF_CITIZENS)},
)
PAGES = Part(
    name="pages",
    options=("address", "port"),
    ask=_ask_pages,
    told=_told_pages,
    owns=lambda heading: heading == "web",
)
