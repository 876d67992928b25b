"""The small invented policy of these tests, cut down to one name: one query, whatever else a platform could ask for."""

from policies.policy import Policy, Vocabulary


def words_only(policy: Policy) -> Policy:
    return policy.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",)), "accounts": ()})


def ambiguous_too(policy: Policy) -> Policy:
    """The same, and a word that counts only beside its context: what holds it alone is found, and not kept."""
    words = Vocabulary(names=("Quillmere Water",), ambiguous=("QW",), context=("bill",))
    return policy.model_copy(update={"vocabulary": words, "accounts": ()})
