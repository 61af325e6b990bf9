"""What a quantity is, in words: `pre-activation of layer 1, z1 = W1 x + b1`."""

from __future__ import annotations

from stepwise.asking import Asked, Questions
from stepwise.document.phrases import Code, Phrase, Slot, phrase
from stepwise.document.plain_formula import plain_formula
from stepwise.expressions import Cases, Expr, Func, Neg, Ref
from stepwise.operations.activations import ACTIVATIONS

_ROLES = {
    "back_by_jacobian": "back",
    "dW": "gradient",
    "db": "gradient",
    "db_svm": "gradient",
    "delta_by_jacobian": "delta",
    "delta_fused": "delta",
    "delta_hidden": "delta",
    "delta_mixed": "delta",
    "delta_output": "delta",
    "only_dW": "gradient",
}
"""Roles that are the same thing to a student."""
_LOSSES = frozenset({"loss", "losses"})
_PLAIN = frozenset(
    {"bias_grads", "data_grads", "error", "eta", "hinge", "margin", "norm", "objective", "preprocess", "reg", "score"}
    | {"weighted_sum", "yhat"}
)
"""Roles whose words have no slots."""
_OF_PARAMETERS = frozenset({"gradient", "total_dW", "reg_dW", "data_grad", "new", "step"})
_OF_LAYERS = frozenset({"back", "derivative", "jacobian"})


def described(asked: Asked, questions: Questions) -> Phrase:
    """What a quantity is."""
    step = asked.step
    role = _ROLES.get(step.role, step.role)
    if role == "gradient" and step.id.startswith("data_"):
        role = "data_grad"
    if role == "z":
        return phrase("blank.what.z", layer=int(step.layer or 1), formula=Code(f"{step.id} = {_weighted_sum(asked)}"))
    if role == "activation":
        return phrase("blank.what.activation", layer=int(step.layer or 1), function=_function(asked, questions))
    if role == "delta":
        return _error_term(asked, questions)
    if role == "loss_derivative":
        undivided = _is_mean(asked, questions) and "N" not in step.operands
        return phrase(f"blank.what.{role}.{'undivided' if undivided else 'one'}", a=Code(f"a{step.layer}"))
    if role in _LOSSES:
        return phrase(f"blank.what.{role}", loss=phrase(f"loss.{step.variant}"))
    if role == "reduced_loss":
        return phrase(f"blank.what.{role}.{step.variant}")
    if role == "exp" and (power := _power(step.tree)):
        return phrase("blank.what.exp", power=Code(power))
    if role in _PLAIN:
        return phrase(f"blank.what.{role}")
    if role in _OF_PARAMETERS and not (role == "step" and questions.problem.model == "perceptron"):
        return phrase(f"blank.what.{role}", parameter=Code(_parameter(step.id)))
    if role in _OF_LAYERS:
        return phrase(f"blank.what.{role}", **_of_layer(asked))
    return _helper(asked)


def _helper(asked: Asked) -> Phrase:
    """A line without words of its own, told from the others by its formula, or by its id where that takes cases."""
    step = asked.step
    formula = plain_formula(step.tree)
    line = Code(f"{step.id} = {formula}" if formula else step.id)
    if step.group == step.id:
        return phrase("blank.what.line", line=line)
    return phrase("blank.what.other", whole=Code(step.group), line=line)


def _weighted_sum(asked: Asked) -> str:
    """W x + b with the names of this layer, in the order in which they are multiplied."""
    return " ".join(asked.step.operands[:2]) + "".join(f" + {bias}" for bias in asked.step.operands[2:])


def _function(asked: Asked, questions: Questions) -> Phrase:
    choice = questions.problem.layers[(asked.step.layer or 1) - 1].activation
    if choice.name not in ACTIVATIONS:
        return phrase("activation.own", name=choice.name)
    return phrase(f"activation.{choice.name}")


def _error_term(asked: Asked, questions: Questions) -> Phrase:
    """δ is the loss's derivative with respect to z; in a batch 1/N may be left to the gradients."""
    divided = questions.problem.notation.delta == "divided"
    kind = "one" if not _is_mean(asked, questions) else "divided" if divided else "undivided"
    layer = int(asked.step.layer or 1)
    return phrase(f"blank.what.delta.{kind}", layer=layer, z=Code(f"z{layer}"))


def _is_mean(asked: Asked, questions: Questions) -> bool:
    """Whether the loss of this iteration is a mean over several samples."""
    return any(
        one.step.role == "reduced_loss" and one.step.variant == "mean" and one.iteration == asked.iteration
        for one in questions.quantities.values()
    )


def _of_layer(asked: Asked) -> dict[str, Slot]:
    layer, role = int(asked.step.layer or 1), _ROLES.get(asked.step.role, asked.step.role)
    if role == "back":
        return {"layer": layer, "next": layer + 1}
    return {"layer": layer, "z": Code(f"z{layer}")}


def _parameter(name: str) -> str:
    """W1 for dW1, data_dW1, step_W1 and W1_new; w where a name does not say it."""
    bare = name.removeprefix("data_").removeprefix("reg_").removeprefix("step_").removesuffix("_new")
    return "w" if bare == "grad" else bare.removeprefix("d")


def _power(tree: Expr) -> str:
    """`e^(-z1)` where a line is just that (leaving out what is only done far from zero), else ""."""
    tree = tree.otherwise if isinstance(tree, Cases) else tree
    if not isinstance(tree, Func) or tree.name != "exp":
        return ""
    inner, sign = (tree.arg.arg, "-") if isinstance(tree.arg, Neg) else (tree.arg, "")
    return f"e^({sign}{inner.name})" if isinstance(inner, Ref) else ""
