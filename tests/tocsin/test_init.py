"""`tocsin init`: whatever is answered, the pack is valid and says it, and `.env` gives it back and loses nothing."""

import io
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.console import Console

from policies.check import PolicyError, check, load
from tocsin.errors import Misconfigured
from tocsin.init import CREDENTIALS, Answers, init, pack_id, write_env, write_pack
from tocsin.settings import Settings

TRICKY = [
    'it\'s: a "trap"',
    "- no",
    "yes",
    "null",
    "1e3",
    "@at",
    "#hash",
    "{a: b}",
    "Llŷn 🚆",
    "a\nb",
    "\\",
    "%x",
    "&a *b",
]
words = st.one_of(st.sampled_from(TRICKY), st.text(max_size=30))
searched = words.filter(lambda word: not word.strip().strip("@") or sum(map(str.isalnum, word)) >= 2)


def talk(*lines: str) -> io.StringIO:
    return io.StringIO("".join(f"{line}\n" for line in lines))


def quiet() -> Console:
    return Console(file=io.StringIO())


ANSWERS = [
    "Llŷn Railway",
    "C0123456789",
    "LR, Llŷn Rail",
    "@llynrail",
    "the Llŷn line",
    "guard, train manager",
    "Duty office",
    "xoxb-1",
    *[""] * (len(CREDENTIALS) - 1),
]


@settings(max_examples=60, deadline=None)
@given(searched.filter(str.strip), st.lists(searched, max_size=3), st.lists(searched, max_size=3), words, words)
@example("Next\x85line \u2028 Rail", ["par\u2029agraph"], [], "a\x85b", "")
def test_whatever_is_answered_the_pack_is_valid_and_says_it(tmp_path_factory, name, terms, handles, told, channel):
    target = tmp_path_factory.getbasetemp() / "made.yaml"
    write_pack(Answers(name, tuple(terms), tuple(handles), tuple(terms), told=told, slack_channel=channel), target)
    policy = load(target)
    assert policy.organisation.name == name.strip()
    assert {term.strip() for term in terms if term.strip().strip("@")} <= set(policy.vocabulary.names)
    assert policy.routes["social_media"].name == (told.strip() or "Social media team")
    assert {route.slack_channel for route in policy.routes.values()} == {channel.strip() or None}
    assert all(not account.handle.startswith("@") for account in policy.accounts)


def test_a_name_of_one_letter_is_refused_by_name(tmp_path):
    with pytest.raises(PolicyError, match=r"vocabulary\.names\.0: 'X' is in nearly every text"):
        write_pack(Answers("X"), tmp_path / "made.yaml")
    assert list(tmp_path.iterdir()) == []


def test_half_a_character_from_a_terminal_does_no_harm(tmp_path):
    write_pack(Answers("Caf\udce9"), tmp_path / "made.yaml")
    assert load(tmp_path / "made.yaml").organisation.name == "Caf?"


def test_an_organisation_without_a_name_makes_no_pack_and_leaves_nothing(tmp_path):
    with pytest.raises(PolicyError, match=r"organisation\.name: is empty"):
        write_pack(Answers("  "), tmp_path / "made.yaml")
    assert list(tmp_path.iterdir()) == []


def test_nothing_of_the_invented_railway_is_left_in_a_pack(tmp_path):
    write_pack(Answers("Acorn Bank"), tmp_path / "made.yaml")
    text = (tmp_path / "made.yaml").read_text(encoding="utf-8")
    assert not [word for word in ("Example Trains", "EXT", "ExampleTrains", "exterior") if word in text]
    assert not any(category.examples.fires for category in load(tmp_path / "made.yaml").categories.values())


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Example Trains", "example-trains"),
        ("Crédit & Co.", "credit-co"),
        ("🚆", "my-organisation"),
        ("a" * 60, "a" * 40),
    ],
)
def test_the_short_name_is_made_from_the_long_one(name, wanted):
    assert pack_id(name) == wanted


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.from_regex(r"TOCSIN_[A-Z_]{1,12}", fullmatch=True), words, max_size=4))
def test_env_gives_back_what_was_put_in(tmp_path_factory, values):
    target = tmp_path_factory.getbasetemp() / "made.env"
    target.unlink(missing_ok=True)
    if any(mark in value.strip() for value in values.values() for mark in ("${", "\x00", "\r")):
        with pytest.raises(Misconfigured):
            write_env(values, target)
        return
    write_env(values, target)
    assert dotenv_values(target) == {key: value.strip() for key, value in values.items() if value.strip()}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_env_keeps_what_it_holds_unless_told_to_replace(tmp_path):
    env = tmp_path / ".env"
    env.write_text("# mine\nOTHER=1\nexport TOCSIN_SLACK_CHANNEL=C1  # old", encoding="utf-8")
    assert write_env({"TOCSIN_SLACK_CHANNEL": "C2", "TOCSIN_POLICIES": "a.yaml"}, env) == ("TOCSIN_SLACK_CHANNEL",)
    assert dotenv_values(env) == {"OTHER": "1", "TOCSIN_SLACK_CHANNEL": "C1", "TOCSIN_POLICIES": "a.yaml"}
    assert write_env({"TOCSIN_SLACK_CHANNEL": "C2"}, env, replace=True) == ()
    text = env.read_text(encoding="utf-8")
    assert dotenv_values(env)["TOCSIN_SLACK_CHANNEL"] == "C2"
    assert "C1" not in text, "an old secret must not stay behind"
    assert text.startswith("# mine\n")
    assert stat.S_IMODE(env.stat().st_mode) == 0o600


def test_env_refuses_what_its_readers_would_change(tmp_path):
    with pytest.raises(Misconfigured, match="TOCSIN_SLACK_BOT_TOKEN"):
        write_env({"TOCSIN_SLACK_BOT_TOKEN": "a${HOME}b"}, tmp_path / ".env")
    assert not (tmp_path / ".env").exists()


def test_every_credential_that_is_asked_for_is_a_setting():
    assert {key.removeprefix("TOCSIN_").lower() for key in CREDENTIALS} <= set(Settings.model_fields)


def test_asking_writes_both_files_that_the_pipeline_reads(tmp_path, monkeypatch):
    console = quiet()
    written = init(tmp_path, console, talk(*ANSWERS))
    pack, env = written.pack, written.env
    assert (check(pack), written.kept, written.in_force) == ([], (), True)
    policy = load(pack)
    assert (policy.id, policy.routes["social_media"].name) == ("llyn-railway", "Duty office")
    assert policy.vocabulary.names == ("Llŷn Railway", "LR", "Llŷn Rail", "@llynrail", "the Llŷn line")
    assert policy.account("x", "@LlynRail").kind == "official"
    for name in ("TOCSIN_POLICIES", "TOCSIN_SLACK_BOT_TOKEN", "TOCSIN_SLACK_CHANNEL"):
        monkeypatch.delenv(name, raising=False)
    read = Settings(_env_file=env)
    assert read.policy_names == (pack.name,)
    assert read.slack_bot_token.get_secret_value() == "xoxb-1"
    assert "xoxb-1" not in console.file.getvalue()


def test_another_folder_works_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = subprocess.run(
        [sys.executable, "-c", "from tocsin.cli import main; main()", "init", "--folder", "org"],
        input="".join(f"{line}\n" for line in ANSWERS),
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,  # without a terminal, secrets too are read from the pipe
    )
    monkeypatch.chdir("org")
    (name,) = Settings().policy_names
    assert load(name).id == "llyn-railway"
    assert "In org, where .env is read: `tocsin policy check llyn-railway.yaml`, then `tocsin run`." in said.stdout


def test_what_env_keeps_is_told_and_a_pack_that_it_does_not_name_is_not_announced(bare: Path) -> None:
    env = bare / ".env"
    env.write_text("TOCSIN_POLICIES=dwp\nTOCSIN_SLACK_CHANNEL=C1\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from tocsin.cli import main; main()", "init"],
        input="".join(f"{line}\n" for line in [*ANSWERS, "n"]),
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    ).stdout
    assert "Kept as .env had them: TOCSIN_POLICIES, TOCSIN_SLACK_CHANNEL." in done
    assert "`tocsin policy check llyn-railway.yaml`; not in force until TOCSIN_POLICIES names it." in done
    assert "then `tocsin run`" not in done
    assert dotenv_values(env)["TOCSIN_POLICIES"] == "dwp"


def test_a_second_time_nothing_is_overwritten_without_asking(tmp_path):
    first = init(tmp_path, quiet(), talk(*ANSWERS))
    pack, env = first.pack, first.env
    before = (pack.read_bytes(), env.read_bytes())
    with pytest.raises(Misconfigured, match="left as it is"):
        init(tmp_path, quiet(), talk(*ANSWERS, "n"))
    assert (pack.read_bytes(), env.read_bytes()) == before
    changed = ["xoxb-2" if line == "xoxb-1" else line for line in ANSWERS]
    again = init(tmp_path, quiet(), talk(*changed, "y", "n"))
    assert again.kept == ("TOCSIN_POLICIES", "TOCSIN_SLACK_CHANNEL", "TOCSIN_SLACK_BOT_TOKEN")
    assert again.in_force, "what was kept names this very pack"
    assert dotenv_values(env)["TOCSIN_SLACK_BOT_TOKEN"] == "xoxb-1"
    init(tmp_path, quiet(), talk(*changed, "y", "y"))
    assert dotenv_values(env)["TOCSIN_SLACK_BOT_TOKEN"] == "xoxb-2"


def test_no_name_is_refused(tmp_path: Path):
    with pytest.raises(Misconfigured, match="needs a name"):
        init(tmp_path, quiet(), talk("", ""))
    assert list(tmp_path.iterdir()) == []


def test_the_pack_knows_what_the_public_calls_the_staff(tmp_path: Path):
    write_pack(Answers("Quillmere Water", staff_words=("meter reader",)), tmp_path / "made.yaml")
    write_pack(Answers("Quillmere Water"), tmp_path / "default.yaml")
    assert load(tmp_path / "made.yaml").organisation.staff_words == ("meter reader",)
    assert "adviser" in load(tmp_path / "default.yaml").organisation.staff_words
    assert "conductor" not in load(tmp_path / "default.yaml").organisation.staff_words
