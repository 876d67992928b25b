"""`/tocsin silence` over real HTTP: begun and ended by those who may, told in the channel, and seen in the lists."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from incidents.slack import SlackChannel
from tests.incidents.samples import exhibit
from tests.incidents.slack_front import Front, eventually, front
from tests.incidents.slack_server import TOKEN, SlackServer
from tests.incidents.slack_workspace import Staffed
from tests.warehouse.case_samples import lay, raise_in

Ask = Callable[..., str]


@pytest.fixture
def desk(sqlite_engine: Engine) -> Iterator[Front]:
    """A front over a warehouse without incidents."""
    with SlackServer(Staffed()) as slack:
        channel = SlackChannel.connect(TOKEN, base_url=slack.url, interval_s=0, timeout_s=10, interactive=True)
        with front(sqlite_engine, slack, channel) as opened:
            yield opened


@pytest.fixture
def ask(desk: Front) -> Ask:
    """Types words after /tocsin; what is answered."""
    return desk.ask


def test_one_is_begun_told_listed_and_ended(desk: Front, ask: Ask) -> None:
    said = ask("silence 8h category=cyberbullying phrase=“Invented post” because we run a drill, and it's loud")
    assert said.startswith("🔕 SIL-1 until ")
    assert "category cyberbullying, posts with “Invented post”; 0 incidents kept quiet" in said
    assert "Sam Sample (U0SAM): we run a drill, and it's loud" in said
    eventually(lambda: len(desk.workspace.messages("C0SECURITY")) == 1, "the channel is not told")
    (told,) = desk.workspace.messages("C0SECURITY")
    assert "Silence until" in told["text"]
    lay(desk.engine, [exhibit(1)])
    raise_in(desk.engine)
    assert "TOC-1001 medium cyberbullying: open" in ask("open")
    assert "because WHY" in ask("silence")
    ended = ask("silence end sil-1 because the drill is over", "U0ALEX")
    assert ended.startswith("SIL-1 is over.")
    eventually(lambda: len(desk.workspace.messages("C0SECURITY")) >= 2, "its end is not told")
    assert ask("silence list") == "No silence acts that you may see."
    assert "over already" in ask("silence end SIL-1 because again")


def test_what_it_keeps_quiet_is_marked_in_the_lists(desk: Front, ask: Ask) -> None:
    ask("silence 2 days target=@sample_worker because we know of it")
    for found in (exhibit(1), exhibit(2, author="author-2", category="threat", severity="critical")):
        lay(desk.engine, [found])
        raise_in(desk.engine)
    ask("silence 1h category=trolling because a bell is rung")
    eventually(lambda: "kept quiet by SIL-1" in ask("list SIL-1"), "it is not marked")
    assert "TOC-1001 medium cyberbullying" in ask("list sil-1")
    opened = ask("open").splitlines()
    assert [("kept quiet" in each, each.split()[1]) for each in opened] == [(False, "TOC-1002"), (True, "TOC-1001")]
    assert "SIL-2" in ask("silence list")
    assert "Nothing that you may see belongs to" in ask("list SIL-9")
    assert "Nothing that you may see" in ask("list SIL-1", "U0OUT")


def test_who_may_not_act_may_not_silence_and_it_is_kept(desk: Front, ask: Ask) -> None:
    assert "not yours to act on" in ask("silence 8h category=trolling because I want peace", "U0OUT")
    ((actor, subject, _),) = desk.refusals()
    assert (actor, subject) == ("U0OUT", "/tocsin")
    ask("silence 8h category=trolling because we know")
    assert "not yours to act on" in ask("silence end SIL-1 because no", "U0OUT")
    assert ask("silence list", "U0OUT") == "No silence acts that you may see."
    assert "SIL-1" in ask("silence list")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("silence because I say so", "because WHY"),
        ("silence 8h because all of it", "says what it is about"),
        ("silence 8h category=trolling", "say why"),
        ("silence forever category=trolling because", "say why"),
        ("silence forever category=trolling because x", "write it as 8h or 3d"),
        ("silence 8h kind=trolling because x", "'kind=trolling' is not understood"),
        ("silence 8h category=nonsense because x", "choose one of"),
        ("silence 8h category=safeguarding because x", "never silenced"),
        ("silence 8h policy=other category=trolling because x", "of those in force: sample"),
        ('silence 8h phrase="open because x', "quotation mark is open"),
        ("silence end because x", "say which one and why"),
        ("silence end SIL-7 because x", "there is no silence SIL-7"),
        ("silence 8h author=<!channel> because x", "nobody is known as"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_done(ask: Ask, words: str, said: str) -> None:
    answer = ask(words)
    assert said in answer
    assert "<!channel>" not in answer
    assert ask("silence list") == "No silence acts that you may see."
