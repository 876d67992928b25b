"""What the benchmarks measure is real: each record becomes a whole mention, each run finds all that is served."""

import pytest

from benchmarks.collecting import RUN, _collectors, memory
from benchmarks.further_records import ALL
from benchmarks.platforms import serving
from benchmarks.records import WORDS, Sample
from collectors.catalogue import PLATFORMS


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.platform)
def test_a_record_becomes_a_whole_mention(sample: Sample) -> None:
    first, second = sample.make(sample.record(1)), sample.make(sample.record(2))
    assert first.mention_id != second.mention_id
    assert first.platform == sample.platform
    assert WORDS in first.text
    assert first.created_at.year == 2026


def test_no_adapter_of_json_is_left_out() -> None:
    others = {"archive", "feeds"}  # files, and XML by feedparser
    same = {"wordpresscom"}  # by the adapter of WordPress
    assert {sample.platform for sample in ALL} == {each.name for each in PLATFORMS} - others - same


def test_every_client_finds_all_that_is_served() -> None:
    with serving(RUN) as url:
        for name, make in _collectors(url).items():
            ids = [mention.mention_id for batch in make().collect(None) for mention in batch.mentions]
            assert (len(ids), len(set(ids))) == (RUN, RUN), name


def test_memory_is_looked_at_early_and_late() -> None:
    held = memory(40_000)
    assert held.mentions == 40_000
    assert 0 < held.late < held.early + 20
