"""What `init` knows while it asks: the places, the answers so far, and what is shown once at the end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from sms_gateway.cli.command_context import Stop
from sms_gateway.cli.init.asking import Asker
from sms_gateway.cli.init.owner import SECRET_MODE, Owner
from sms_gateway.cli.init.settings_file import Section, Sections, Value, loaded_from
from sms_gateway.settings.faults import Fault
from sms_gateway.settings.model import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Setup:
    """One run. `sections` grows part by part."""

    config: Path
    state: Path  # where an SQLite file is, and the keys where `keys` is None
    keys: Path | None = None
    owner: Owner
    asker: Asker
    tries: bool  # False: nothing outside this machine is asked
    sections: Sections
    extra: dict[str, str]  # NAME=VALUE of --set
    shown_once: list[str] = field(default_factory=list, repr=False)
    answers: dict[str, str] = field(default_factory=dict)  # to questions that later steps need, by their option
    secrets: dict[str, str] = field(default_factory=dict, repr=False)  # by the path of their file; not stored yet

    def keep_secret(self, name: str, secret: str) -> str:
        """Keep a secret until its part is done; return the path of its file, as settings name it."""
        path = str(self.config.absolute().parent / "secrets" / name)
        self.secrets[path] = secret
        return path

    def store_secrets(self) -> None:
        """Write each secret into its file. Raises Stop."""
        for path, secret in self.secrets.items():
            self.owner.make_folder(Path(path).parent, own=False)
            self.owner.write(Path(path), f"{secret}\n", SECRET_MODE)
        self.secrets.clear()

    def show_once(self) -> None:
        """Print what nobody can read again, and see that it arrived. Raises Stop."""
        if not self.shown_once:
            return
        click.echo("\nThis is shown only once; keep it where only you can read it:\n", err=True)
        fix = "run it again with an output that can be written"
        if sys.stdout is None:
            raise Stop(f"standard output is closed; fix: {fix}")
        try:
            click.echo("\n".join(self.shown_once))
            sys.stdout.flush()
        except OSError as error:
            raise Stop(f"standard output cannot be written ({error.strerror}); fix: {fix}") from error
        self.shown_once.clear()

    def loaded(self, sections: Sections) -> Settings | tuple[Fault, ...]:
        """Return the settings of these sections, or their faults."""
        return loaded_from(sections, self.secrets)

    def fault_of(self, heading: str, name: str, value: Value, beside: Section | None = None) -> str | None:
        """Say what is wrong with one setting beside others of its section, as `check` does; None for a good one."""
        loaded = self.loaded({heading: {**(beside or {}), name: value}})
        for fault in loaded if isinstance(loaded, tuple) else ():
            if fault.where.split(" ")[0] == f"{heading}.{name}":
                return f"{fault.wrong}; fix: {fault.fix}"
        return None

    def faults_of(self, sections: Sections) -> Sequence[str]:
        """Say everything that is wrong with settings of these sections."""
        loaded = self.loaded(sections)
        return [str(fault) for fault in loaded] if isinstance(loaded, tuple) else []

    def section(self, heading: str) -> Section:
        """Return a copy of a section as it is now, empty where there is none."""
        return dict(self.sections.get(heading, {}))


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of the settings that is asked for together."""

    name: str  # as --renew names it
    options: tuple[str, ...]  # those that answer its questions, as parameters
    ask: Callable[[Setup], Sections]
    told: Callable[[Sections], str]  # in one line, without secrets
    owns: Callable[[str], bool]  # the headings that its answers replace
