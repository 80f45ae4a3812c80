"""A Withings that follows the documented quirks of the real one.

Errors come with HTTP 200 and a status inside; codes live 30 s; refresh tokens
rotate at every refresh, and the old one dies after 8 h or as soon as the new
access token is first used; `more` and `offset` change their types.
"""

import datetime
import json

from .fake_service import FakeService, bearer, redirect
from .life import ZONE

CODE_LIVES = 30
ACCESS_LIVES = 10800
OLD_LIVES = 8 * 3600
TYPES = {"weight": 1, "fat_ratio": 6, "fat_mass": 8, "muscle_mass": 76}


def measures(kg, fat):
    """As the scale says them: a whole number and a power of ten."""
    fat_mass = kg * fat / 100
    return [
        {"value": round(kg * 1000), "type": 1, "unit": -3},
        {"value": round(fat * 10), "type": 6, "unit": -1},
        {"value": round(fat_mass * 100), "type": 8, "unit": -2},
        {"value": round((kg - fat_mass) * 95), "type": 76, "unit": -2},
    ]


class FakeWithings(FakeService):
    """The groups may be changed; `modified` is then to be set to now."""

    def __init__(self, now, weights=(), client=("id", "secret"), page=300):
        super().__init__(now)
        self.client = client
        self.page = page
        self.codes = {}  # until when
        self.refresh = {}  # token: the access token that it came with
        self.dying = {}  # old refresh token: (until, by use of)
        self.access = {}  # until when
        self.odd = 0
        self.groups = []
        for ts, kg, fat in weights:
            self.weigh(ts, kg, fat)

    def weigh(self, ts, kg, fat, **more):
        group = {
            "grpid": 4100000000 + len(self.groups),
            "attrib": 0,
            "date": ts,
            "created": ts,
            "modified": ts,
            "category": 1,
            "deviceid": "scale",
            "measures": measures(kg, fat),
        }
        self.groups.append(group | more)
        return self.groups[-1]

    def edit(self, group, kg, fat):
        group["measures"] = measures(kg, fat)
        group["modified"] = self.now

    def serve(self, request):
        if request.path == "/oauth2_user/authorize2":
            return self.consent(request.query)
        if request.path == "/v2/oauth2":
            return self.token(request.form)
        if request.path == "/measure":
            return self.measure(request)
        return 404, {}, "<html>nothing here</html>"

    def said(self, status, body=None, error=None):
        document = {"status": status, "body": body or {}}
        if error is not None:
            document["error"] = error
        return 200, {"Content-Type": "application/json"}, json.dumps(document)

    def consent(self, query):
        code = self.new("code")
        self.codes[code] = self.now + CODE_LIVES
        return redirect(
            query["redirect_uri"], {"code": code, "state": query["state"]}
        )

    def token(self, form):
        client = (form.get("client_id"), form.get("client_secret"))
        if form.get("action") != "requesttoken" or client != self.client:
            return self.said(503, error="Invalid Params")
        if form.get("grant_type") == "authorization_code":
            until = self.codes.pop(form.get("code"), 0)
            if until < self.now:
                return self.said(503, error="Invalid Params: invalid code")
            return self.pair()
        return self.rotate(form.get("refresh_token"))

    def rotate(self, old):
        until, use = self.dying.get(old, (0, None))
        if old not in self.refresh and until < self.now:
            return self.said(401, error="invalid refresh_token")
        reply = self.pair()
        self.refresh.pop(old, None)
        self.dying[old] = (self.now + OLD_LIVES, self.newest)
        return reply

    def pair(self):
        self.newest = self.new("access")
        refresh = self.new("refresh")
        self.refresh[refresh] = self.newest
        self.access[self.newest] = self.now + ACCESS_LIVES
        self.odd += 1
        return self.said(0, {
            "userid": 363 if self.odd % 2 else "363",
            "access_token": self.newest,
            "refresh_token": refresh,
            "scope": "user.metrics",
            "expires_in": ACCESS_LIVES,
            "token_type": "Bearer",
        })  # fmt: skip

    def revoke(self):
        self.refresh, self.dying, self.access = {}, {}, {}

    def measure(self, request):
        token = bearer(request)
        if self.access.get(token, 0) <= self.now:
            return self.said(401, error="The access token provided is invalid")
        self.dying = {
            old: (until, use)
            for old, (until, use) in self.dying.items()
            if use != token
        }
        return self.getmeas(request.query | request.form)

    def getmeas(self, form):
        if form.get("action") != "getmeas":
            return self.said(503, error="Invalid Params")
        types = {int(t) for t in form.get("meastypes", "1").split(",")}
        first = int(form.get("offset") or 0)
        since = int(form.get("lastupdate") or 0)
        new = [
            g | {"measures": [m for m in g["measures"] if m["type"] in types]}
            for g in sorted(self.groups, key=lambda g: -g["date"])
            if g["modified"] >= since
            and str(g["category"]) == form.get("category", "1")
        ]
        more = len(new) > first + self.page
        body = {
            "updatetime": self.now,
            "timezone": "Europe/London",
            "measuregrps": new[first : first + self.page],
        }
        self.odd += 1
        if more or self.odd % 2:
            body["more"] = more if self.odd % 2 else int(more)
            after = first + self.page if more else 0
            body["offset"] = str(after) if self.odd % 2 else after
        return self.said(0, body)


def export(groups):
    """The same as weight.csv of an export: local times, and no keys."""
    lines = [
        'Date,"Weight (kg)","Fat mass (kg)","Bone mass (kg)",'
        '"Muscle mass (kg)","Hydration (kg)",Comments'
    ]
    for group in groups:
        value = {
            m["type"]: m["value"] * 10.0 ** m["unit"] for m in group["measures"]
        }
        when = datetime.datetime.fromtimestamp(group["date"], ZONE)
        lines.append(
            f'"{when:%Y-%m-%d %H:%M:%S}",{value[1]:.2f},{value[8]:.2f},,'
            f"{value[76]:.2f},,"
        )
    return "\n".join(lines) + "\n"
