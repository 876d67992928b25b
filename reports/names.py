"""Names as people write them, for what the warehouse keeps as identifiers."""

# Languages that a reader is likely to meet; any other keeps its code.
_LANGUAGES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "cy": "Welsh",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "ga": "Irish",
    "gd": "Gaelic",
    "gu": "Gujarati",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "nl": "Dutch",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "so": "Somali",
    "sq": "Albanian",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "und": "Language not told",
    "ur": "Urdu",
    "zh": "Chinese",
    "zxx": "No words",
}


def language_name(code: str) -> str:
    """The English name of an ISO 639-1 code."""
    return _LANGUAGES.get(code, code)


def category_name(category: str) -> str:
    """A category of misuse as people say it."""
    return category.replace("_", " ")
