"""Google's sheets, and who gives out tokens for them, with their quirks.

`values` is absent from an empty range, rows end with their last cell that is
not empty, dates are serial days of the sheet's own zone, 429 has no headers.
"""

import base64
import datetime
import json
import subprocess
import urllib.parse

from .certs import openssl
from .fake_service import FakeService, as_json, bearer

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ACCOUNT = "page@example.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/spreadsheets.readonly"
EPOCH = datetime.date(1899, 12, 30)


def decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def serial(day):
    return (day - EPOCH).days


def training(sets):
    """A log as people keep it: a day and a lift are written once."""
    rows = [["Date", "Exercise", "Weight", "Reps", "Note"]]
    day = lift = None
    for this_day, this_lift, kg, reps in sets:
        new = this_day != day
        rows.append([
            serial(this_day) if new else "",
            this_lift if new or this_lift != lift else "",
            kg,
            reps,
        ])  # fmt: skip
        day, lift = this_day, this_lift
    return rows


class FakeGoogle(FakeService):
    """sheets: of each id and range (its tab) the rows."""

    def __init__(self, now, folder, api_key="api-key"):
        super().__init__(now)
        self.folder = folder
        self.sheets = {}
        self.api_key = api_key
        self.shared = True  # with the account, and by the link
        self.access = {}
        openssl("genpkey", "-algorithm", "RSA", "-out", folder / "google.pem")
        openssl("pkey", "-in", folder / "google.pem", "-pubout",
                "-out", folder / "google.pub")  # fmt: skip

    def key_file(self):
        """What the console gives out for a service account."""
        path = self.folder / "google.json"
        path.write_text(json.dumps({
            "type": "service_account",
            "client_email": ACCOUNT,
            "private_key": (self.folder / "google.pem").read_text(),
            "token_uri": self.url + "/token",
        }))  # fmt: skip
        path.chmod(0o600)
        return path

    def serve(self, request):
        parts = request.path.split("/")
        if request.path == "/token":
            return self.token(request.form)
        if request.path.startswith("/v4/spreadsheets/"):
            return self.values(request, parts)
        if request.path.startswith("/spreadsheets/d/"):
            return self.export(request, parts[3])
        if request.path.startswith("/content/"):
            return 200, {"Content-Type": "text/csv"}, self.csv(parts[2])
        return 404, {}, "<html>nothing here</html>"

    def fault(self, code, status, message):
        error = {"code": code, "message": message, "status": status}
        return as_json({"error": error}, code)

    def token(self, form):
        claims = self.verify(form.get("assertion", ""))
        if claims is None:
            return as_json({
                "error": "invalid_grant",
                "error_description": "Invalid JWT Signature.",
            }, 400)  # fmt: skip
        known = (
            form["grant_type"] == GRANT
            and claims["iss"] == ACCOUNT
            and claims["aud"] == self.url + "/token"
            and claims["scope"] == SCOPE
            and claims["iat"] - 60 <= self.now < claims["exp"]
            and claims["exp"] - claims["iat"] <= 3600
        )
        if not known:
            return as_json({"error": "invalid_grant"}, 400)
        token = self.new("access")
        self.access[token] = self.now + 3600
        return as_json({
            "access_token": token, "expires_in": 3599, "token_type": "Bearer",
        })  # fmt: skip

    def verify(self, jwt):
        """The claims; None if the signature is not the account's."""
        signed, _, signature = jwt.rpartition(".")
        (self.folder / "signature").write_bytes(decoded(signature))
        (self.folder / "signed").write_text(signed)
        head, _, claims = signed.partition(".")
        assert json.loads(decoded(head))["alg"] == "RS256"
        try:
            openssl("dgst", "-sha256", "-verify", self.folder / "google.pub",
                    "-signature", self.folder / "signature",
                    self.folder / "signed")  # fmt: skip
        except subprocess.CalledProcessError:
            return None
        return json.loads(decoded(claims))

    def may(self, request):
        if request.query.get("key") == self.api_key:
            return True
        return self.access.get(bearer(request), 0) > self.now

    def values(self, request, parts):
        if not self.may(request):
            return self.fault(401, "UNAUTHENTICATED", "no valid credentials")
        if parts[3] not in self.sheets:
            return self.fault(404, "NOT_FOUND", "Requested entity not found.")
        if not self.shared:
            return self.fault(
                403, "PERMISSION_DENIED", "The caller does not have permission"
            )
        if request.query.get("dateTimeRenderOption") != "SERIAL_NUMBER":
            return self.fault(400, "INVALID_ARGUMENT", "not asked like that")
        wanted = urllib.parse.unquote(parts[5])
        said = {"range": wanted, "majorDimension": "ROWS"}
        rows = [self.short(r) for r in self.sheets[parts[3]]]
        if rows:
            said["values"] = rows
        return as_json(said)

    @staticmethod
    def short(row):
        while row and row[-1] in ("", None):
            row = row[:-1]
        return row

    def export(self, request, sheet):
        if not self.shared or sheet not in self.sheets:
            return 200, {"Content-Type": "text/html"}, (
                "<!doctype html><html><title>Sign in</title></html>"
            )
        assert request.query["format"] == "csv"
        return 307, {"Location": f"{self.url}/content/{sheet}"}, ""

    def csv(self, sheet):
        """As it is shown: dates of the sheet's language."""
        lines = []
        for n, row in enumerate(self.sheets[sheet]):
            cells = list(row)
            if n > 0 and isinstance(cells[0], int):
                day = EPOCH + datetime.timedelta(cells[0])
                cells[0] = day.strftime("%d/%m/%Y")
            lines.append(",".join(map(str, cells)))
        return "\r\n".join(lines)
