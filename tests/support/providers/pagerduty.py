"""PagerDuty's incidents as https://developer.pagerduty.com/api-reference describes them."""

from tests.support.providers.server import Json, Provider, Received, Reply

TOKEN = "y_NbAkKc66ryYTWUXYEu"
SENDER = "meridian@example.org"
SERVICE = "PIJ90N7"
ANA = "PXPGF42"


class PagerDutyServer(Provider):
    def __init__(self) -> None:
        super().__init__()
        self.incidents: list[Json] = []

    def acknowledge(self, at: str, by: str = ANA, kind: str = "user_reference") -> None:
        """The newest, in the app or by a service of its own."""
        one = {"at": at, "acknowledger": {"id": by, "type": kind}}
        earlier = self.incidents[-1].get("acknowledgements", [])
        self.incidents[-1] |= {"status": "acknowledged", "acknowledgements": [*earlier, one]}

    def resolve(self, at: str, by: str = ANA, kind: str = "user_reference") -> None:
        who = {"id": by, "type": kind}
        change = {"last_status_change_at": at, "last_status_change_by": who, "acknowledgements": []}
        self.incidents[-1] |= {"status": "resolved", **change}

    def answer(self, request: Received) -> Reply:
        if request.headers.get("Authorization") != f"Token token={TOKEN}":
            return Reply({"error": {"code": 2006, "message": "Unauthorized"}}, 401)
        match request.method, request.path.strip("/").split("/"):
            case "POST", ["incidents"]:
                return self._create(request)
            case "GET", ["incidents"]:
                return self._listed(request)
            case "GET", ["services", service] if service == SERVICE:
                return Reply({"service": {"id": SERVICE}})
            case method, ["incidents", incident]:
                return self._one(method, incident, request)
            case _:
                return Reply({"error": {"code": 2100, "message": "Not Found"}}, 404)

    def _create(self, request: Received) -> Reply:
        asked = request.json["incident"]
        if request.headers.get("From") != SENDER:
            return _refused("Requester User Not Found")
        if asked["assignments"][0]["assignee"]["id"] != ANA:
            return _refused("Assignee cannot be found")
        if any(one["incident_key"] == asked["incident_key"] for one in self._open()):
            return _refused("Open incident with matching dedup key already exists on this service")
        incident = {
            **asked,
            "id": f"PT{len(self.incidents):05}",
            "status": "triggered",
            "acknowledgements": [],
        }
        self.incidents.append(incident)
        return Reply({"incident": incident}, 201)

    def _listed(self, request: Received) -> Reply:
        key = dict(request.query)["incident_key"]
        return Reply({"incidents": [one for one in self._open() if one["incident_key"] == key]})

    def _one(self, method: str, incident: str, request: Received) -> Reply:
        one = next((one for one in self.incidents if one["id"] == incident), None)
        if one is None:
            return Reply({"error": {"code": 2100, "message": "Not Found"}}, 404)
        if method == "PUT":
            if one["status"] == "resolved":
                return _refused("Incident Already Resolved")
            one["status"] = request.json["incident"]["status"]
        return Reply({"incident": one})

    def _open(self) -> list[Json]:
        return [one for one in self.incidents if one["status"] != "resolved"]


def _refused(why: str) -> Reply:
    return Reply({"error": {"code": 2001, "message": "Invalid Input Provided", "errors": [why]}}, 400)
