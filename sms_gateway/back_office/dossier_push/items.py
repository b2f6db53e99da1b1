"""The items that are taken: the fields of the national portal's items that we keep, and items of our own form.

A field that no model names is dropped when the item is read. So names, numbers, addresses, remarks and lists of files
never become values here, and cannot be stored or logged.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from db.back_office.dossier_pushes import MOST_PUSHED

Service = Literal["DongBoHoSoMC", "CapNhatTienDoHoSoMC"]
"""The national portal's calls that bring dossiers."""

LONGEST_VALUE = 2000
"""Characters of one value; an office's words are cut nowhere, and more than WANTED_LETTERS are a fault."""

MOST_SUPPLEMENTS = 100

Words = Annotated[str, StringConstraints(max_length=LONGEST_VALUE)]
Number = Annotated[int, Field(strict=True, ge=0, le=99_999_999_999_999)]
"""At most 14 digits: yyyyMMddHHmmss, which some systems send without quotation marks."""

Value = Words | Number | None
"""A text, or a whole number; systems write codes and times either way."""


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True, populate_by_name=False)


class Supplement(_Item):
    """One demand for papers in DanhSachHoSoBoSung."""

    wanted: Value = Field(default=None, alias="NoiDungBoSung", description="the papers that are wanted")
    asked_on: Value = Field(default=None, alias="NgayBoSung", description="yyyyMMddHHmmss; the latest demand counts")
    due_on: Value = Field(default=None, alias="NgayHenTraMoi", description="the new due date")


class NationalItem(_Item):
    """One dossier as DongBoHoSoMC and CapNhatTienDoHoSoMC send it. Fields that are not listed are dropped."""

    model_config = ConfigDict(json_schema_extra={"required": ["MaHoSo"]})  # an item without it is a fault of its own

    code: Value = Field(default=None, alias="MaHoSo", description="the code on the receipt")
    status: Value = Field(default=None, alias="TrangThaiHoSo", description="1 to 10, of DongBoHoSoMC")
    step: Value = Field(default=None, alias="TrangThai", description="1 to 10, of CapNhatTienDoHoSoMC")
    procedure: Value = Field(default=None, alias="TenTTHC", description="the name of the procedure")
    received_on: Value = Field(default=None, alias="NgayTiepNhan", description="yyyyMMddHHmmss")
    due_on: Value = Field(default=None, alias="NgayHenTra", description="yyyyMMddHHmmss")
    changed_at: Value = Field(
        default=None,
        alias="ThoiDiemXuLy",
        description="yyyyMMddHHmmss in Viet Nam's time: since when the status holds; without it the request's time",
    )
    supplements: Annotated[list[Supplement], Field(max_length=MOST_SUPPLEMENTS)] | None = Field(
        default=None, alias="DanhSachHoSoBoSung", description="demands for papers; told to citizens with status 5"
    )


class OwnItem(_Item):
    """One dossier in the form of this service."""

    model_config = ConfigDict(json_schema_extra={"required": ["code", "status"]})  # as above

    code: Value = Field(default=None, description="the code on the receipt")
    status: Value = Field(default=None, description="1 to 10")
    received_on: Value = Field(default=None, description="a day, 2026-11-29 or 29/11/2026")
    due_on: Value = Field(default=None, description="a day")
    wanted: Value = Field(default=None, description="papers (status 5) or money (status 6) that are wanted")
    fix: Value = Field(default=None, description="how to supply what is wanted; told in notices")
    pick_up: Value = Field(default=None, description="where the result is handed out (status 9)")
    procedure: Value = Field(default=None, description="the name of the procedure")
    identity_last4: Value = Field(default=None, description="last four digits of the applicant's identity number")
    password: Value = Field(default=None, description="the printed look-up password")
    updated_at: Value = Field(
        default=None, description="ISO 8601: since when this holds; without it the request's time"
    )


class NationalPush(BaseModel):
    """The body of the national portal's calls. `session` and `madonvi` are ignored."""

    service: Service | None = Field(default=None, description="the name of the portal's call")
    is_updating: bool | str | int | None = Field(
        default=None, alias="isUpdating", description="true: a dossier that has ended may leave that status"
    )
    data: list[NationalItem] = Field(max_length=MOST_PUSHED, description="the dossiers")


Push = (
    NationalPush
    | Annotated[list[NationalItem], Field(max_length=MOST_PUSHED)]
    | Annotated[list[OwnItem], Field(max_length=MOST_PUSHED)]
)
"""What a push may be, as senders are told. Items are read one by one, so that one fault stops no other."""
