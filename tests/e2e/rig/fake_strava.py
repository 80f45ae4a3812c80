"""A Strava that follows the documented quirks of the real one.

Refresh tokens may change at any refresh, and the old one is dead then; with
more than an hour left the same access token comes back. Limits come in two
pairs of headers and are counted in quarter hours and days, refusals too.
start_date_local is local time with a false Z.
"""

import datetime
import json

from .fake_service import FakeService, as_json, bearer, redirect
from .life import ZONE

ACCESS_LIVES = 6 * 3600
ID = 9007199254740993  # more than a double holds


def iso(ts, zone=datetime.timezone.utc):
    when = datetime.datetime.fromtimestamp(ts, zone)
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def activity(number, run):
    metres, seconds = run["metres"], run["seconds"]
    return {
        "id": run.get("id", ID + number),
        "name": "Intervals" if run.get("hard") else "Easy run",
        "distance": metres,
        "moving_time": seconds,
        "elapsed_time": seconds + 45,
        "total_elevation_gain": run.get("climb"),
        "type": "Run",
        "sport_type": "Run",
        "workout_type": 3 if run.get("hard") else None,
        "start_date": iso(run["ts"]),
        "start_date_local": iso(run["ts"], ZONE),
        "timezone": "(GMT+00:00) Europe/London",
        "map": {"id": f"a{number}", "summary_polyline": None},
        "start_latlng": [] if number % 2 else None,
        "gear_id": None,
        "average_speed": round(metres / seconds, 3) if seconds else 0,
        "max_speed": round(1.3 * metres / seconds, 3) if seconds else 0,
        "average_heartrate": run.get("heart"),
    }


class FakeStrava(FakeService):
    def __init__(self, now, runs=(), client=("17", "secret")):
        super().__init__(now)
        self.client = client
        self.scope = None  # what is granted; None: all that is asked for
        self.codes = {}
        self.refresh = "refresh-0"
        self.access, self.until = "access-0", 0
        self.rotates = True
        self.limits = {"quarter": 100, "day": 1000}
        self.used = []  # when
        self.paid = True
        self.activities = [activity(n, run) for n, run in enumerate(runs)]

    def run(self, ts, metres, seconds):
        run = {"ts": ts, "metres": metres, "seconds": seconds}
        self.activities.append(activity(len(self.activities), run))

    @staticmethod
    def begin(activity, ts):
        """It began at another time than was said."""
        activity["start_date"] = iso(ts)
        activity["start_date_local"] = iso(ts, ZONE)

    def serve(self, request):
        if request.path == "/oauth/authorize":
            return self.consent(request.query)
        if request.path == "/oauth/token":
            return self.token(request.form)
        if request.path.startswith("/api/v3/"):
            return self.api(request)
        return 404, {}, "<html>nothing here</html>"

    def fault(self, status, message, resource, field, code, headers=None):
        error = {"resource": resource, "field": field, "code": code}
        return as_json(
            {"message": message, "errors": [error]}, status, headers
        )

    def consent(self, query):
        code = self.new("code")
        self.codes[code] = self.now + 600
        scope = self.scope if self.scope is not None else query["scope"]
        return redirect(
            query["redirect_uri"],
            {"state": query.get("state", ""), "code": code, "scope": scope},
        )

    def token(self, form):
        client = (form.get("client_id"), form.get("client_secret"))
        if client != self.client:
            return self.fault(
                400, "Bad Request", "Application", "client_secret", "invalid"
            )
        if form.get("grant_type") == "authorization_code":
            if self.codes.pop(form.get("code"), 0) < self.now:
                return self.fault(
                    400, "Bad Request", "AuthorizationCode", "code", "invalid"
                )
        elif form.get("refresh_token") != self.refresh:
            return self.fault(
                400, "Bad Request", "RefreshToken", "refresh_token", "invalid"
            )
        if self.until - self.now <= 3600:
            self.access = self.new("access")
            self.until = self.now + ACCESS_LIVES
            if self.rotates:
                self.refresh = self.new("refresh")
        return as_json({
            "token_type": "Bearer",
            "expires_at": self.until,
            "expires_in": self.until - self.now,
            "refresh_token": self.refresh,
            "access_token": self.access,
        })  # fmt: skip

    def usage(self):
        quarter = self.now - self.now % 900
        day = self.now - self.now % 86400
        return (
            sum(t >= quarter for t in self.used),
            sum(t >= day for t in self.used),
        )

    def limit_headers(self):
        quarter, day = self.usage()
        limits = f"{self.limits['quarter']}, {self.limits['day']}"
        return {
            "x-ratelimit-limit": limits,
            "X-RateLimit-Usage": f"{quarter},{day}",
            "X-ReadRateLimit-Limit": limits,
            "x-readratelimit-usage": f"{quarter}, {day}",
        }

    def api(self, request):
        self.used.append(self.now)
        quarter, day = self.usage()
        headers = self.limit_headers()
        if quarter > self.limits["quarter"] or day > self.limits["day"]:
            return self.fault(
                429, "Rate Limit Exceeded", "Application", "rate limit",
                "exceeded", headers,
            )  # fmt: skip
        if not self.paid:
            return self.fault(
                403, "Forbidden", "Application", "Status", "Inactive", headers
            )
        if bearer(request) != self.access or self.until <= self.now:
            return self.fault(
                401, "Authorization Error", "Athlete", "access_token",
                "invalid", headers,
            )  # fmt: skip
        if request.path == "/api/v3/athlete/activities":
            return as_json(self.list(request.query), headers=headers)
        return self.fault(
            404, "Resource Not Found", "", "", "not found", headers
        )

    def list(self, query):
        """The newest first, but the oldest first if asked what is after."""
        after = int(query.get("after") or 0)
        page, size = int(query.get("page", 1)), int(query.get("per_page", 30))
        size = min(size, 200)
        known = [a for a in self.activities if a["start_date"] > iso(after)]
        known.sort(key=lambda a: a["start_date"], reverse=not after)
        return known[(page - 1) * size : page * size]


def export(activities):
    """The same as activities.csv of a bulk export."""
    lines = [
        "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,"
        "Distance,Max Heart Rate,Elapsed Time,Moving Time,Distance,Max Speed,"
        "Elevation Gain,Average Heart Rate"
    ]
    for a in activities:
        when = datetime.datetime.strptime(a["start_date"], "%Y-%m-%dT%H:%M:%SZ")
        hour = when.hour % 12 or 12
        date = f"{when:%b} {when.day}, {when.year}, {hour}:{when:%M:%S %p}"
        cells = [
            a["id"], f'"{date}"', json.dumps(a["name"]), a["type"],
            a["elapsed_time"], f"{a['distance'] / 1000:.2f}", "",
            float(a["elapsed_time"]), float(a["moving_time"]), a["distance"],
            a["max_speed"], a["total_elevation_gain"], a["average_heartrate"],
        ]  # fmt: skip
        lines.append(",".join("" if c is None else str(c) for c in cells))
    return "\n".join(lines) + "\n"
