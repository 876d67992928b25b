"""Which findings are of one campaign: those that share posts, against one target, in one category."""

from hypothesis import given
from hypothesis import strategies as st

from incidents.campaign import campaign_keys, is_campaign
from incidents.grouping import grouped
from incidents.incident import Exhibit
from tests.incidents.samples import exhibit

MANY = [exhibit(number, author=f"author-{number}") for number in range(1, 9)]


def _posts(*numbers: int) -> frozenset[str]:
    return frozenset(f"x:{number}" for number in numbers)


def _marked(exhibits: list[Exhibit], **resting: frozenset[str]) -> dict[str, frozenset[str]]:
    return {exhibits[int(name[1:]) - 1].finding_id: posts for name, posts in resting.items()}


def test_a_pile_on_is_one_group_with_those_who_began_it() -> None:
    posts = _marked(MANY, n5=_posts(1, 2, 3, 4, 5), n6=_posts(1, 2, 3, 4, 5, 6), n7=_posts(3, 4, 5, 6, 7))
    keys = campaign_keys(MANY, posts)
    assert {each.mention_id for each in MANY if each.finding_id in keys} == _posts(1, 2, 3, 4, 5, 6, 7)
    (key,) = set(keys.values())
    assert is_campaign(key)
    assert not is_campaign(MANY[0].key)
    assert len(key.author) <= 40
    assert sorted(map(len, grouped(MANY, keys).values())) == [1, 7]


def test_two_that_share_no_post_are_two() -> None:
    keys = campaign_keys(MANY, _marked(MANY, n3=_posts(1, 2, 3), n7=_posts(5, 6, 7)))
    assert len(set(keys.values())) == 2
    assert MANY[3].finding_id not in keys


def test_another_target_another_category_and_who_may_be_at_risk_are_apart() -> None:
    others = [
        exhibit(5, author="author-5"),
        exhibit(5, finding_id="b" * 64, target_handle="another_worker"),
        exhibit(5, finding_id="c" * 64, category="threat"),
        exhibit(5, finding_id="d" * 64, category="safeguarding"),
    ]
    resting = {each.finding_id: _posts(1, 2, 5) for each in others}
    keys = campaign_keys(others, resting)
    assert len(set(keys.values())) == 3
    assert "d" * 64 not in keys


@given(
    st.lists(st.sampled_from(range(8)), unique=True, min_size=1),
    st.dictionaries(st.integers(0, 7), st.frozensets(st.integers(1, 8), min_size=1), max_size=5),
)
def test_the_order_of_findings_makes_no_difference(chosen: list[int], marked: dict[int, frozenset[int]]) -> None:
    exhibits = [MANY[index] for index in chosen]
    posts = {MANY[index].finding_id: _posts(*numbers, index + 1) for index, numbers in marked.items()}
    keys = campaign_keys(exhibits, posts)
    assert keys == campaign_keys(list(reversed(exhibits)), posts)
    assert {each.finding_id for each in exhibits}.intersection(posts) <= keys.keys()
    groups = grouped(exhibits, keys)
    assert sorted(each.finding_id for group in groups.values() for each in group) == sorted(
        each.finding_id for each in exhibits
    )
