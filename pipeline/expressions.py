"""Arithmetic that stands in the catalogue as text: numbers, names, + - * / ** and parentheses.

Here it is read, its names are listed, and it is computed from values by name. There are no calls,
no attributes and no strings, so that an entry of the catalogue can compute and nothing else.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_TWO: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
_ONE: Final[Mapping[type[ast.unaryop], Callable[[float], float]]] = {
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class ExpressionError(ValueError):
    """A text is not such arithmetic; the caller adds where it stands."""


@dataclass(frozen=True)
class Expression:
    """Arithmetic over ``names``, sorted."""

    text: str
    names: tuple[str, ...]

    def value(self, values: Mapping[str, float | None]) -> float | None:
        """The number it gives; None where a name has no value or there is no finite result."""
        known = {name: values.get(name) for name in self.names}
        if any(v is None for v in known.values()):
            return None
        try:
            result = _compute(_tree(self.text), {n: v for n, v in known.items() if v is not None})
        except (ArithmeticError, ValueError):
            return None
        return result if math.isfinite(result) else None


@lru_cache(maxsize=512)
def expression(text: str) -> Expression:
    """The expression that ``text`` is.

    Raises:
        ExpressionError: it is not arithmetic of numbers and names.
    """
    tree = _tree(text)
    _check(tree)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return Expression(text, tuple(sorted(names)))


@lru_cache(maxsize=512)
def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError) as e:
        raise ExpressionError(f"{text!r} cannot be read, expected arithmetic") from e


def _check(node: ast.expr) -> None:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _TWO:
            _check(left)
            _check(right)
        case ast.UnaryOp(op=op, operand=operand) if type(op) in _ONE:
            _check(operand)
        case ast.Constant(value=value) if type(value) in (int, float):
            pass
        case ast.Name():
            pass
        case _:
            raise ExpressionError(
                f"{ast.unparse(node)!r} is not arithmetic, expected numbers, names, + - * / **"
            )


def _compute(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return _TWO[type(op)](_compute(left, values), _compute(right, values))
        case ast.UnaryOp(op=op, operand=operand):
            return _ONE[type(op)](_compute(operand, values))
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case _:
            raise ExpressionError(f"{ast.unparse(node)!r} is not arithmetic")
