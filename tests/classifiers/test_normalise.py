"""Disguises are undone, ordinary writing is left alone, and every character finds its way back."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.normalise import fingerprint, normalise

# Characters that the steps act on, so that random texts meet them often and next to each other.
TRICKY = st.sampled_from(
    [
        *"aAbeklmoiI013457@$!|.-_* \t\n&;#/:'’аеіοᴋ🅰",
        *("&amp;", "http://", "www.", "u/", "👍🏽", "❤️", "👩\u200d👧", "™", "1\ufe0f\u20e3"),
        *("h❤️te", "f*ck", "1️⃣", "b-tch", "1diot", "🌸"),
        *("ﬁ", "Å", "½", "ᄀ", "ᅡ", "\u0301", "\u0323", "\u0337", "\u200b", "\u200d", "\ufe0f", "\x00", "\ud800"),
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(TRICKY, st.characters()), max_size=40).map("".join))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("I will k i l l you", "I will kill you"),
        ("i-d-i-o-t", "idiot"),
        ("you are an 1diot, an id1ot", "you are an idiot, an idiot"),
        ("1DIOTS, wanker5, IDIOT5", "IDIOTS, wankers, IDIOTS"),
        (
            "for f*ck's sake, 'sh*t' F*CK, a b-tch of a d#mn form",
            "for fuck's sake, 'shit' FUCK, a bitch of a damn form",
        ),
        ("I h*te w*men, bl**dy sh*te, f***ing f*ck-up", "I hate women, bloody shite, fucking fuck-up"),
        ("Sh*t happens, I'll k*ll the r*pist", "Shit happens, I'll kill the rapist"),
        ("J*ws and M*slims, K*ll them", "Jews and Muslims, Kill them"),
        ("ki11ing, b1ow up, s1ut, assho1e, bu11ied, b!tches", "killing, blow up, slut, asshole, bullied, bitches"),
        ("I h❤️te tr🅰️ns and tr❤️ns, idi⭕t pric🐷s", "I hate trAns and trans, idiot pricks"),
        ("f🐷ck l0️⃣ve, Musl1️⃣ms, f4️⃣gs", "fuck love, Muslims, fags"),
        ("h4te th3m", "hate them"),
        ("sh!t", "shit"),
        ("іdiоt", "idiot"),  # Cyrillic i and o
        ("ᴋɪʟʟ", "kill"),
        ("𝓴𝓲𝓵𝓵", "kill"),
        ("k̷i̷l̷l̷", "kill"),
        ("ki\u200bll", "kill"),
        ("ЅНІТ and раѕѕ", "SHIT and pass"),  # whole words of Cyrillic letters in a Latin text
        ("kiӏӏ, ɡit", "kill, git"),
        ("k🔥i🔥l🔥l and k ⭐ i ⭐ l ⭐ l", "kill and kill"),
        ("k/i/l/l k·i·l·l k~i~l~l", "kill kill kill"),
        ("🇰 🇮 🇱 🇱 🇬🇧", "KILL united kingdom"),
        ("I k i l l, I d i o t", "I kill, Idiot"),
        ("sw1mming, th1s, ba5ic", "swimming, this, basic"),
        ("sooooo baaaad scuuum!!!!!!", "soo bad scum!!!"),
        ("thanks ❤️", "thanks red heart"),
        ("see https://gov.example/a?b=1.", "see url."),
        ("@some_body and @a@b.example, u/someone", "@user and @user, @user"),
        ("Q&amp;A", "Q&A"),
        ("Q&amp;" + "amp;" * 20 + "lt;A", "Q<A"),
        ("  two\n lines\u00a0here ", "two lines here"),
    ],
)
def test_disguise_is_undone(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "text",
    [
        "My P45s came on the 4th at 10am, SW1A 2AA, form UC50, b2b, covid19",
        "Dydd Gŵyl Dewi hapus, mae'r swyddfa ar gau",
        "Привет, как дела?",
        "write to help@office.example",
        "I said: e.g. this, i.e. that",
        "it costs 1000000 pounds",
        "£1,200 or $1,200.50 at 9.30, 4:30pm or 17.00-18.15, 24/7",
        "EC1A 1BB, ec1a 1bb, sw1a 2aa, LS14AB, EC1A1BB",
        "ES40JP, JSA10JP, P11D, SSP1(L), QQ123456C, PS5s, mp3s, UC50s",
        "W H Smith, B & Q, U.K., M&S, J. R. R. Tolkien, N I number",
        "George III, Part iii, AAA, www, KKK, xxx, vacuum, skiing, withhold, Dydd Llun",
        "#c4news #r4today #B2B #UC50",
        "Home|About, yes|no, on/off, a/b/c, A→B→C, she/her/they",
        "α male, β test, привет оса",
        "self-harm, co-op, no-one, re-do, Wi-Fi, ex-pat, X-ray, Stat-Xplore, Astley-Crowe, we--do, a f-it list",
        "d-ad, s-it, c-own, in-red, f#, C#, to-ser, simple-on, p-ick, w-ed",
        "half*way, *word*, **loud**, price*, a*b, 2*x, log*n, *.txt, can*t, we*ll, thi*k, wi*ch, r*read, bo*bs",
        "f*gs, d*kes, s*cks, t*rf, p*key, ch*nky, pa*i, ra*ist, h**e, p**n relief, g**s, d**d, up the h*ll",
        "Mr C**k, Mrs W***er, mrs w***er, MRS W***ER, Miss R**e, Mr H*ll, Ms D*ck, j*hn sm*th, J*hn Sm*th, W***er",
        "wi-ch, thi-k, lo-er, pi-s, Hi g-ys, t-at, bo-bs",
        "g4s guards, u3a, w3w, h1b, b4u, lo51abc, cash@5pm, meet@noon, Yes!we, Hi!all",
        "Plan3, Team5, form4, PIP3, 4days, 3pack, 1deal, mp3, gr8, 5hits, 7rolls, SHI7, RAT5, drug5",
    ],
)
def test_ordinary_writing_is_left_alone(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("dressed in❤️red", "dressed in red heart red"),
        ("the🌹is no❌way", "the rose is no cross mark way"),
        ("f🌟gs b🏀ll d🌟ke", "f glowing star gs b basketball ll d glowing star ke"),
        ("mon💷ey ca🐱t ho🔥t", "mon pound banknote ey ca cat face t ho fire t"),
        ("step1️⃣call ward5️⃣at", "step keycap 1 call ward keycap 5 at"),
        ("so→on", "so→on"),
        ("Step1️⃣Call", "Step keycap 1 Call"),
    ],
)
def test_emoji_between_words_are_no_letters(written: str, read: str) -> None:
    assert normalise(written).text == read


def test_many_emoji_joined_take_no_long_time() -> None:
    started = perf_counter()
    read = normalise("\U0001f468\u200d" * 20_000).text
    assert read.split() == ["man"] * 20_000
    assert perf_counter() - started < 20  # by the clock, since what it guards against took minutes


def test_a_span_leads_back_to_what_was_written() -> None:
    written = "Oi 👎🏽 you   i.d.i.о.t, see www.site.example!"
    found = normalise(written)
    start = found.text.index("idiot")
    first, last = found.to_original((start, start + len("idiot")))
    assert written[first:last] == "i.d.i.о.t"
    start = found.text.index("thumbs")
    first, last = found.to_original((start, start + 3))
    assert written[first:last] == "👎🏽"


@pytest.mark.parametrize("span", [(0, 0), (-1, 1), (2, 1), (0, 4)])
def test_a_span_outside_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not within"):
        normalise("abc").to_original(span)


@given(TEXTS)
def test_offsets_stay_within_and_never_go_back(text: str) -> None:
    found = normalise(text)
    assert len(found.text) == len(found.offsets) == len(found.ends)
    assert list(found.offsets) == sorted(found.offsets)
    assert list(found.ends) == sorted(found.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(found.offsets, found.ends, strict=True))


@given(TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    again = normalise(once.text)
    assert again.text == once.text
    assert again.offsets == tuple(range(len(once.text)))


@given(TEXTS)
def test_normalised_text_is_plain(text: str) -> None:
    found = normalise(text).text
    assert found == found.strip()
    assert "\x00" not in found
    assert found.encode("utf-8").decode() == found


@given(TEXTS)
def test_fingerprint_ignores_case_and_disguise(text: str) -> None:
    assert fingerprint(text) == fingerprint(normalise(text).text) == fingerprint(f"  {text}\n")


def test_different_texts_differ() -> None:
    assert fingerprint("refund me") != fingerprint("refunded me")
    assert fingerprint("REFUND me!!!!") == fingerprint("refund  me!!!!!!!")


def test_marks_piled_high_cost_no_time() -> None:
    piled = "e" + "\u0301\u0323" * 50_000
    assert len(normalise(piled).text) < 40
