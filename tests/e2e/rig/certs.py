"""Certificates for one test, made by openssl: a CA, and what it signs."""

import subprocess
import zlib


def openssl(*args):
    """Runs openssl; its own words are in the exception if it fails."""
    subprocess.run(
        ["openssl", *map(str, args)], check=True, capture_output=True, text=True
    )


class Authority:
    """A CA in a directory of its own; its certificate is `.path`."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.path, self.key = folder / "ca.pem", folder / "ca.key"
        self._self_sign(self.path, self.key, "/CN=Test CA")

    @staticmethod
    def _self_sign(cert, key, subject, *more):
        openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
            "-subj", subject, "-out", cert, "-keyout", key, *more,
        )  # fmt: skip

    def issue(self, name, host="127.0.0.1", days=30):
        """(certificate, key) for an address or a name; days may be -1."""
        cert, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request, extra = cert.with_suffix(".csr"), cert.with_suffix(".ext")
        kind = "IP" if host[0].isdigit() else "DNS"
        extra.write_text(f"subjectAltName={kind}:{host}\n")
        openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-subj", f"/CN={name}", "-out", request, "-keyout", key,
        )  # fmt: skip
        openssl(
            "x509", "-req", "-in", request, "-CA", self.path, "-CAkey",
            self.key, "-set_serial", zlib.crc32(name.encode()), "-days", days,
            "-extfile", extra, "-out", cert,
        )  # fmt: skip
        return cert, key

    def self_signed(self, name):
        """A certificate for 127.0.0.1 that nobody else has signed."""
        cert, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        self._self_sign(
            cert, key, f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"
        )
        return cert, key
