"""A review of Trustpilot's API as a mention.

Public for whoever reads stored answers: `to_mention(review)` for each of `reviews`.
"""

from typing import Any

from collectors.mention import Mention
from collectors.plain import links

PLATFORM = "trustpilot"
SITE = "https://www.trustpilot.com/reviews/"


def to_mention(review: dict[str, Any]) -> Mention:
    """Read one review. Raises pydantic.ValidationError, KeyError, TypeError or ValueError where it is malformed."""
    text = "\n\n".join(part for part in (review.get("title"), review.get("text")) if part)
    consumer = review.get("consumer") or {}
    return Mention.model_validate(
        {
            "platform": PLATFORM,
            "id": review["id"],
            "text": text,
            "created_at": review["createdAt"],
            "url": SITE + review["id"],
            "kind": "review",
            "author": {"id": consumer.get("id"), "name": consumer.get("displayName") or consumer.get("name")},
            "lang": review.get("language"),
            "links": links(text),
            "metrics": {"likes": review.get("numberOfLikes"), "rating": review.get("stars")},
            "_raw": review,
        }
    )
