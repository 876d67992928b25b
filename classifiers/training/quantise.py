"""Activations rounded to 8 bits row by row, so that what is said of a post never depends on its neighbours.

onnxruntime's own dynamic quantisation takes one range for a whole batch: one post with a large activation makes the
steps of all others coarser, and a post's scores move with the company in which it is judged. Here each token has a
range of its own. Beside being independent this is finer, for a seventh to a quarter of the speed (docs/model-card.md).

The product is left to onnxruntime's `MatMulIntegerToFloat`, which knows one scale for all rows: it is given 1, and the
rows' scales are multiplied in afterwards. (Written with plain operators, ONNX's own rules are kept, but onnxruntime
1.31 fuses them into that same operator with the first row's scale for every row.)
"""

from typing import Any

import numpy as np
import onnx
from onnx import ModelProto
from onnxscript import ir
from onnxscript.rewriter import pattern, rewrite

_STEPS = 127.0  # on either side of nothing
_MIDDLE = 128  # the code of nothing, for codes have no sign
_LEAST = 1e-12  # a row of nothing but zeros is divided by this


def by_row(model: ModelProto) -> ModelProto:
    """The model with every dynamic quantisation (as `quantize_dynamic` writes it) made one of rows.

    Raises ValueError where one is left that stands in another pattern than the expected.
    """
    rewritten: ModelProto = rewrite(model, [pattern.RewriteRule(_of_batch, _of_row, remove_nodes=False)])
    if any(node.op_type in ("DynamicQuantizeLinear", "MatMulInteger") for node in rewritten.graph.node):
        raise ValueError("A quantised product was not recognised: has onnxruntime's quantiser changed its pattern?")
    onnx.checker.check_model(rewritten)
    return rewritten


def _of_batch(op: Any, x: Any, weight: Any, weight_scale: Any, weight_zero: Any) -> Any:
    codes, scale, zero = op.DynamicQuantizeLinear(x, _outputs=3)
    product = op.Cast(op.MatMulInteger(codes, weight, zero, weight_zero), to=ir.DataType.FLOAT)
    return op.Mul(product, op.Mul(scale, weight_scale))


def _of_row(op: Any, x: Any, weight: Any, weight_scale: Any, weight_zero: Any) -> Any:
    last = _constant(op, np.array([-1], np.int64))
    rows = op.Flatten(x, axis=-1)
    widest = op.Max(op.ReduceMax(op.Abs(rows), last, keepdims=0), _float(op, _LEAST))
    scale = op.Mul(widest, _float(op, 1 / _STEPS))
    middle = _constant(op, np.array(_MIDDLE, np.uint8))
    codes = op.QuantizeLinear(rows, scale, op.Expand(middle, op.Shape(scale)), axis=0)
    product = op.MatMulIntegerToFloat(
        codes, weight, _float(op, 1.0), weight_scale, middle, weight_zero, _domain="com.microsoft"
    )
    shape = op.Concat(op.Shape(x, start=0, end=-1), last, axis=0)
    return op.Reshape(op.Mul(product, op.Unsqueeze(scale, last)), shape)


def _float(op: Any, value: float) -> Any:
    return _constant(op, np.array(value, np.float32))


def _constant(op: Any, value: Any) -> Any:
    return op.Constant(value=ir.tensor(value))
