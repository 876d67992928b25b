"""A review of the Google Play Developer API as a mention.

Public for whoever reads stored answers: `to_mention(review)` for each of `reviews`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "googleplay"
SITE = "https://play.google.com/store/apps/details"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_mention(review: dict[str, Any], package: str = "") -> Mention:
    """Read one review of an app. Raises pydantic.ValidationError, KeyError, TypeError or ValueError if malformed."""
    own = [comment["userComment"] for comment in review["comments"] if comment.get("userComment")]
    if not own:
        raise ValueError("the review has no comment of its author's")
    said = max(own, key=lambda comment: _moment(comment["lastModified"]))
    # Older reviews had a title of their own, which the API puts before the text, with a tab between.
    text = "\n\n".join(part.strip() for part in said["text"].split("\t") if part.strip())
    likes = said.get("thumbsUpCount")
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": review["reviewId"],
            "text": text,
            "created_at": _moment(said["lastModified"]),
            "url": f"{SITE}?id={package}&reviewId={review['reviewId']}" if package else None,
            "kind": "review",
            "author": {"name": review.get("authorName") or None},
            "lang": said.get("reviewerLanguage"),
            "links": links(text),
            "metrics": {"rating": said.get("starRating"), "likes": likes},
            "_raw": review,
        }
    )


def _moment(stamp: dict[str, Any]) -> datetime:
    return EPOCH + timedelta(seconds=int(stamp["seconds"]), microseconds=int(stamp.get("nanos") or 0) // 1000)
