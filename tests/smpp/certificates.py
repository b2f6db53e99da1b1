"""Certificates for tests: an authority, and what it signs."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sms_gateway.clock import utc_now


class Authority:
    """Signs certificates and writes them as PEM files into a folder.

    With `lax` it breaks a rule of RFC 5280 that many private CAs break: "no key identifier" (§4.2.1.1), "not critical"
    (§4.2.1.9), or "v1", a CA certificate of X.509 version 1.
    """

    def __init__(self, folder: Path, lax: str = "") -> None:
        self.folder = folder
        self._lax = lax
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.file = folder / "authority.pem"
        self.file.write_bytes(self._sign(self._name, self._key.public_key(), authority=True))
        if lax == "v1":
            self._make_first_version()

    def issue(self, name: str) -> tuple[Path, Path]:
        """Return a certificate for this host name and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        cert_file, key_file = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        cert_file.write_bytes(self._sign(subject, key.public_key(), authority=False, host=name))
        key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return cert_file, key_file

    def _sign(
        self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, authority: bool, host: str = "authority"
    ) -> bytes:
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(utc_now() - timedelta(days=1))
            .not_valid_after(utc_now() + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=self._lax != "not critical")
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
        if self._lax != "no key identifier":
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(identifier, critical=False)
        if authority:
            usage = x509.KeyUsage(
                digital_signature=True,
                key_cert_sign=True,
                crl_sign=True,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                encipher_only=False,
                decipher_only=False,
            )
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    def _make_first_version(self) -> None:
        """Sign the CA's certificate anew as X.509 v1, which has no extensions; only the openssl program writes it."""
        key, request = self.folder / "authority.key", self.folder / "authority.csr"
        key.write_bytes(
            self._key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        signing = x509.CertificateSigningRequestBuilder().subject_name(self._name).sign(self._key, hashes.SHA256())
        request.write_bytes(signing.public_bytes(serialization.Encoding.PEM))
        files = ["-in", str(request), "-signkey", str(key), "-out", str(self.file)]
        subprocess.run(["openssl", "x509", "-req", "-days", "1", *files], check=True, capture_output=True)
        loaded = x509.load_pem_x509_certificate(self.file.read_bytes())
        assert loaded.version is x509.Version.v1
