"""Derivations by name, and of functions that somebody types."""

from __future__ import annotations

from collections.abc import Mapping

from stepwise.errors import UnsupportedError, nearest
from stepwise.expressions import Expr
from stepwise.symbolic.model import Deduction, Topic
from stepwise.symbolic.topics import topic_named, topics

OTHER_NAMES: Mapping[str, str] = {
    "bce": "binary_cross_entropy",
    "ce": "cross_entropy",
    "heaviside": "step",
    "hinge_loss": "hinge",
    "l2_penalty": "l2",
    "linear": "identity",
    "log_loss": "binary_cross_entropy",
    "logistic": "sigmoid",
    "lrelu": "leaky_relu",
    "mean_squared_error": "mse",
    "silu": "swish",
    "squared_error": "mse",
    "weight_decay": "l2",
}
"""What else a topic is called."""
LETTERS = ("z", *"abcdghklmnpqrstuvwxy", "alpha", "beta", "gamma", "delta", "theta", "lambda", "mu", "omega")
"""What a typed function may depend on: z, and parameters."""
LONGEST_TITLE = 36


def topic_of(name: str) -> Topic:
    """The topic of a name, however it is written. Raises UnsupportedError for one there is not."""
    plain = "_".join(name[:60].lower().replace("+", " ").replace("-", " ").replace("_", " ").split())
    plain = OTHER_NAMES.get(plain, plain)
    found = topic_named(plain)
    if found is not None:
        return found
    close = nearest(plain, [*topics(), *OTHER_NAMES])
    hint = f"did you mean `{OTHER_NAMES.get(close, close)}`?" if close else "`stepwise derive` lists what there is"
    raise UnsupportedError(f"no derivation {name[:60]!r}: {hint}")


def derive(name: str) -> Deduction:
    """The derivation of a name: `sigmoid`, `cross_entropy` … Raises UnsupportedError for one there is not."""
    return topic_of(name).build()


def derive_expression(text: str) -> Deduction:
    """The derivation of a function of z as typed; its other letters are parameters.

    Raises UnsupportedError where the text is no formula of z, or one that has no derivation.
    """
    from stepwise.expressions.parse import ParseError, parse

    try:
        tree = parse(text, LETTERS)
    except ParseError as error:
        raise UnsupportedError(f"in {_short(text)!r}: {error}") from None
    try:
        return _of_tree(tree, text)
    except UnsupportedError as error:
        raise UnsupportedError(f"no derivation of {_short(text)!r}: {error}") from None
    except RecursionError:
        raise UnsupportedError(f"no derivation of {_short(text)!r}: it is nested too deeply") from None


def _of_tree(tree: Expr, text: str) -> Deduction:
    from stepwise.expressions import Func, Max, contains, refs, walk
    from stepwise.expressions.derivative import derivative
    from stepwise.symbolic.domain import refuse_nowhere
    from stepwise.symbolic.function import Convention, derivation
    from stepwise.symbolic.subject import Subject

    letters = [name for name in refs(tree) if name != "z"]
    if "z" not in refs(tree):
        raise UnsupportedError("there is no z in it")
    subject = Subject("f", tree, parameters=dict.fromkeys(letters, "1"), own=True)
    bent = contains(tree, Max) or any(isinstance(node, Func) and node.name == "abs" for node in walk(tree))
    refuse_nowhere(subject)
    try:
        slope = derivative(tree, "z")
    except ValueError as error:
        # its message says in plain words what there is not
        raise UnsupportedError(str(error)) from None
    convention = Convention(slope, shown=False) if bent else None
    return derivation("own", "own", subject, {"text": _short(text)}, convention)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"
