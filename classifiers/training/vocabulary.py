"""A smaller vocabulary: the words that the training text uses, and every single character for all the rest."""

import json
from collections import Counter
from collections.abc import Sequence

from tokenizers import Tokenizer

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def prune(tokenizer: Tokenizer, texts: Sequence[str], size: int) -> tuple[Tokenizer, list[int]]:
    """A tokenizer of at most `size` pieces, and the old number of each new piece, in the new order.

    Single characters and the special pieces always stay, so that what is cut can still be spelled out.
    """
    vocabulary: dict[str, int] = tokenizer.get_vocab()
    used: Counter[int] = Counter()
    for encoding in tokenizer.encode_batch_fast(list(texts), add_special_tokens=False):
        used.update(encoding.ids)
    always = [piece for piece in vocabulary if piece in _SPECIAL or len(piece.removeprefix("##")) == 1]
    by_use = sorted(set(vocabulary) - set(always), key=lambda piece: (-used[vocabulary[piece]], vocabulary[piece]))
    chosen = sorted([*always, *by_use[: size - len(always)]], key=vocabulary.__getitem__)
    ours = json.loads(tokenizer.to_str())
    ours["model"]["vocab"] = {piece: number for number, piece in enumerate(chosen)}
    for token in ours["added_tokens"]:
        token["id"] = ours["model"]["vocab"][token["content"]]
    for token in ours["post_processor"]["special_tokens"].values():
        token["ids"] = [ours["model"]["vocab"][name] for name in token["tokens"]]
    ours["truncation"] = ours["padding"] = None
    return Tokenizer.from_str(json.dumps(ours)), [vocabulary[piece] for piece in chosen]
