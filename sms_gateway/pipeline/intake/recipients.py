"""Recipients: the short code that a citizen texted to, in the form that the settings give it."""

from __future__ import annotations

from dataclasses import dataclass

_COUNTRY = "84"
_TRUNK = "0"
_ABROAD = "00"
"""What is dialled before a country code, where a plus cannot be."""

_LONGEST = 24
_BETWEEN = str.maketrans("", "", " .-()+\0")


@dataclass(frozen=True, kw_only=True, slots=True)
class ShortCodes:
    """The numbers that citizens text to by one link or channel; answers go out from them."""

    known: frozenset[str] = frozenset()  # as the settings write them
    default: str = ""  # that of the link, for a text that names none

    def read(self, raw: str) -> str:
        """Read a recipient as a carrier writes it; one that the settings do not name stays, without its plus.

        >>> codes = ShortCodes(known=frozenset({"8188"}), default="8188")
        >>> codes.read("8188"), codes.read("+8188"), codes.read("848188"), codes.read(""), codes.read("+8388")
        ('8188', '8188', '8188', '8188', '8388')
        """
        if raw in self.known:
            return raw
        bare = raw[:_LONGEST].translate(_BETWEEN)
        if not bare:
            return self.default
        if not (bare.isascii() and bare.isdecimal()):
            return raw
        written = {code.lstrip("+"): code for code in self.known}
        called = bare.removeprefix(_ABROAD)
        national = called.removeprefix(_COUNTRY)
        for form in (bare, called, national, national.removeprefix(_TRUNK)):
            if form in written:
                return written[form]
        return bare
