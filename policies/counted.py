"""Numbers of things in English sentences: written here once, since every room counts."""


def counted(number: int, word: str, plural: str = "") -> str:
    """`1 post`, `2,000 posts`, `0 people`; `plural`: where it is not the word with an s."""
    return f"{number:,} {word}" if number == 1 else f"{number:,} {plural or word + 's'}"
