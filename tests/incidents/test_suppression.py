"""What opens no incident, and the reason that is recorded."""

import pytest

from incidents.suppression import suppressed_why
from policies.policy import Account, Category
from tests.incidents.samples import POLICY, exhibit


def test_an_ordinary_finding_is_not_suppressed() -> None:
    assert suppressed_why(exhibit(), POLICY) is None


@pytest.mark.parametrize("handle", ["excused_one", "@Excused_One", "EXAMPLE_UNION"])
def test_an_account_that_the_pack_excepts_since_it_was_judged(handle: str) -> None:
    why = suppressed_why(exhibit(author_handle=handle), POLICY)
    assert why is not None
    assert "sample@0123456789ab" in why


def test_the_organisations_own_account_answers_for_its_content_only() -> None:
    own = Category(clauses=("EW 1.1",), severity="low", route="security")
    official = POLICY.model_copy(
        update={
            "accounts": (Account(handle="example_water", kind="official"),),
            "categories": {**POLICY.categories, "own_content": own},
        }
    )
    assert suppressed_why(exhibit(author_handle="example_water"), official)
    assert suppressed_why(exhibit(author_handle="example_water", category="own_content"), official) is None


def test_a_category_that_is_off_or_gone_or_has_become_sharper() -> None:
    category = POLICY.categories["cyberbullying"]
    off = POLICY.model_copy(update={"categories": {"cyberbullying": category.model_copy(update={"enabled": False})}})
    sharper = POLICY.model_copy(
        update={"categories": {"cyberbullying": category.model_copy(update={"threshold": 0.95})}}
    )
    assert "not in force" in (suppressed_why(exhibit(), off) or "")
    assert "not in force" in (suppressed_why(exhibit(category="own_content"), POLICY) or "")
    assert "below the threshold 0.95" in (suppressed_why(exhibit(confidence=0.9), sharper) or "")
