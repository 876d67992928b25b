"""Sixty invented days around an invented organisation, written into the real tables.

The Harbour Benefits Office, its people and every post are made up. On the last day its website goes down and people
are honestly angry; beside that run an abuse campaign, a doxxing, a person at risk, a source that is refused and one
that is late. Deterministic: the same seed gives the same rows.
"""

import hashlib
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, insert

from tests.reports.sample_posts import ANGER, MODEL, OTHER_LANGUAGES, POSTS, TAILS, assessment, policy
from warehouse import schema

Row = dict[str, Any]
DAY = date(2026, 10, 30)
NOW = datetime(2026, 10, 31, 6, 5, tzinfo=UTC)
DAYS = 60
OUTAGE = 74  # extra posts on the last day

# platform: (share of posts, source)
PLATFORMS = {
    "x": (0.5, "x"),
    "reddit": (0.2, "reddit"),
    "facebook": (0.12, "facebook"),
    "mastodon": (0.1, "mastodon"),
    "blogs": (0.08, "feeds"),
}


def fill(engine: Engine, day: date = DAY, seed: int = 7, first_day: date | None = None) -> None:
    """Write the whole sample: `day` is the day of the outage, and the last one, `first_day` (if given) the first."""
    tables = _Tables(day, random.Random(seed))
    tables.ordinary_days()
    tables.outage()
    tables.languages()
    tables.misuse()
    tables.runs()
    tables.sources()
    if first_day:
        tables.begin(first_day)
    tables.write(engine)


class _Tables:
    """Rows in the making, by table."""

    def __init__(self, day: date, dice: random.Random) -> None:
        self.day = day
        self.dice = dice
        self.rows: dict[str, list[Row]] = {table.name: [] for table in schema.metadata.sorted_tables}
        self.rows["days"] = [{"day": day - timedelta(days=back)} for back in range(DAYS)]
        for number in range(300):
            self._author(number)

    def ordinary_days(self) -> None:
        """About twenty posts a day, fewer at the weekend."""
        names = list(PLATFORMS)
        weights = [share for share, _ in PLATFORMS.values()]
        for back in range(DAYS):
            day = self.day - timedelta(days=back)
            usual = 11 if day.weekday() >= 5 else 21
            for _ in range(max(1, round(self.dice.gauss(usual, 3)))):
                text, score, topics = self.dice.choice(POSTS)
                text = f"{text}. {self.dice.choice(TAILS)}".strip()
                self.mention(self.dice.choices(names, weights)[0], day, text, score, topics)

    def outage(self) -> None:
        """The website goes down at nine: a wave of honest anger on two platforms, none of it abuse."""
        about = (("Service", "Online journal"), ("Matter", "Website and login"))
        for number in range(OUTAGE):
            platform = "reddit" if number % 4 == 0 else "x"
            score = -self.dice.uniform(0.55, 0.95)
            text = f"{ANGER[number % len(ANGER)]}. {self.dice.choice(TAILS)}"
            self.mention(platform, self.day, text, score, about, views=self.dice.randrange(9000))
        self.mention("x", self.day, ANGER[2] + " Twelve of us in the queue here.", -0.8, about, views=148_000)

    def languages(self) -> None:
        """Posts in languages that the model was not trained on."""
        for language, text, score in OTHER_LANGUAGES:
            self.mention("mastodon", self.day, text, score, (), language=language)

    def misuse(self) -> None:
        """Three incidents of the day, an old open one and two closed ones."""
        day = self.day
        abuse = [
            self.mention(
                "x",
                day - timedelta(days=back),
                f"That adviser at Quay Street is vermin, everyone tell her {back}",
                -0.9,
                (("Matter", "Staff and courtesy"),),
                author=1,
                toxicity=0.86,
            )
            for back in (3, 1, 0)
        ]
        dox = self.mention(
            "reddit",
            day,
            "The adviser who closed my claim parks at [street] and drives a [car], go and say hello",
            -0.8,
            (),
            author=2,
            toxicity=0.4,
            views=31_000,
        )
        risk = self.mention("facebook", day, "Harbour Benefits stopped my money and I cannot see a way on", -0.7, ())
        old = self.mention("x", day - timedelta(days=12), "Adviser again, what a useless lump", -0.8, (), author=4)
        self.incident("TOC-1", "cyberbullying", "medium", [old], "acknowledged", opened_back=12)
        self.incident("TOC-2", "cyberbullying", "medium", abuse, "open", opened_back=3)
        self.incident("TOC-3", "doxxing", "critical", [dox], "open", opened_back=0)
        self.incident("TOC-4", "safeguarding", "high", [risk], "open", opened_back=0, target_kind="other")
        self.incident("TOC-5", "cyberbullying", "low", [old], "dismissed", opened_back=20)
        self.incident("TOC-6", "cyberbullying", "high", [old], "resolved", opened_back=25)

    def runs(self) -> None:
        """Every source each morning; on the last two days Facebook is refused and Mastodon is late."""
        for back in range(DAYS):
            day = self.day - timedelta(days=back)
            for platform, (_, source) in PLATFORMS.items():
                if source == "mastodon" and back < 2:
                    continue
                refused = source == "facebook" and back < 2
                self._run(source, platform, day, "access_denied" if refused else "completed")
        for source, platform in (("x", "x"), ("feeds", "blogs")):
            self._run(
                source, platform, self.day + timedelta(days=1), "completed", quarantined=2 if source == "x" else 0
            )
        self._run("reddit", "reddit", self.day + timedelta(days=1), "rate_limited", more=True)

    def sources(self) -> None:
        """What was noted of each: Reddit's quota is nearly used, X should bring more, Pinterest cannot be had."""
        at = datetime(self.day.year, self.day.month, self.day.day, 6, tzinfo=UTC)
        for platform, (_, source) in PLATFORMS.items():
            self._note(source, platform, "official API of the example", None, at)
        self._note("pinterest", "pinterest", None, "own pins only", at)
        self._note("youtube", "youtube", "official API of the example", "set TOCSIN_YOUTUBE_API_KEY", at)

    def _note(self, source: str, platform: str, access: str | None, note: str | None, at: datetime) -> None:
        quota = {"quota": "100 calls per minute", "quota_used": 95, "quota_left": 5} if source == "reddit" else {}
        budget = {"budget": "$50 a month", "budget_used": "$12.40", "budget_left": 752} if source == "x" else {}
        empty = dict.fromkeys(("quota", "quota_used", "quota_left", "budget", "budget_used", "budget_left"))
        row = {"source": source, "platform": platform, "configured": note is None, "access": access, "note": note}
        bounds = {"expected_least": 50 if source == "x" else 0, "expected_most": 20_000}
        self.rows["sources"].append({**empty, **row, **bounds, **quota, **budget, "noted_at": at})

    def begin(self, first_day: date) -> None:
        """A warehouse that is younger: without what was posted before `first_day`, and without incidents."""
        kept = {row["mention_id"] for row in self.rows["mentions"] if row["posted_on"] >= first_day}
        for table in ("mentions", "assessments", "topics"):
            self.rows[table] = [row for row in self.rows[table] if row["mention_id"] in kept]
        for table in ("findings", "evidence", "incidents"):
            self.rows[table] = []

    def write(self, engine: Engine) -> None:
        """All rows in one transaction, parents first."""
        with engine.begin() as connection:
            for table in schema.metadata.sorted_tables:
                if self.rows[table.name]:
                    connection.execute(insert(table), self.rows[table.name])

    def mention(
        self, platform: str, day: date, text: str, score: float, topics: tuple[tuple[str, str], ...], **given: Any
    ) -> str:
        """One post with its assessment and topics; returns its id."""
        native = str(len(self.rows["mentions"]) + 1)
        identity = f"{platform}:{native}"
        posted = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(
            seconds=self.dice.randrange(30_000, 80_000)
        )
        author = given.get("author", self.dice.randrange(5, 300))
        self.rows["mentions"].append(
            {
                "mention_id": identity,
                "platform": platform,
                "native_id": native,
                "kind": "post",
                "url": f"https://social.example/{platform}/{native}",
                "author": _pseudonym(author),
                "text": text,
                "likes": self.dice.randrange(40),
                "reposts": self.dice.randrange(9),
                "replies": self.dice.randrange(6),
                "views": given.get("views"),
                "media": [],
                "links": [],
                "matched_terms": [],
                "source": PLATFORMS[platform][1],
                "posted_at": posted,
                "posted_on": day,
                "collected_at": posted + timedelta(minutes=9),
                "loaded_at": posted + timedelta(minutes=9),
                "revision": 0,
            }
        )
        self.rows["assessments"].append(assessment(identity, score, posted, **given))
        self.rows["topics"].extend(
            {"mention_id": identity, "policy": "hbo", "topic_group": group, "topic": topic} for group, topic in topics
        )
        return identity

    def incident(
        self,
        identity: str,
        category: str,
        severity: str,
        mentions: list[str],
        status: str,
        opened_back: int,
        target_kind: str = "employee",
    ) -> None:
        """One incident with a finding and a piece of evidence for each of its mentions."""
        posts = [row for row in self.rows["mentions"] if row["mention_id"] in mentions]
        clauses = list(policy().categories[category].clauses)  # type: ignore[index]
        opened_on = self.day - timedelta(days=opened_back)
        opened = datetime(opened_on.year, opened_on.month, opened_on.day, 22, 30, tzinfo=UTC)
        why = {"doxxing": "Tells where a member of staff can be found.", "safeguarding": "Speaks of seeing no way on."}
        shared = {"policy": "hbo", "policy_version": "0123456789ab", "category": category, "severity": severity}
        shared |= {"clauses": clauses, "target_kind": target_kind}
        shared |= {"why": why.get(category, "Demeans a member of staff, again and again.")}
        closed = status in ("resolved", "dismissed")
        self.rows["incidents"].append(
            shared
            | {
                "number": int(identity[4:]),
                "incident_id": identity,
                "author": posts[0]["author"],
                "target": target_kind,
                "status": status,
                "route": policy().categories[category].route,  # type: ignore[index]
                "opened_at": opened,
                "opened_on": opened_on,
                "first_seen_at": min(post["posted_at"] for post in posts),
                "last_seen_at": max(post["posted_at"] for post in posts),
                "mention_count": len(posts),
                "acknowledged_at": None if status == "open" else opened + timedelta(minutes=40),
                "seconds_to_acknowledge": None if status == "open" else 2400,
                "closed_at": opened + timedelta(hours=20) if closed else None,
                "seconds_to_close": 72_000 if closed else None,
            }
        )
        for post in posts:
            finding = hashlib.sha256(f"{identity}{post['mention_id']}".encode()).hexdigest()
            self.rows["findings"].append(
                shared
                | {
                    "finding_id": finding,
                    "mention_id": post["mention_id"],
                    "model": MODEL,
                    "confidence": 0.9,
                    "spans": [[0, 4]],
                    "found_at": post["collected_at"],
                    "incident_id": identity,
                }
            )
            self.rows["evidence"].append(
                {
                    "evidence_id": finding,
                    "incident_id": identity,
                    "finding_id": finding,
                    "mention_id": post["mention_id"],
                    "exhibit": {},
                    "sha256": finding,
                    "captured_at": opened,
                }
            )

    def _author(self, number: int) -> None:
        at = datetime(2026, 8, 1, tzinfo=UTC)
        self.rows["authors"].append(
            {
                "author": _pseudonym(number),
                "platform": "x",
                "native_id": str(number),
                "handle": f"example_{number}",
                "followers": self.dice.randrange(2000),
                "first_collected_at": at,
                "last_collected_at": at,
            }
        )

    def _run(
        self, source: str, platform: str, day: date, outcome: str, quarantined: int = 0, more: bool = False
    ) -> None:
        started = datetime(day.year, day.month, day.day, 5, 0, tzinfo=UTC)
        error = {
            "access_denied": "The page token has expired: renew TOCSIN_FACEBOOK_TOKEN",
            "rate_limited": "wait 900 s",
        }
        self.rows["runs"].append(
            {
                "run_id": f"{source}-{day}",
                "source": source,
                "platform": platform,
                "started_at": started,
                "finished_at": started + timedelta(minutes=3),
                "outcome": outcome,
                "collected": 20,
                "inserted": 18,
                "updated": 0,
                "unchanged": 2,
                "quarantined": quarantined,
                "requests": 4,
                "more": more,
                "error": error.get(outcome),
            }
        )


def _pseudonym(number: int) -> str:
    return hashlib.sha256(f"author {number}".encode()).hexdigest()[:12]
