"""What the HTTP client logs by itself: each address whole, though one may hold a key, a password, or be the secret."""

import logging


def keep_addresses_out_of_the_log() -> None:
    """Let httpx speak of what goes wrong, and no more of each call that it makes."""
    for library in ("httpx", "httpcore"):
        logging.getLogger(library).setLevel(logging.WARNING)
