"""Platforms as people write them, for the identifiers by which they are kept: the one place that knows."""

_PLATFORMS = {
    "appstore": "App Store",
    "googleplay": "Google Play",
    "hackernews": "Hacker News",
    "linkedin": "LinkedIn",
    "mediawiki": "MediaWiki",
    "peertube": "PeerTube",
    "slideshare": "SlideShare",
    "stackexchange": "Stack Exchange",
    "tiktok": "TikTok",
    "wordpress": "WordPress",
    "wordpresscom": "WordPress.com",
    "x": "X",
    "youtube": "YouTube",
}


def platform_name(platform: str) -> str:
    """ "x" is X, "reddit" is Reddit; an identifier with a dot is an address and stays as it is."""
    return _PLATFORMS.get(platform) or (platform if "." in platform else platform.capitalize())
