"""The archive collector on real files: batches, checkpoints that resume, grown and replaced files, folders."""

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collectors.archive import Archive, ArchiveError, parse_map, read_mentions
from collectors.archive.ledger import BATCH_LIMIT
from collectors.collector import Batch, Checkpoint, Quarantined
from collectors.mention import Mention

TWEETS = Path(__file__).resolve().parents[2] / "../shared/data/real_mentions/us_airlines/Tweets.csv"
AIRLINES = "id=tweet_id,text=text,created_at=tweet_created,author.handle=name"


def line(number: int, **more: Any) -> str:
    record = {"platform": "x", "id": str(number), "text": f"post {number}", "created_at": "2026-10-01T09:15:00Z"}
    return json.dumps({**record, **more}) + "\n"


def ids(batches: list[Batch]) -> list[str]:
    return [mention.id for batch in batches for mention in batch.mentions]


def refused(batches: list[Batch]) -> list[tuple[str, str]]:
    return [(row.where, row.reason) for batch in batches for row in batch.quarantined]


def stored(checkpoint: Checkpoint) -> Checkpoint:
    """As it comes back from a database."""
    return Checkpoint(checkpoint.source, json.loads(json.dumps(checkpoint.state)))


def test_every_batch_resumes_exactly_after_itself(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text("".join(line(n) for n in range(2_300)))
    batches = list(Archive(path).collect(None))
    assert ids(batches) == [str(n) for n in range(2_300)]
    assert all(500 <= len(batch.mentions) <= BATCH_LIMIT for batch in batches[:-1])
    for index, batch in enumerate(batches):
        rest = list(Archive(path).collect(stored(batch.checkpoint)))
        assert ids(rest) == ids(batches[index + 1 :])


def test_a_csv_resumes_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    rows = "".join(f'{n},"two\nlines ""{n}""",2026-10-01\n' for n in range(1_200))
    path.write_text("id,text,created_at\n" + rows)
    first, *rest = Archive(path).collect(None)
    resumed = list(Archive(path).collect(stored(first.checkpoint)))
    assert ids(resumed) == ids(rest)
    assert resumed[0].mentions[0].text == f'two\nlines "{len(first.mentions)}"'


@pytest.mark.parametrize("packed", [False, True])
def test_the_same_file_is_read_once_and_a_grown_one_from_where_it_ended(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("posts.jsonl.gz" if packed else "posts.jsonl")

    def write(count: int) -> None:
        data = "".join(line(n) for n in range(count)).encode()
        path.write_bytes(gzip.compress(data) if packed else data)

    write(3)
    (first,) = Archive(path).collect(None)
    assert list(Archive(path).collect(stored(first.checkpoint))) == []
    write(5)
    (second,) = Archive(path).collect(stored(first.checkpoint))
    assert ids([second]) == ["3", "4"]
    os.utime(path, ns=(1, 1))
    (touched,) = Archive(path).collect(stored(second.checkpoint))
    assert touched.mentions == ()
    assert touched.quarantined == ()
    assert list(Archive(path).collect(stored(touched.checkpoint))) == []


def test_a_replaced_file_is_read_anew_even_with_the_same_size_and_time(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(line(1) + line(2))
    (first,) = Archive(path).collect(None)
    before = path.stat()
    path.write_text(line(1) + line(7))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert ids(list(Archive(path).collect(stored(first.checkpoint)))) == ["1", "7"]
    path.write_text(line(1))
    assert ids(list(Archive(path).collect(stored(first.checkpoint)))) == ["1"]


def test_an_unfinished_last_line_is_read_again_when_it_is_finished(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(line(1) + line(2)[:30])
    (first,) = Archive(path).collect(None)
    assert ids([first]) == ["1"]
    assert refused([first])[0][0] == "posts.jsonl:2"
    path.write_text(line(1) + line(2) + line(3))
    assert ids(list(Archive(path).collect(stored(first.checkpoint)))) == ["2", "3"]


def test_a_header_alone_is_no_row_and_its_rows_are_read_when_they_come(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("id,text,created_at")
    before = list(Archive(path).collect(None))
    assert (ids(before), refused(before)) == ([], [])
    with path.open("a") as grown:
        grown.write(",author.handle\n1,hello,2026-10-01,invented_one\n")
    after = list(Archive(path).collect(stored(before[-1].checkpoint)))
    assert (ids(after), refused(after)) == (["1"], [])
    assert after[0].mentions[0].author.handle == "invented_one"


def test_a_json_array_that_grows_gives_the_new_records(tmp_path: Path) -> None:
    path = tmp_path / "posts.json"
    records = [json.loads(line(n)) for n in range(3)]
    path.write_text(json.dumps(records[:2], indent=1))
    (first,) = Archive(path).collect(None)
    path.write_text(json.dumps(records, indent=1))
    assert ids([first, *Archive(path).collect(stored(first.checkpoint))]) == ["0", "1", "2"]


def test_another_mapping_reads_the_file_again(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("id,text,body,created_at\n1,a,b,2026-10-01\n")
    (first,) = Archive(path).collect(None)
    (second,) = Archive(path, {"text": "body", "platform:": "trustpilot"}).collect(stored(first.checkpoint))
    assert (first.mentions[0].text, first.mentions[0].platform) == ("a", "archive")
    assert (second.mentions[0].text, second.mentions[0].platform) == ("b", "trustpilot")


def test_a_page_that_holds_more_than_a_batch_is_handed_over_in_parts(tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps([json.loads(line(n)) for n in range(2_500)]) + "\n" + line(9_999))
    batches = list(Archive(path).collect(None))
    assert max(len(batch.mentions) for batch in batches) <= BATCH_LIMIT
    assert len(ids(batches)) == 2_501
    again = [batches[0], *Archive(path).collect(stored(batches[0].checkpoint))]
    assert set(ids(again)) == set(ids(batches))


def test_a_folder_is_read_sorted_and_deep_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "b" / "2.jsonl").write_text(line(2))
    (tmp_path / "a.csv").write_text("id,text,created_at\n1,hello,2026-10-01\n")
    (tmp_path / "c.jsonl.gz").write_bytes(gzip.compress(line(3).encode()))
    (tmp_path / ".hidden.jsonl").write_text(line(4))
    (tmp_path / ".git" / "x.jsonl").write_text(line(5))
    assert ids(list(Archive(tmp_path).collect(None))) == ["1", "2", "3"]


def test_a_folder_goes_on_after_each_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere.jsonl").symlink_to(tmp_path / "missing")
    (tmp_path / "self.jsonl").symlink_to(tmp_path / "self.jsonl")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (tmp_path / "notes.md").write_text("only words here\n")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "packed.gz").write_text(line(1))
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "zz.jsonl").write_text(line(1))
    batches = list(Archive(tmp_path).collect(None))
    assert ids(batches) == ["1"]
    reasons = dict(refused(batches))
    assert "empty" in reasons["empty.jsonl:1"]
    assert "read already" in reasons["loop"]
    assert "No such file" in reasons["nowhere.jsonl"]
    assert "symbolic links" in reasons["self.jsonl"]
    assert "PNG" in reasons["photo.png:1"]
    assert "not JSONL" in reasons["notes.md:1"]
    assert "--map" in reasons["other.csv:1"]
    assert "a, b" in reasons["other.csv:1"]
    assert "no gzip data" in reasons["packed.gz"]
    assert "not a regular file" in reasons["pipe.jsonl"]


def closed(folder: Path) -> str:
    """A folder that may be listed and not entered."""
    (folder / "sub").mkdir()
    (folder / "sub" / "2.jsonl").write_text(line(2))
    (folder / "sub").chmod(0o444)
    if os.access(folder / "sub", os.X_OK):
        pytest.skip("root may enter every folder")
    return "sub/2.jsonl"


def overlong(folder: Path) -> str:
    """A link to a name that no file can have."""
    (folder / "sub").symlink_to("n" * 300)
    return "sub"


@pytest.mark.parametrize(("blocked", "reason"), [(overlong, "too long"), (closed, "denied")])
def test_what_a_folder_lists_and_lets_nobody_look_at_stops_nothing(
    tmp_path: Path, blocked: Callable[[Path], str], reason: str
) -> None:
    name = blocked(tmp_path)
    (tmp_path / "a.jsonl").write_text(line(1))
    (tmp_path / "z.jsonl").write_text(line(3))
    batches = list(Archive(tmp_path).collect(None))
    assert ids(batches) == ["1", "3"]
    ((where, why),) = refused(batches)
    assert (where, reason in why) == (name, True)


def test_a_path_that_does_not_exist_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="check the path"):
        list(Archive(tmp_path / "none.jsonl").collect(None))
    with pytest.raises(ValueError, match="check the path"):
        list(read_mentions(tmp_path / "none.jsonl"))


@pytest.mark.parametrize("blocked", [lambda _: "n" * 300, closed], ids=["overlong", "closed"])
def test_a_path_that_nobody_may_look_at_is_one_too(tmp_path: Path, blocked: Callable[[Path], str]) -> None:
    path = tmp_path / blocked(tmp_path)
    with pytest.raises(ArchiveError, match="check the path"):
        list(Archive(path).collect(None))
    with pytest.raises(ArchiveError, match="check the path"):
        list(read_mentions(path))


def test_columns_that_do_not_fit_are_the_users_mistake(tmp_path: Path) -> None:
    path = tmp_path / "posts.csv"
    path.write_text("post,body\n1,2\n")
    with pytest.raises(ArchiveError, match=r"posts\.csv: no column for id, text, created_at.*--map.*post, body"):
        list(Archive(path).collect(None))
    with pytest.raises(ArchiveError, match=r"'date' for created_at is not there.*post, body"):
        list(Archive(path, parse_map("id=post,text=body,created_at=date")).collect(None))


def test_construction_touches_nothing_and_sources_are_told_apart(tmp_path: Path) -> None:
    one, other = Archive(tmp_path / "a" / "posts.jsonl"), Archive(tmp_path / "b" / "posts.jsonl")
    assert one.source.startswith("archive:posts.jsonl@")
    assert one.source != other.source
    assert one.source == Archive(str(tmp_path / "b" / ".." / "a" / "posts.jsonl")).source


def test_read_mentions_takes_a_pipe_in_input_order(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as stream:
        stream.write((line(2) + "broken\n" + line(1)).encode())
    with os.fdopen(reading, "rb") as stream:
        found = list(read_mentions(stream))
    assert [item.id if isinstance(item, Mention) else item.where for item in found] == ["2", "standard input:2", "1"]


def test_real_airline_posts() -> None:
    if not TWEETS.exists():
        pytest.skip("the airline posts are not beside this checkout")
    batches = list(Archive(TWEETS, parse_map(AIRLINES)).collect(None))
    assert (len(ids(batches)), len(set(ids(batches))), refused(batches)) == (14_640, 14_485, [])
    first = batches[0].mentions[0]
    assert (first.id, first.author.handle) == ("570306133677760513", "cairdin")
    assert first.created_at.isoformat() == "2015-02-24T19:35:52+00:00"
    assert list(Archive(TWEETS, parse_map(AIRLINES)).collect(stored(batches[-1].checkpoint))) == []
    assert not any(isinstance(item, Quarantined) for item in read_mentions(TWEETS, column_map=parse_map(AIRLINES)))
