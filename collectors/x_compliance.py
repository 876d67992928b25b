"""Which stored posts X says must go, in bulk and for nothing: batch compliance jobs, by tweepy.

Endpoints: POST /2/compliance/jobs (type tweets), GET /2/compliance/jobs and /2/compliance/jobs/{id}; the ids are PUT as
text, one a line, to the job's `upload_url`, which lives 15 minutes, and the results are read as JSON Lines from its
`download_url`, which lives a week. Both are signed addresses on Google's storage: they take no credentials and get
none, and that host is spoken to for this alone (TOCSIN_X_COMPLIANCE_STORAGE_URL).
Auth: the same app-only bearer token. An app whose access does not include compliance is answered 403: `NotEntitled`.
Quota: 150 calls per 15 minutes; one job at a time.
Cannot see: edits, for which /2/tweets is asked; ids that are in no result are still as they were.
Terms: a result with the action `delete` (deleted, deactivated, protected, suspended, bounced) must be carried out.
`scrub_geo` takes back a place, which is never asked for, so the post stays. Use for anything but compliance is
prohibited. Source: https://docs.x.com/x-api/compliance/batch-compliance/introduction, read in November 2026.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import requests

from collectors.collector import RateLimited, UnexpectedResponse
from collectors.manners import Manners, Visit, documented, judge
from collectors.recheck import JobLost, NotEntitled, Redacted
from collectors.transport import polite_session
from collectors.x_client import NotTaken, client_of, said

STORAGE = "https://storage.googleapis.com"
NAME = "tocsin"  # by which a job of ours is known again
MOST = 50_000  # ids in one job: were each of them gone, the results would still keep to the size of an answer
POLL_S = 30.0
PATIENCE_S = 300.0  # a job that takes longer is left to the next run
OVER = ("failed", "expired")
CLOSED_ACCOUNTS = ("suspended", "deactivated")  # reasons that are about the author, and not the post
AS_TEXT = {"Content-Type": "text/plain"}  # part of what the upload address is signed for


@dataclass(frozen=True)
class Job:
    """A job as X tells of it."""

    id: str
    name: str | None
    status: str  # created, in_progress, complete, failed, expired
    upload_url: str
    upload_ends: datetime
    download_url: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Job":
        """Raises KeyError, TypeError or ValueError for one that is not as documented."""
        ends = datetime.fromisoformat(told["upload_expires_at"])
        return cls(told["id"], told.get("name"), told["status"], told["upload_url"], ends, told["download_url"])

    @property
    def wants_ids(self) -> bool:
        """Whether it waits for its ids, and still takes them."""
        return self.status == "created" and self.upload_ends > datetime.now(UTC)


class ComplianceJobs:
    """`collectors.recheck.BulkJobs` of X."""

    most = MOST

    def __init__(self, bearer_token: str, base_url: str, storage_url: str, manners: Manners) -> None:
        self._bearer_token = bearer_token
        self._base_url = base_url
        self._storage_url = storage_url
        self._manners = manners
        self._calls = 0

    def bill(self) -> int:
        """The calls made since this was last asked."""
        calls, self._calls = self._calls, 0
        return calls

    def begin(self) -> str:
        """Begin a job. Raises NotEntitled where the app may not, RateLimited where another job is still under way."""
        with self._speaking() as client:
            try:
                answer = said(lambda: client.create_compliance_job("tweets", name=NAME))
            except UnexpectedResponse as error:
                return self._left(client, error).id
            with documented("X"):
                return Job.of(answer["data"]).id

    def carry_on(self, job_id: str, ids: Sequence[str]) -> Redacted | None:
        """Hand over the ids where they are wanted, and wait for the results. Raises JobLost for a job that is over."""
        with self._speaking() as client:
            job = self._told(client, job_id)
            if job.wants_ids:
                self._upload(job, ids)
            waited = 0.0
            while (job := self._told(client, job_id)).status != "complete":
                if job.status in OVER or (job.status == "created" and not job.wants_ids):
                    raise JobLost(f"X's compliance job {job_id} ended as {job.status}; the next run begins another")
                if waited >= PATIENCE_S:
                    return None
                self._manners.sleep(POLL_S)
                waited += POLL_S
            results = self._download(job)
            return Redacted(gone(results, ids), gone(results, ids, CLOSED_ACCOUNTS))

    def _told(self, client: Any, job_id: str) -> Job:
        try:
            answer = said(lambda: client.get_compliance_job(job_id))
        except NotTaken as error:
            raise UnexpectedResponse(f"X does not know its compliance job {job_id}: {error}") from error
        with documented("X"):
            return Job.of(answer["data"])

    def _left(self, client: Any, refusal: Exception) -> Job:
        """The job that a run began and was killed before it noted it. X takes one at a time, so no other is begun."""
        answer = said(lambda: client.get_compliance_jobs("tweets"))
        with documented("X"):
            under_way = [each for each in answer.get("data") or () if each["status"] in ("created", "in_progress")]
            ours = [job for job in map(Job.of, under_way) if job.name == NAME and job.wants_ids]
        if ours:
            return ours[0]
        if under_way:
            raise RateLimited("X runs one compliance job at a time, and another is under way") from refusal
        raise UnexpectedResponse(f"X began no compliance job: {refusal}") from refusal

    def _upload(self, job: Job, ids: Sequence[str]) -> None:
        with self._storing() as session:
            session.put(job.upload_url, data="".join(f"{each}\n" for each in ids).encode(), headers=AS_TEXT)

    def _download(self, job: Job) -> str:
        with self._storing() as session:
            return session.get(job.download_url).content.decode("utf-8", "replace")

    @contextmanager
    def _speaking(self) -> Iterator[Any]:
        """A client of the API, for as long as it takes; it speaks to the API's host alone."""
        visit = Visit(self._manners, self._base_url)
        client = client_of(self._bearer_token, self._base_url, visit, entitled)
        try:
            with client.session:
                yield client
        finally:
            self._calls += visit.requests

    @contextmanager
    def _storing(self) -> Iterator[requests.Session]:
        """A session for the storage and no other host, without the token."""
        visit = Visit(self._manners, self._storage_url)
        moved = {STORAGE: self._storage_url}
        try:
            with polite_session(visit, "The storage of X's compliance jobs", "", moved, signed) as session:
                session.auth = _no_login
                yield session
        finally:
            self._calls += visit.requests


def gone(results: str, asked: Sequence[str], reasons: Collection[str] | None = None) -> tuple[str, ...]:
    """Of the ids that were asked about, those that must go; of these, if any are given, those for some reasons.

    Raises UnexpectedResponse for results of another shape.
    """
    ours, told = set(asked), []
    with documented("X"):
        for line in results.splitlines():
            if not line.strip():
                continue
            result = json.loads(line)
            native_id, action, reason = str(result["id"]), result["action"], result.get("reason")
            wanted = reason != "scrub_geo" if reasons is None else reason in reasons
            if action == "delete" and wanted and native_id in ours:
                told.append(native_id)
    return tuple(dict.fromkeys(told))


def entitled(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """As usual, but for a refusal that is not about the token: the app's access does not include compliance."""
    if status in (402, 403):
        excerpt = body[:200].decode("utf-8", "replace")
        raise NotEntitled(f"X does not let this app have compliance jobs ({status}): {excerpt}")
    judge(status, headers, body, what, fix)


def signed(status: int, headers: Mapping[str, str], body: bytes, what: str, fix: str) -> None:
    """What the storage answers: a refusal is about the signed address, which may have run out."""
    if 400 <= status < 500 and status not in (408, 425, 429):
        raise UnexpectedResponse(f"{what} answered {status}: the signed address may have run out")
    judge(status, headers, body, what, fix)


def _no_login(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keeps requests from adding a login out of ~/.netrc to an address that is signed already."""
    return request
