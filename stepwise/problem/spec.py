"""The fields of a problem file as typed structures: what may be written, where, and what it means.

The JSON Schema for editors and the structural check (`check.py`) are both read off these structures. They say what a
file may look like; whether shapes fit and labels suit the loss is found out by the readers beside this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType, field

from stepwise.operations.activation import OWN_NAME
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.initialisation import SCHEMES
from stepwise.operations.losses import LOSSES
from stepwise.problem.numbers import LETTER_PATTERN, PATTERN
from stepwise.problem.settings import MOST_NAMED

MOST_LAYERS = 50
"""More of them are on no page."""
MODELS = ("network", "svm", "perceptron", "separability")

# Not Meta(pattern=…): in a union with a list, msgspec 0.22 frees that pattern twice and ends the process.
_TypedNumber = Annotated[str, Meta(extra_json_schema={"pattern": PATTERN})]

Num = Annotated[
    int | float | _TypedNumber,
    Meta(description="A number: 0.10, 1e-3, 1/3, 50%; printed as typed.", extra={"kind": "number"}),
]


# a number, or a letter in its place
_Value = int | float | Annotated[str, Meta(extra_json_schema={"pattern": LETTER_PATTERN})]


def _named(names: tuple[str, ...], description: str) -> Meta:
    return Meta(description=description, extra={"names": names}, extra_json_schema={"enum": list(names)})


def _numbers(description: str) -> Meta:
    return Meta(description=description, extra={"kind": "numbers"})


class Source(Struct, forbid_unknown_fields=True):
    """Numbers from a data file, numbers that nobody typed, or only their shape."""

    file: Annotated[str, Meta(description="A .csv, .npy or .npz file, beside the problem file.")] | UnsetType = UNSET
    key: Annotated[str, Meta(description="The array's name in a .npz file.")] | UnsetType = UNSET
    shape: (
        Annotated[
            Annotated[int, Meta(ge=1, le=10**9)]
            | Annotated[list[Annotated[int, Meta(ge=1, le=10**9)]], Meta(min_length=1)],
            Meta(description="Only the shape: [samples, numbers], or [numbers] for one sample."),
        ]
        | UnsetType
    ) = UNSET
    values: (
        Annotated[int | float | list[Any], _numbers("Numbers that nobody typed: they are printed rounded.")] | UnsetType
    ) = UNSET


class Weights(Source):
    """Weights that are drawn, or that stand in a data file."""

    init: Annotated[str, _named(tuple(SCHEMES), "How weights are drawn.")] | UnsetType = UNSET
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1, description="The seed of the draw; 0 if left out.")] | UnsetType = (
        UNSET
    )


_OWN = "or bring your own function: {name: mish, expr: 'z*tanh(log(1+exp(z)))'}"
_ACTIVATION_NAME = Annotated[
    str,
    Meta(
        description="The name of an activation, or with `expr` a name for your own.",
        extra={"names": tuple(ACTIVATIONS), "unless": "expr", "also": _OWN},
        extra_json_schema={"anyOf": [{"enum": list(ACTIVATIONS)}, {"pattern": f"^{OWN_NAME}$"}]},
    ),
]
_FORMULA = Annotated[
    str, Meta(description="Your own function of z, such as z*tanh(log(1+exp(z))); alpha and beta may be used in it.")
]
# a registered name goes without a formula, any other with one
_NAME_OR_FORMULA = {
    "if": {"type": "object", "required": ["name"], "properties": {"name": {"enum": list(ACTIVATIONS)}}},
    "then": {"not": {"required": ["expr"]}},
    "else": {"required": ["expr"]},
}

if TYPE_CHECKING:

    class ActivationWithParameters(Struct):
        """An activation and its parameters."""
else:
    ActivationWithParameters = msgspec.defstruct(
        "ActivationWithParameters",
        [
            ("name", _ACTIVATION_NAME),
            ("expr", _FORMULA | UnsetType, UNSET),
            *(
                (parameter, Num | UnsetType, UNSET)
                for parameter in sorted({name for record in ACTIVATIONS.values() for name in record.parameters})
            ),
        ],
        forbid_unknown_fields=True,
        namespace={"__doc__": "An activation and its parameters."},
    )


class Layer(Struct, forbid_unknown_fields=True):
    """One weight matrix and the activation after it."""

    activation: Annotated[
        Annotated[
            str,
            Meta(extra={"names": tuple(ACTIVATIONS), "also": _OWN}, extra_json_schema={"enum": list(ACTIVATIONS)}),
        ]
        | ActivationWithParameters,
        Meta(description="The activation: a name, {name: …, parameter: …}, or {name: …, expr: …} for your own."),
    ]
    units: (
        Annotated[int, Meta(ge=1, le=10**6, description="Units; may be left out where the weights tell.")] | UnsetType
    ) = UNSET


class LossWithParts(Struct, forbid_unknown_fields=True):
    """A loss with its factor and its reduction over samples."""

    name: Annotated[str, _named(tuple(LOSSES), "The name of a loss.")]
    factor: Annotated[Num, Meta(description="The factor in front; mse has 1/2 if left out.")] | UnsetType = UNSET
    reduction: Annotated[Literal["mean", "sum"], Meta(description="How samples are brought together.")] | UnsetType = (
        UNSET
    )


class Architecture(Struct, forbid_unknown_fields=True):
    """How the model is built."""

    layout: (
        Annotated[
            Literal["column", "row"],
            Meta(description="column (default): z = W x + b, W is out × in. row: Z = X W + b, W is in × out."),
        ]
        | UnsetType
    ) = UNSET
    layers: (
        Annotated[list[Layer], Meta(min_length=1, max_length=MOST_LAYERS, description="One entry per weight matrix.")]
        | UnsetType
    ) = UNSET
    loss: (
        Annotated[
            Annotated[str, Meta(extra={"names": tuple(LOSSES)}, extra_json_schema={"enum": list(LOSSES)})]
            | LossWithParts,
            Meta(description="The loss: a name, or {name: …, factor: …, reduction: …}."),
        ]
        | UnsetType
    ) = UNSET
    l2: Annotated[Num, Meta(description="λ of λ/2·‖W‖²; 0 for none.")] | UnsetType = UNSET


class LearningRate(Struct, forbid_unknown_fields=True):
    """A learning rate that may change from step to step."""

    value: Annotated[Num, Meta(description="The learning rate η.")] | UnsetType = UNSET
    schedule: (
        Annotated[Literal["constant", "inverse"], Meta(description="inverse: 1/(λt), for a support vector machine.")]
        | UnsetType
    ) = UNSET


class Train(Struct, forbid_unknown_fields=True):
    """What one run of training does."""

    epochs: Annotated[int, Meta(ge=1, le=10**6, description="Times through all samples; default 1.")] | UnsetType = (
        UNSET
    )
    batch_size: (
        Annotated[int, Meta(ge=1, le=10**9, description="Samples a step; left out: all of them.")] | UnsetType
    ) = UNSET
    update: (
        Annotated[
            list[Literal["weights", "biases"]], Meta(min_length=1, description="What the step changes; default both.")
        ]
        | UnsetType
    ) = UNSET
    method: (
        Annotated[
            Literal["subgradient", "pegasos"],
            Meta(description="Support vector machine: subgradient (all samples) or pegasos (one by one)."),
        ]
        | UnsetType
    ) = UNSET
    loss_after: Annotated[bool, Meta(description="Calculate the loss again after the update.")] | UnsetType = UNSET


class Rounding(Struct, forbid_unknown_fields=True):
    """How many digits are printed, and whether rounded values are carried on."""

    carry: Annotated[bool, Meta(description="true: hand arithmetic; false (default): exact.")] | UnsetType = UNSET
    decimals: Annotated[int, Meta(ge=0, le=12, description="Decimals; default 4.")] | UnsetType = UNSET
    figures: Annotated[int, Meta(ge=1, le=12, description="Significant figures instead.")] | UnsetType = UNSET
    quantities: (
        Annotated[
            dict[str, Annotated[int, Meta(ge=0, le=12)]],
            Meta(max_length=MOST_NAMED, description="Decimals by quantity id or pattern: {a2: 2, '*_new': 2}."),
        ]
        | UnsetType
    ) = UNSET
    trailing_zeros: (
        Annotated[Literal["auto"] | bool, Meta(description="auto (default): 0.8 where exact, 0.690 where rounded.")]
        | UnsetType
    ) = UNSET


class Notation(Struct, forbid_unknown_fields=True):
    """How the mathematics is written."""

    style: Annotated[Literal["matrix", "elementwise"], Meta(description="Default matrix.")] | UnsetType = UNSET
    product: (
        Annotated[Literal["times", "paren"], Meta(description="times (default): 0.5 × 1; paren: 0.5(1).")] | UnsetType
    ) = UNSET
    symbols: (
        Annotated[
            dict[str, str],
            Meta(
                max_length=MOST_NAMED,
                description=r"Symbols by quantity id: {a1: h, lr: \eta}, unquoted or in 'quotes'.",
            ),
        ]
        | UnsetType
    ) = UNSET
    delta: (
        Annotated[Literal["undivided", "divided"], Meta(description="divided: 1/N already in δ; default undivided.")]
        | UnsetType
    ) = UNSET
    backward: (
        Annotated[
            Literal["fused", "chain", "jacobian"],
            Meta(description="chain: write even a − y out; jacobian: by matrices, one sample only; default fused."),
        ]
        | UnsetType
    ) = UNSET


class Standardize(Struct, forbid_unknown_fields=True):
    """Inputs minus the mean, divided by the standard deviation."""

    mean: Annotated[Num | list[Num] | Source, _numbers("One number, or one a feature.")]
    std: Annotated[Num | list[Num] | Source, _numbers("One number, or one a feature.")]


class Preprocess(Struct, forbid_unknown_fields=True):
    """What is done to the inputs before the first layer."""

    divide: Annotated[Num | list[Num] | Source, _numbers("The divisor, or one a feature.")] | UnsetType = UNSET
    standardize: Annotated[Standardize, Meta(description="Mean and standard deviation.")] | UnsetType = UNSET


class Marking(Struct, forbid_unknown_fields=True):
    """How answers are marked."""

    follows: (
        Annotated[Num, Meta(description="Share of the marks for what follows from an earlier error; default 1.")]
        | UnsetType
    ) = UNSET
    too_few_digits: (
        Annotated[Num, Meta(description="Share of the marks for a number with too few digits; default 0.5.")]
        | UnsetType
    ) = UNSET
    nothing_left: (
        Annotated[Num, Meta(description="Share where an earlier error left nothing to calculate; default 0.")]
        | UnsetType
    ) = UNSET
    by: (
        Annotated[
            Literal["quantity", "entry"],
            Meta(description="quantity (default): marks for a whole quantity; entry: for each of its numbers."),
        ]
        | UnsetType
    ) = UNSET


class Values(Struct, forbid_unknown_fields=True):
    """The numbers that may be drawn: a grid, or a list."""

    from_: Annotated[Num, Meta(description="The least of a grid.")] | UnsetType = field(name="from", default=UNSET)
    to: Annotated[Num, Meta(description="The largest of a grid.")] | UnsetType = UNSET
    step: Annotated[Num, Meta(description="From one number of a grid to the next.")] | UnsetType = UNSET
    not_: Annotated[list[Num], Meta(max_length=MOST_NAMED, description="Numbers that are left out.")] | UnsetType = (
        field(name="not", default=UNSET)
    )
    choices: (
        Annotated[
            list[Num],
            Meta(min_length=1, max_length=MOST_NAMED, description="The numbers themselves, in place of a grid."),
        ]
        | UnsetType
    ) = UNSET


_KEEP = Literal["keep", "any"]
_DRAWN = "keep: as it is; any: of the usual range; {from: …, to: …, step: …, not: […]}, {choices: […]}"


class Conditions(Struct, forbid_unknown_fields=True):
    """What a drawn variant must be like."""

    alive: Annotated[bool, Meta(description="No hidden ReLU layer is wholly off; default true.")] | UnsetType = UNSET
    units_off: (
        Annotated[
            Literal["any", "none", "one", "some"],
            Meta(description="How many units of each hidden ReLU layer are off, for every sample; default any."),
        ]
        | UnsetType
    ) = UNSET
    unsaturated: Annotated[bool, Meta(description="No sigmoid or tanh is saturated; default true.")] | UnsetType = UNSET
    gradient_units: (
        Annotated[
            int,
            Meta(
                ge=0,
                le=10**6,
                description="Units of the last printed digit that some entry of each asked gradient has; default 10.",
            ),
        ]
        | UnsetType
    ) = UNSET
    loss_above: Annotated[Num, Meta(description="The first loss is larger than this; default 0.05.")] | UnsetType = (
        UNSET
    )
    both_sides: (
        Annotated[bool, Meta(description="Hinge loss: a sample is safe and another is not; default true.")] | UnsetType
    ) = UNSET
    same_facts: (
        Annotated[bool, Meta(description="Rounding by hand changes no prediction and no verdict; default true.")]
        | UnsetType
    ) = UNSET
    mistakes_show: (
        Annotated[bool, Meta(description="The commonest mistakes give other answers; default true.")] | UnsetType
    ) = UNSET
    prediction: (
        Annotated[Literal["any", "right", "wrong"], Meta(description="What the model predicts at first; default any.")]
        | UnsetType
    ) = UNSET


_EACH_LAYER = Annotated[list[_KEEP | Values], Meta(max_length=MOST_LAYERS)]


class Vary(Struct, forbid_unknown_fields=True):
    """What a practice sheet draws anew, and what a variant must be like."""

    weights: Annotated[_KEEP | Values | _EACH_LAYER, Meta(description=f"{_DRAWN}; or one a layer.")] | UnsetType = UNSET
    biases: Annotated[_KEEP | Values | _EACH_LAYER, Meta(description=f"{_DRAWN}; or one a layer.")] | UnsetType = UNSET
    inputs: Annotated[_KEEP | Values, Meta(description=_DRAWN)] | UnsetType = UNSET
    labels: (
        Annotated[Literal["keep", "any", "random class"] | Values, Meta(description=f"{_DRAWN}; random class.")]
        | UnsetType
    ) = UNSET
    lr: Annotated[_KEEP | Values, Meta(description=_DRAWN)] | UnsetType = UNSET
    conditions: Annotated[Conditions, Meta(description="What a variant must be like.")] | UnsetType = UNSET


class ProblemFile(Struct, forbid_unknown_fields=True, kw_only=True):
    """A problem for stepwise."""

    title: Annotated[str | dict[str, str], Meta(description="Text, or {en: …, zh: …}.")] | UnsetType = UNSET
    model: Annotated[str, _named(MODELS, "What is calculated; default network.")] | UnsetType = UNSET
    architecture: Annotated[Architecture, Meta(description="How the model is built.")] | UnsetType = UNSET
    weights: (
        Annotated[
            _Value | list[_Value | list[_Value | list[_Value]] | Source] | Weights,
            _numbers("One matrix per layer, or {init: xavier_uniform, seed: 7}."),
        ]
        | UnsetType
    ) = UNSET
    biases: (
        Annotated[
            _Value | list[_Value | list[_Value | list[_Value]] | Source] | Source,
            _numbers("One vector per layer. Left out: no bias. 0: a bias of zero in every layer."),
        ]
        | UnsetType
    ) = UNSET
    inputs: Annotated[
        _Value | list[_Value | list[_Value]] | Source,
        _numbers("One sample, a list of samples, {shape: [100, 2]}, or {file: data.npz, key: X}."),
    ]
    labels: (
        Annotated[
            _Value | list[_Value | list[_Value]] | Source,
            _numbers("Numbers, one-hot rows, class indices from 0, or ±1."),
        ]
        | UnsetType
    ) = UNSET
    lr: (
        Annotated[
            Annotated[_Value | LearningRate, Meta(extra={"kind": "rate"})],
            Meta(description="The learning rate η; left out: gradients, no update."),
        ]
        | UnsetType
    ) = UNSET
    train: Annotated[Train, Meta(description="What one run of training does.")] | UnsetType = UNSET
    rounding: Annotated[Rounding, Meta(description="Digits and hand arithmetic.")] | UnsetType = UNSET
    notation: Annotated[Notation, Meta(description="How the mathematics is written.")] | UnsetType = UNSET
    language: Annotated[str, Meta(description="en, zh, or en+zh: each phrase in that order.")] | UnsetType = UNSET
    preprocess: Annotated[Preprocess, Meta(description="What is done to the inputs first.")] | UnsetType = UNSET
    vary: Annotated[Vary, Meta(description="What a practice sheet draws; left out: what is usual.")] | UnsetType = UNSET
    marks: (
        Annotated[dict[str, Num], Meta(max_length=MOST_NAMED, description="Marks by quantity id; 1 each if left out.")]
        | UnsetType
    ) = UNSET
    marking: Annotated[Marking, Meta(description="How answers are marked.")] | UnsetType = UNSET
    ask: (
        Annotated[list[str], Meta(max_length=MOST_NAMED, description="The quantities a student is asked for.")]
        | UnsetType
    ) = UNSET
    code: Annotated[str, Meta(description="The code of the practice sheet this was drawn for.")] | UnsetType = UNSET


def schema() -> dict[str, Any]:
    """The JSON Schema of a problem file."""
    made = msgspec.json.schema(ProblemFile)
    made["$defs"]["ActivationWithParameters"] |= _NAME_OR_FORMULA
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "stepwise problem", **made}
