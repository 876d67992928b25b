"""One record of each platform that `records` leaves: pictures, places, wikis, reviews, one's own networks. Invented."""

from functools import partial
from typing import Any

from benchmarks.records import HTML, LINK, SAMPLES, SECONDS, WHEN, WORDS, Record, Sample
from collectors import (
    appstore_review,
    flickr_photo,
    foursquare_tip,
    googleplay_review,
    instagram_post,
    linkedin_post,
    mediawiki_edit,
    tumblr_post,
    wordpress_record,
    yammer_message,
)


def _instagram(n: int) -> Record:
    shown = {"media_type": "IMAGE", "media_url": f"https://example.org/{n}.jpg", "like_count": 3, "comments_count": 1}
    address = f"https://www.instagram.com/p/{n}/"
    said = {"caption": f"{WORDS} {LINK}", "timestamp": "2026-10-01T09:15:00+0000", "username": "invented_one"}
    return {"id": str(n), "permalink": address, **said, **shown}


def _linkedin(n: int) -> Record:
    article = {"article": {"source": LINK, "title": "A burst main"}}
    said = {"commentary": f"{WORDS} {LINK}", "publishedAt": SECONDS * 1000, "content": article}
    return {"id": f"urn:li:share:{n}", "author": "urn:li:person:invented", "lifecycleState": "PUBLISHED", **said}


def _tumblr(n: int) -> Record:
    blog = {"uuid": "t:invented", "name": "invented-one", "title": "Invented One"}
    said = [{"type": "text", "text": WORDS}, {"type": "link", "url": LINK, "title": "A burst main"}]
    place = {"id_string": str(n), "post_url": f"https://invented-one.tumblr.com/post/{n}", "timestamp": SECONDS}
    return {"blog_name": "invented-one", "blog": blog, "content": said, "tags": ["water"], "note_count": 3, **place}


def _wordpress(n: int) -> Record:
    writer = [{"id": 7, "name": "Invented One", "slug": "invented-one", "description": "Writes."}]
    said = {"title": {"rendered": "No water"}, "content": {"rendered": HTML}, "date_gmt": "2026-10-01T09:15:00"}
    return {"id": n, "link": f"https://blog.example/{n}/", "author": 7, "_embedded": {"author": writer}, **said}


def _flickr(n: int) -> Record:
    said: dict[str, Any] = {"title": "No water", "description": {"_content": HTML}, "tags": "water quillmere"}
    who = {"owner": "7@N01", "ownername": "Invented One", "pathalias": "invented-one"}
    shown = {"secret": "a", "server": "1", "views": "40", "count_faves": "3", "count_comments": "1", "media": "photo"}
    return {"id": str(n), "dateupload": str(SECONDS), **said, **who, **shown}


def _foursquare(n: int) -> Record:
    return {"fsq_tip_id": f"tip{n}", "created_at": WHEN, "text": f"{WORDS} {LINK}", "lang": "en", "agree_count": 2}


def _yammer(n: int) -> Record:
    body = {"plain": f"{WORDS} {LINK}", "parsed": WORDS, "rich": HTML, "urls": [LINK]}
    place = {"thread_id": n, "web_url": f"https://www.yammer.com/quill.example/messages/{n}", "replied_to_id": None}
    said = {"created_at": "2026/10/01 09:15:00 +0000", "body": body, "language": "en", "attachments": []}
    return {"id": n, "sender_id": 5, "sender_type": "user", "liked_by": {"count": 2}, **place, **said}


def _mediawiki(n: int) -> Record:
    said = {"added": f"'''{WORDS}''' See [{LINK} a burst main] and [[Quillmere]].", "comment": "news"}
    place = {"title": "Talk:Quillmere", "ns": 1, "pageid": 40, "revid": n, "old_revid": n - 1}
    return {"user": "Invented One", "userid": 7, "timestamp": "2026-10-01T09:15:00Z", **place, **said}


def _appstore(n: int) -> Record:
    who = {"uri": {"label": "https://itunes.apple.com/gb/reviews/id777"}, "name": {"label": "Invented One"}}
    said = {
        "title": {"label": "No water"},
        "content": {"label": WORDS},
        "updated": {"label": "2026-10-01T02:15:00-07:00"},
    }
    link = {"attributes": {"rel": "related", "href": "https://itunes.apple.com/gb/review?id=1&type=Purple"}}
    return {"id": {"label": str(n)}, "author": who, "link": link, "im:rating": {"label": "1"}, **said}


def _googleplay(n: int) -> Record:
    said = {"text": f"No water\t{WORDS}", "lastModified": {"seconds": str(SECONDS)}, "reviewerLanguage": "en"}
    return {
        "reviewId": f"r{n}",
        "authorName": "Invented One",
        "comments": [{"userComment": {**said, "starRating": 1, "thumbsUpCount": 2}}],
    }


ALL = (
    *SAMPLES,
    Sample("instagram", _instagram, instagram_post.to_mention),
    Sample("linkedin", _linkedin, linkedin_post.to_mention),
    Sample("tumblr", _tumblr, tumblr_post.to_mention),
    Sample("wordpress", _wordpress, partial(wordpress_record.to_mention, site="blog.example")),
    Sample("flickr", _flickr, flickr_photo.to_mention),
    Sample("foursquare", _foursquare, foursquare_tip.to_mention),
    Sample("yammer", _yammer, yammer_message.to_mention),
    Sample("mediawiki", _mediawiki, partial(mediawiki_edit.to_mention, address="https://w.example", site="w.example")),
    Sample("appstore", _appstore, appstore_review.to_mention),
    Sample("googleplay", _googleplay, googleplay_review.to_mention),
)
