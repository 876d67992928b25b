"""An invented X that runs compliance jobs, and the storage beside it: two servers, as in life."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.collectors.server import Asked, Reply, Server


class CompliantX:
    """`gone` maps ids to reasons. A job is `in_progress` for `slow` looks after its ids have come."""

    def __init__(self) -> None:
        self.gone: dict[str, str] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.ids: dict[str, list[str]] = {}
        self.slow = 0
        self.refuse: Reply | None = None
        self.storage_refuse: Reply | None = None
        self.api, self.storage = Server(self._api), Server(self._storage)

    def close(self) -> None:
        self.api.close()
        self.storage.close()

    def begin(self, name: str | None = "tocsin", host: str = "https://storage.googleapis.com") -> str:
        """A job as it stands before its ids have come."""
        job = str(len(self.jobs) + 1)
        ends = datetime.now(UTC) + timedelta(minutes=15)
        self.jobs[job] = {
            "id": job,
            "type": "tweets",
            "name": name,
            "status": "created",
            "upload_url": f"{host}/jobs/{job}/up?X-Goog-Signature=invented",
            "upload_expires_at": ends.isoformat().replace("+00:00", "Z"),
            "download_url": f"{host}/jobs/{job}/down?X-Goog-Signature=invented",
            "download_expires_at": ends.isoformat(),
            "created_at": ends.isoformat(),
        }
        return job

    def _api(self, asked: Asked) -> Reply:
        if self.refuse:
            return self.refuse
        if asked.path == "/2/tweets":
            return Reply.of({"data": []})
        if asked.method == "POST":
            if any(job["status"] in ("created", "in_progress") for job in self.jobs.values()):
                return Reply.of({"title": "Conflict", "detail": "a job is under way"}, status=409)
            return Reply.of({"data": self.jobs[self.begin(json.loads(asked.body).get("name"))]})
        if asked.path == "/2/compliance/jobs":
            return Reply.of({"data": list(self.jobs.values())})
        job = self.jobs[asked.path.rpartition("/")[2]]
        if job["status"] == "in_progress":
            self.slow -= 1
            job["status"] = "complete" if self.slow < 0 else "in_progress"
        return Reply.of({"data": job})

    def _storage(self, asked: Asked) -> Reply:
        if self.storage_refuse:
            return self.storage_refuse
        _, _, job, what = asked.path.split("/")
        if what == "up":
            self.ids[job] = asked.body.decode().split()
            self.jobs[job]["status"] = "in_progress"
            return Reply()
        told = [
            {"id": each, "action": "delete", "created_at": "2026-10-01T09:00:00Z", "reason": self.gone[each]}
            for each in self.ids[job]
            if each in self.gone
        ]
        return Reply("".join(json.dumps(each) + "\n" for each in told).encode())
