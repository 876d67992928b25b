"""The small invented policy of these tests, cut down to one name: one query, whatever else a platform could ask for."""

from policies.policy import Policy, Vocabulary


def words_only(policy: Policy) -> Policy:
    return policy.model_copy(update={"vocabulary": Vocabulary(names=("Quillmere Water",)), "accounts": ()})
