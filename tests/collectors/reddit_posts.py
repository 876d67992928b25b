"""Posts and comments as Reddit sends them, all invented."""

from typing import Any

TOKEN = {"access_token": "given", "token_type": "bearer", "expires_in": 3600, "scope": "*"}
SUBMISSION: dict[str, Any] = {
    "kind": "t3",
    "data": {
        "id": "zz9",
        "name": "t3_zz9",
        "title": "Quillmere Water again",
        "selftext": "Read https://example.org/report.",
        "is_self": True,
        "author": "invented_redditor",
        "author_fullname": "t2_aa1",
        "created_utc": 1790845200.0,
        "permalink": "/r/quillmere/comments/zz9/quillmere_water_again/",
        "url": "https://www.reddit.com/r/quillmere/comments/zz9/quillmere_water_again/",
        "score": -4,
        "num_comments": 7,
        "num_crossposts": 1,
    },
}
PICTURES: dict[str, Any] = {
    "kind": "t3",
    "data": {
        **SUBMISSION["data"],
        "id": "zz8",
        "name": "t3_zz8",
        "selftext": "",
        "is_self": False,
        "author": "[deleted]",
        "author_fullname": None,
        "url": "https://www.reddit.com/gallery/zz8",
        "gallery_data": {"items": [{"media_id": "m1", "caption": "a brown tap"}, {"media_id": "m2"}]},
        "media_metadata": {"m1": {"s": {"u": "https://i.example.org/m1.jpg"}}, "m2": {"status": "failed"}},
    },
}
CROSSPOST: dict[str, Any] = {
    "kind": "t3",
    "data": {
        **PICTURES["data"],
        "id": "zz7",
        "name": "t3_zz7",
        "title": "Look at this",
        "gallery_data": None,
        "crosspost_parent_list": [
            {
                **SUBMISSION["data"],
                "name": "t3_yy1",
                "is_self": False,
                "secure_media": {"reddit_video": {"fallback_url": "https://v.example.org/1.mp4"}},
            }
        ],
    },
}
COMMENT: dict[str, Any] = {
    "kind": "t1",
    "data": {
        "id": "cc2",
        "name": "t1_cc2",
        "body": "see [this](https://example.org/a_(b) and https://example.org/c.",
        "author": "another_invention",
        "author_fullname": "t2_bb2",
        "created_utc": 1790845260.0,
        "link_id": "t3_zz9",
        "parent_id": "t3_zz9",
        "link_author": "invented_redditor",
        "link_title": "Quillmere Water again",
        "permalink": "/r/quillmere/comments/zz9/quillmere_water_again/cc2/",
        "score": 5,
    },
}
ANSWER: dict[str, Any] = {
    "kind": "t1",
    "data": {**COMMENT["data"], "id": "cc1", "name": "t1_cc1", "parent_id": "t1_cc0", "permalink": None},
}


def listing(*children: Any, after: str | None = None) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(children), "after": after}}
