"""WSDL of SOAP services as the tests' own client reads it: one operation with elements of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from lxml import etree
from zeep import Client, Settings

_WSDL = """<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:t="{namespace}" targetNamespace="{namespace}">
  <types><xsd:schema targetNamespace="{namespace}" elementFormDefault="{form}">
    <xsd:element name="{operation}"><xsd:complexType><xsd:sequence>{elements}</xsd:sequence></xsd:complexType>
    </xsd:element>
  </xsd:schema></types>
  <message name="in"><part name="p" element="t:{operation}"/></message>
  <portType name="Port"><operation name="{operation}"><input message="t:in"/></operation></portType>
  <binding name="Binding" type="t:Port">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="{operation}"><soap:operation soapAction="urn:{operation}"/>
      <input><soap:body use="literal"/></input></operation>
  </binding>
  <service name="Service"><port name="Port" binding="t:Binding">
    <soap:address location="http://127.0.0.1/"/></port></service>
</definitions>"""


def envelope(
    folder: Path, namespace: str, operation: str, values: Mapping[str, str], *, form: str = "unqualified"
) -> bytes:
    """Return the request that a SOAP client makes of these values."""
    path = folder / f"{operation}.wsdl"
    path.write_text(
        _WSDL.format(namespace=namespace, operation=operation, form=form, elements=_elements(list(values))), "utf-8"
    )
    client = Client(str(path), settings=Settings(strict=True, xml_huge_tree=False))
    made = client.create_message(client.service, operation, **values)
    return bytes(etree.tostring(made, xml_declaration=True, encoding="UTF-8"))


def _elements(names: Sequence[str]) -> str:
    return "".join(f'<xsd:element name="{name}" type="xsd:string"/>' for name in names)
