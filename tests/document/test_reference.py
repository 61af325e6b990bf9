"""The reference sheets: true formulas and numbers, words for everything registered, nothing that slows the start."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest

from stepwise import UnsupportedError
from stepwise.document import render_reference
from stepwise.document.reference import KIND, reference_list, reference_names
from stepwise.document.reference.activations import Activations
from stepwise.document.reference.batch import Batch
from stepwise.document.reference.gradient_descent import RATES, SHOWN, GradientDescent, descent, verdict
from stepwise.document.reference.initialisation import network
from stepwise.document.reference.labels import Clipping, OneHot, labelled
from stepwise.document.reference.losses import Losses
from stepwise.document.reference.mse_vs_cross_entropy import Comparison
from stepwise.document.reference.svm import ASPECTS, MlpOrSvm, Svm
from stepwise.document.reference.writing import value
from stepwise.document.words import catalogue
from stepwise.expressions import Const, FloatArithmetic, Max, evaluate, orient, ref
from stepwise.operations.activation import Activation, Bounds
from stepwise.operations.activations import ACTIVATIONS
from stepwise.operations.losses import LOSSES
from stepwise.operations.operation import Records
from stepwise.resources import known_languages
from tests.document.listening import listening
from tests.document.test_words import JOINTS, MARKUP, TAG, slots, western, words_in_template
from tests.test_architecture import modules_after
from tests.tooling import ROOT

NAMES = (
    *("activations", "batch", "clipping", "gradient-descent", "initialisation", "losses", "mlp-vs-svm"),
    *("mse-vs-cross-entropy", "one-hot", "svm"),
)
LANGUAGES = ("en", "zh", "en+zh")
STORIES = sorted((ROOT / "templates" / "stories" / KIND).glob("*.jinja"))
OF_EACH_ACTIVATION = tuple(f"activations.{what}" for what in ("strength", "weakness", "use"))
OF_EACH_LOSS = ("losses.use",)


@cache
def sheet(name: str, format: str = "md", language: str = "en") -> str:
    return render_reference(name, format, language)


def rows(page: str) -> list[list[str]]:
    """The cells of all table rows of a Markdown page."""
    lines = [line for line in page.splitlines() if line.startswith("|") and "---" not in line]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def row(page: str, start: str) -> list[str]:
    return next(cells for cells in rows(page) if cells[0].startswith(start))


# ---- all sheets


def test_the_promised_sheets_are_there() -> None:
    assert reference_names() == NAMES
    assert {path.stem for path in STORIES} == {*NAMES, "common"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format", ["md", "latex"])
@pytest.mark.parametrize("name", NAMES)
def test_every_sheet_renders(name: str, format: str, language: str) -> None:
    page = sheet(name, format, language)
    assert len(page) > 600
    for one in language.split("+"):
        title = catalogue(one, KIND)[f"{name.replace('-', '_')}.title"]
        assert title in page


def test_a_synonym_is_the_same_sheet() -> None:
    assert render_reference("initialization") == sheet("initialisation")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("activation",), "did you mean `activations`?"),
        (("qqqq",), "write one of: activations, batch"),
        (("svm", "html"), "no format 'html' (there are md, latex)"),
        (("svm", "md", "fr"), "no language 'fr'"),
    ],
)
def test_what_there_is_not_is_said(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnsupportedError, match=re.escape(said)):
        render_reference(*arguments)


@pytest.mark.parametrize("language", known_languages())
def test_the_list_has_a_line_for_each(language: str) -> None:
    lines = reference_list(language).splitlines()
    assert tuple(line.split()[0] for line in lines) == NAMES
    assert len({len(line) - len(line.split(maxsplit=1)[1]) for line in lines}) == 1


def test_no_sheet_waits_for_sympy() -> None:
    statement = (
        "from stepwise.document.reference import reference_names, render_reference; "
        "[render_reference(name) for name in reference_names()]"
    )
    assert "numpy" in modules_after(statement)
    assert "sympy" not in modules_after(statement)


# ---- activations

FORMULAS: Mapping[str, tuple[str, str, str]] = {
    "identity": ("z", "1", r"(-\infty,\, \infty)"),
    "step": (r"\begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}", "0", r"\{0,\, 1\}"),
    "sigmoid": (r"\frac{1}{1 + e^{-z}}", "a (1 - a)", r"(0,\, 1)"),
    "tanh": (r"\tanh z = \frac{e^{z} - e^{-z}}{e^{z} + e^{-z}}", "1 - a^{2}", r"(-1,\, 1)"),
    "relu": (r"\max(0,\, z)", r"\begin{cases} 1 & z > 0 \\ 0 & z \le 0 \end{cases}", r"[0,\, \infty)"),
    "leaky_relu": (
        r"\begin{cases} z & z > 0 \\ \alpha z & z \le 0 \end{cases}",
        r"\begin{cases} 1 & z > 0 \\ \alpha & z \le 0 \end{cases}",
        r"(-\infty,\, \infty)",
    ),
    "elu": (
        r"\begin{cases} z & z > 0 \\ \alpha (e^{z} - 1) & z \le 0 \end{cases}",
        r"\begin{cases} 1 & z > 0 \\ a + \alpha & z \le 0 \end{cases}",
        r"(-\alpha,\, \infty)",
    ),
    "swish": (
        r"z \sigma(\beta z)",
        r"\beta a + \sigma(\beta z) (1 - \beta a)",
        r"[m,\, \infty),\; {m \approx -\frac{0.2785}{\beta}}",
    ),
    "softplus": (r"\frac{\ln(1 + e^{\beta z})}{\beta}", r"\frac{e^{\beta z}}{1 + e^{\beta z}}", r"(0,\, \infty)"),
    "softmax": (
        r"\frac{e^{z_{i}}}{\sum_{k=1}^{K} e^{z_{k}}}",
        r"\delta_{i} = a_{i} \left(g_{i} - \sum_{k=1}^{K} a_{k} g_{k}\right)",
        r"(0,\, 1)",
    ),
}
"""The usual textbook formulas, in the notation of the pages."""


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_the_textbooks(name: str) -> None:
    record = ACTIVATIONS[name]
    assert (Activations.output(record), Activations.derivative(record), Activations.range(record)) == FORMULAS[name]


def test_gelu_is_spelled_with_the_normal_distribution() -> None:
    record = ACTIVATIONS["gelu"]
    assert Activations.output(record) == r"z \Phi(z)"
    assert Activations.derivative(record).startswith(r"\Phi(z) + z \frac{e^{-\frac{z^{2}}{2}}}{\sqrt{2")


def test_every_activation_has_a_row_in_both_tables() -> None:
    page = sheet("activations")
    for name in ACTIVATIONS:
        word = catalogue("en")[f"activation.{name}"]
        assert sum(cells[0].startswith(word) for cells in rows(page)) >= 2, name


def test_defaults_stand_behind_the_names() -> None:
    page = sheet("activations")
    assert row(page, "leaky ReLU")[0] == r"leaky ReLU with $\alpha = 0.01$"
    assert row(page, "swish")[0] == r"swish with $\beta = 1$"


SQUARED = Activation(
    name="squared",
    head=r"\mathrm{sq}",
    output=lambda p: Max(Const("0"), ref("z")) ** 2,
    derivative=lambda p: 2 * ref("z"),
)


def test_a_new_activation_is_on_the_sheet_and_its_words_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    # as if there were a file of that name
    assert isinstance(ACTIVATIONS, Records)
    monkeypatch.setattr(ACTIVATIONS, "_names", (*ACTIVATIONS, "squared"))
    monkeypatch.setitem(ACTIVATIONS._found, "squared", SQUARED)
    table = Activations().formulas
    assert len(table.rows) == len(ACTIVATIONS)
    assert [cell.latex for cell in table.rows[-1][1:]] == [r"\max(0,\, z)^{2}", "2 z", r"\text{--}"]  # type: ignore[union-attr]
    assert len(Activations().character(lambda key: key in catalogue("en", KIND)).rows) == len(ACTIVATIONS) - 1
    assert missing_words("en") == {f"{prefix}.squared" for prefix in OF_EACH_ACTIVATION}
    assert "squared" in untold_ranges()


def untold_ranges() -> set[str]:
    return {name for name, record in ACTIVATIONS.items() if record.bounds is None}


def test_every_activation_tells_its_range() -> None:
    assert untold_ranges() == set()


NEAR_ZERO = slice(1500, 4501)
"""The places of z between −15 and 15."""


def values_of(record: Activation) -> np.ndarray:
    """What the engine computes for many z with the default parameters; for softmax, for layers of two units."""
    z = np.concatenate([np.linspace(-30, 30, 6001), [-300.0, 300.0, -1e6, 1e6]])
    tree = orient(record.output({name: Const(text) for name, text in record.parameters.items()}), "column")
    layers = z[np.newaxis] if record.per_unit else np.stack([z[:6001], np.zeros(6001)])
    return np.asarray(value(tree, z=layers))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_range_is_true_and_tight(name: str) -> None:
    record = ACTIVATIONS[name]
    assert record.bounds is not None
    bounds = record.bounds({parameter: Const(text) for parameter, text in record.parameters.items()})
    values = values_of(record)
    assert not wrong_about(bounds, values)


def wrong_about(bounds: Bounds, values: np.ndarray) -> list[str]:
    """What the values say against the bounds."""
    low, high = (
        None if end is None else float(evaluate(end, {}, FloatArithmetic())) for end in (bounds.low, bounds.high)
    )
    slack = 5e-5 if bounds.rounded else 0.0
    # what is only come close to is reached in floating point, far out
    near = 1e-6 + slack
    complaints = []
    if low is not None and values.min() < low - slack:
        complaints.append("goes below")
    if high is not None and values.max() > high + slack:
        complaints.append("goes above")
    if values.min() > (-1e3 if low is None else low + near):
        complaints.append("does not come down")
    if values.max() < (1e3 if high is None else high - near):
        complaints.append("does not come up")
    inner = -0.25 if low is None else low + near
    if not bounds.between and len(np.unique(values)) != 2:
        complaints.append("takes other values")
    if bounds.between and not ((values > inner) & (values < inner + 0.5)).any():
        complaints.append("leaves a gap")
    return complaints


@pytest.mark.parametrize(
    "bounds",
    [
        Bounds(Const("0"), Const("2")),
        Bounds(Const("-1"), Const("1")),
        Bounds(Const("0.1"), Const("1")),
        Bounds(Const("0")),
        Bounds(),
        Bounds(Const("0"), Const("1"), between=False),
    ],
)
def test_a_wrong_range_is_found(bounds: Bounds) -> None:
    assert not wrong_about(Bounds(Const("0"), Const("1")), values_of(ACTIVATIONS["sigmoid"]))
    assert wrong_about(bounds, values_of(ACTIVATIONS["sigmoid"]))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_end_is_closed_where_it_is_a_value(name: str) -> None:
    """Near 0, where floating point reaches nothing that it should not."""
    record = ACTIVATIONS[name]
    assert record.bounds is not None
    bounds = record.bounds({parameter: Const(text) for parameter, text in record.parameters.items()})
    if bounds.rounded or (bounds.low is None and bounds.high is None):
        return
    values = values_of(record)[:, NEAR_ZERO]
    ends = [float(evaluate(end, {}, FloatArithmetic())) for end in (bounds.low, bounds.high) if end is not None]
    assert any(np.any(values == end) for end in ends) == bounds.reached


# ---- losses


def test_every_loss_has_its_formulas() -> None:
    page = sheet("losses")
    assert row(page, "squared error")[1:3] == [
        r"$\displaystyle \frac{1}{2} \sum_{k=1}^{K} (a_{k} - y_{k})^{2}$",
        "$a_{k} - y_{k}$",
    ]
    assert row(page, "cross-entropy")[1:3] == [
        r"$\displaystyle -\sum_{k=1}^{K} y_{k} \ln a_{k}$",
        r"$\displaystyle -\frac{y_{k}}{a_{k}}$",
    ]
    assert row(page, "binary")[1:3] == [
        r"$-(y \ln a + (1 - y) \ln(1 - a))$",
        r"$\displaystyle \frac{1 - y}{1 - a} - \frac{y}{a}$",
    ]
    assert row(page, "hinge")[1:3] == [
        r"$\max(0,\, 1 - y a)$",
        r"$\begin{cases} -y & y a < 1 \\ 0 & y a \ge 1 \end{cases}$",
    ]
    assert row(page, "negative")[1:3] == [r"$-\ln \sigma(a)$", r"$\sigma(a) - 1$"]
    assert {phrase.key for phrase, *_ in Losses().formulas.rows} == {f"loss.{name}" for name in LOSSES}  # type: ignore[union-attr]


def test_every_short_error_term_is_listed() -> None:
    pairs = [
        (first.key.removeprefix("loss."), second.key.removeprefix("activation."))  # type: ignore[union-attr]
        for first, second, _ in Losses().errors.rows[:-3]
    ]
    assert pairs == [(name, activation) for name, record in LOSSES.items() for activation in record.fused]
    assert r"$\delta = \sigma(a) - 1$" in sheet("losses")


def test_the_other_error_terms() -> None:
    found = [tuple(cell.strip("$") for cell in cells) for cells in rows(sheet("losses"))[-3:]]
    by_output = r"\frac{\partial \ell}{\partial a_{%s}}"
    mixed = rf"\delta_{{i}} = a_{{i}} \left({by_output % 'i'} - \sum_{{k=1}}^{{K}} a_{{k}} {by_output % 'k'}\right)"
    assert found[0] == ("squared error", "identity", r"\delta_{k} = a_{k} - y_{k}")
    assert found[1] == ("any other loss", "softmax", rf"\displaystyle {mixed}")
    assert found[2][2] == r"\displaystyle \delta = \frac{\partial \ell}{\partial a} f'(z)"


# ---- squared error and cross-entropy


def test_the_error_terms_with_and_without_the_slope() -> None:
    page = sheet("mse-vs-cross-entropy")
    assert row(page, "Error term")[1:] == ["$(a - y) a (1 - a)$", "$a - y$"]
    assert r"\left(\frac{1 - y}{1 - a} - \frac{y}{a}\right) a (1 - a) = a - y" in page


def test_the_numbers_are_right() -> None:
    for cells in Comparison().numbers.rows:
        a, *printed = (float(cell.latex) for cell in cells)  # type: ignore[union-attr]
        slope = a * (1 - a)
        expected = (slope, (a - 1) ** 2 / 2, (a - 1) * slope, -math.log(a), a - 1)
        assert printed == pytest.approx(expected, abs=5.0001e-5)
    assert "$-0.0098$, cross-entropy for $-0.99$" in sheet("mse-vs-cross-entropy")


# ---- batches

RANDOM = np.random.default_rng(3)
X, LABELS = RANDOM.normal(size=(5, 2)), np.eye(3)[[0, 2, 1, 1, 0]]
WEIGHTS, BIAS, RATE = RANDOM.normal(size=(2, 3)), RANDOM.normal(size=(1, 3)), 0.3


def by_hand() -> dict[str, np.ndarray]:
    """Softmax regression on a batch, sample by sample and entry by entry."""
    weights, bias, loss = WEIGHTS.copy(), BIAS.copy(), 0.0
    for x, y in zip(X, LABELS, strict=True):
        z = [sum(x[i] * WEIGHTS[i, k] for i in range(2)) + BIAS[0, k] for k in range(3)]
        total = sum(math.exp(one) for one in z)
        for k in range(3):
            a = math.exp(z[k]) / total
            loss -= y[k] * math.log(a) / len(X)
            bias[0, k] -= RATE * (a - y[k]) / len(X)
            for i in range(2):
                weights[i, k] -= RATE * (a - y[k]) * x[i] / len(X)
    return {"W": weights, "b": bias, "L": np.array([[loss]])}


def ran(lines: list[str], **given: object) -> dict[str, np.ndarray]:
    names: dict[str, object] = {"np": np, **given}
    exec("\n".join(lines), names)
    return names  # type: ignore[return-value]


def test_the_row_code_runs_and_is_right() -> None:
    result = ran(Batch().row_code, X=X, Y=LABELS, W=WEIGHTS, b=BIAS, N=len(X), lr=RATE)
    for name, expected in by_hand().items():
        assert result[name] == pytest.approx(expected)


def test_the_column_code_runs_in_place_of_the_row_code() -> None:
    """The lines that differ are printed; the others are those of row layout."""
    batch = Batch()
    changed = {line.split(" = ")[0]: line for line in batch.column_code}
    lines = [changed.get(line.split(" = ")[0], line) if "lr" not in line else line for line in batch.row_code]
    result = ran(lines, X=X.T, Y=LABELS.T, W=WEIGHTS.T, b=BIAS.T, N=len(X), lr=RATE)
    for name, expected in by_hand().items():
        assert result[name] == pytest.approx(expected.T)
    assert sorted(changed) == ["L", "S", "Z", "dW", "db", "l"]


def test_the_shapes_in_the_code_are_those_of_the_arrays() -> None:
    lengths = {"N": 5, "d": 2, "K": 3, "1": 1}
    result = ran(Batch().row_code, X=X, Y=LABELS, W=WEIGHTS, b=BIAS, N=len(X), lr=RATE)
    shaped = [re.match(r"(\w+) = .*# \((\w), (\w)\)", line) for line in Batch().row_code]
    assert sum(found is not None for found in shaped) == 10
    for found in shaped:
        if found:
            assert result[found[1]].shape == (lengths[found[2]], lengths[found[3]])


def test_the_shapes_of_the_formulas() -> None:
    page = sheet("batch")
    gradient = row(page, "gradient of the weights")
    assert gradient[1] == (
        r"$\underset{d \times K}{\nabla W} = \frac{1}{N} \underset{d \times N}{X^{\top}} "
        r"\;\underset{N \times K}{\Delta}$"
    )
    assert gradient[2] == (
        r"$\underset{K \times d}{\nabla W} = \frac{1}{N} \underset{K \times N}{\Delta} "
        r"\;\underset{N \times d}{X^{\top}}$"
    )
    assert not re.search(r"\b(701|503|307)\b", page), "a stand-in is left"


# ---- support vector machine


def test_the_objective_and_its_parts() -> None:
    page = sheet("svm")
    hinge, penalty = (
        r"\sum_{i=1}^{N} \max(0,\, 1 - y_{i} (w^{\top} x_{i} + b))",
        r"\underbrace{\frac{\lambda}{2} \lVert w \rVert^{2}}_{\mathrm{(B)}}",
    )
    assert rf"$$J(w, b) = \underbrace{{{hinge}}}_{{\mathrm{{(A)}}}} + {penalty}$$" in page
    assert rf"$$J(w, b) = \underbrace{{\frac{{1}}{{N}} {hinge}}}_{{\mathrm{{(A)}}}} + {penalty}$$" in page
    assert r"\lVert w \rVert^{2} = \sum_{k=1}^{d} w_{k}^{2}" in page
    assert r"g_{i} = \begin{cases} -y_{i} x_{i} & m_{i} < 1 \\ 0 & m_{i} \ge 1 \end{cases}" in page


def test_pegasos_in_numbered_steps() -> None:
    _, samples, _ = Svm().pegasos
    said = [one.slots for one in samples.inside]
    assert said[0]["margin"].latex == r"m_{i} = y_{i} (w^{\top} x_{i} + b)"  # type: ignore[union-attr]
    assert said[1]["gradient"].latex == r"\nabla w = -y_{i} x_{i} + \lambda w"  # type: ignore[union-attr]
    assert said[2]["gradient"].latex == r"\nabla w = \lambda w"  # type: ignore[union-attr]
    assert said[3]["step"].latex == r"w \leftarrow w - \eta \nabla w"  # type: ignore[union-attr]
    assert said[4]["step"].latex == r"b \leftarrow b + \eta y_{i}"  # type: ignore[union-attr]
    page = sheet("svm")
    assert re.search(
        r"^2\. For every sample.*\n   1\. .*\n   2\. .*\n   3\. .*\n   4\. .*\n   5\. .*\n3\. ", page, re.M
    )
    assert r"\begin{enumerate}" in sheet("svm", "latex")


def test_the_comparison_has_both_sides_of_every_aspect() -> None:
    table = MlpOrSvm().table
    assert [len(cells) for cells in table.rows] == [3] * len(ASPECTS)
    gradient = row(sheet("mlp-vs-svm"), "What a sample contributes")
    assert r"$\delta = a - y$" in gradient[1]
    assert r"-y x & m < 1" in gradient[2]


# ---- initial weights


def test_the_examples_of_the_schemes() -> None:
    page = sheet("initialisation")
    assert r"\sqrt{\frac{6}{100 + 50}} = 0.2$" in row(page, "Xavier, uniform")[2]
    for start, exact in (("Xavier, normal", 2 / 150), ("He, uniform", 6 / 100), ("He, normal", 2 / 100)):
        printed = row(page, start)[2].rsplit(r"\approx ", maxsplit=1)[1].strip("$")
        assert float(printed) == pytest.approx(math.sqrt(exact), abs=5.0001e-5)


def test_equal_weights_stay_equal_and_zeros_stay_zero() -> None:
    zeros, same = network("0"), network("0.5")
    assert not zeros["dW1"].any()
    assert not zeros["dW2"].any()
    assert (same["dW1"][0] == same["dW1"][1]).all()
    assert np.ptp(same["dW2"]) == 0
    said = r"$L = \frac{1}{2} (a - y)^{2}$. It sees the sample $x = (1,\, -2)^{\top}$, $y = 1$."
    assert said in sheet("initialisation")
    # z = 0.5·1 + 0.5·(−2) = −0.5 in both units; a = tanh z; output 2·0.5·a; δ = output − 1
    a = math.tanh(-0.5)
    delta = a - 1
    assert same["dW2"].ravel() == pytest.approx([delta * a, delta * a])
    assert same["dW1"][0] == pytest.approx([delta * 0.5 * (1 - a * a), -2 * delta * 0.5 * (1 - a * a)])


# ---- labels and clipping


def test_one_hot_code_does_what_the_engine_does() -> None:
    lines = [line for line in OneHot().code if line]
    first = ran(lines[:2], K=3)
    second = ran([lines[0], *lines[2:4]], K=3)
    assert first["Y"].tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert second["Y"].tolist() == first["Y"].tolist() == labelled("row")["y"].tolist()
    assert ran([*lines[:2], f"T = {lines[4]}"], K=3)["T"].tolist() == labelled("column").quantity("y").value.tolist()  # type: ignore[union-attr]
    assert ran([*lines[:2], f"back = {lines[5]}"], K=3)["back"].tolist() == [2, 0, 1, 2]


def test_what_is_left_of_cross_entropy() -> None:
    page = sheet("one-hot")
    assert r"$$\ell = -\sum_{k=1}^{K} y_{k} \ln a_{k} = -\ln a_{c}$$" in page
    assert r"\delta_{c} = a_{c} - 1" in page


def test_clipped_losses() -> None:
    printed = [[cell.latex for cell in cells] for cells in Clipping().numbers.rows]  # type: ignore[union-attr]
    assert printed[-1] == ["0", r"\infty", "27.6310"]
    assert printed[-2] == ["10^{-15}", "34.5388", "27.6310"]
    for text, without, clipped in printed[:2]:
        assert float(without) == float(clipped) == pytest.approx(-math.log(float(text)), abs=5.0001e-5)
    assert r"\begin{cases} 10^{-12} & a < 10^{-12} \\ a & a \ge 10^{-12} \end{cases}" in sheet("clipping")
    assert r"$\sigma(z) = 0$" in sheet("clipping")


def test_the_clipping_code_runs() -> None:
    probabilities = np.array([[0.0, 1.0], [0.25, 0.75]])
    result = ran(Clipping().code, A=probabilities, Y=np.array([[1, 0], [1, 0]]))
    assert result["l"].ravel() == pytest.approx([12 * math.log(10), math.log(4)])


# ---- gradient descent


def test_the_rule_and_the_mean() -> None:
    page = sheet("gradient-descent")
    assert r"$$\theta^{\mathrm{new}} = \theta - \eta \nabla \theta$$" in page
    assert r"$$\nabla \theta = \frac{1}{B} \sum_{i=1}^{B} \frac{\partial \ell_{i}}{\partial \theta}$$" in page
    assert r"$\left\lceil \frac{10}{4} \right\rceil = 3$ iterations, the last one with 2 samples" in page


def test_what_the_learning_rates_do() -> None:
    for rate, cells in zip(RATES, GradientDescent().rates.rows, strict=True):
        printed = [float(cell.latex) for cell in cells[1:-1]]  # type: ignore[union-attr]
        assert printed == pytest.approx([1 - (1 - float(rate)) ** step for step in SHOWN], abs=5.0001e-5)
    said = [cells[-1].key.rsplit(".", maxsplit=1)[1] for cells in GradientDescent().rates.rows]  # type: ignore[union-attr]
    assert said == ["slow", "good", "at_once", "swings", "diverges"]
    swinging = [float(one) for one in descent("2").history["W1_new"].ravel()]
    assert swinging == [2, 0] * 3
    assert r"converges for $0 < \eta < 2$, swings without end for $\eta = 2$" in sheet("gradient-descent")
    assert verdict([float(one) for one in descent("2").history["W1_new"].ravel()]) != "diverges"


# ---- words


@cache
def spoken() -> frozenset[str]:
    """Every key that some sheet says."""
    with listening() as heard:
        for name in NAMES:
            render_reference(name)
    return frozenset(heard)


def missing_words(language: str) -> set[str]:
    """What the words of a language lack for what is registered."""
    wanted = {f"{prefix}.{name}" for prefix in OF_EACH_ACTIVATION for name in ACTIVATIONS}
    wanted |= {f"{prefix}.{name}" for prefix in OF_EACH_LOSS for name in LOSSES}
    wanted |= {f"losses.labels.{record.labels}" for record in LOSSES.values()}
    return wanted - set(catalogue(language, KIND))


@pytest.mark.parametrize("language", known_languages())
def test_everything_registered_has_its_words(language: str) -> None:
    assert missing_words(language) == set()


@pytest.mark.parametrize("language", known_languages())
def test_every_language_has_the_same_keys_and_slots(language: str) -> None:
    english, other = catalogue("en", KIND), catalogue(language, KIND)
    assert sorted(english) == sorted(other)
    assert [key for key in english if slots(english[key]) != slots(other[key])] == []


def test_no_key_hides_a_common_one() -> None:
    assert set(catalogue("en", KIND)) & set(catalogue("en")) == set()


def test_every_sentence_is_said_on_some_sheet() -> None:
    listed = {f"{name.replace('-', '_')}.about" for name in NAMES}
    assert set(catalogue("en", KIND)) - spoken() - listed == set()


@pytest.mark.parametrize("language", known_languages())
def test_words_have_no_markup(language: str) -> None:
    marked = [
        key
        for key, text in catalogue(language, KIND).items()
        if MARKUP.search(re.sub(r"\{\w+\}", "", text)) or text != text.strip() or "\n" in text
    ]
    assert marked == []


def test_the_languages_are_kept_apart() -> None:
    chinese = re.compile(r"[\u3400-\u9fff，。；：！？（）、“”]")
    formula_only = {"mlp_vs_svm.loss.mlp", "mlp_vs_svm.loss.svm"}
    labels = {"losses.labels.plus_minus"}
    assert [key for key, text in catalogue("en", KIND).items() if chinese.search(text)] == []
    silent = {key for key, text in catalogue("zh", KIND).items() if not chinese.search(text)}
    assert silent - formula_only - labels - JOINTS == set()
    assert {key: western(text) for key, text in catalogue("zh", KIND).items() if western(text)} == {}


def test_a_sentence_ends_as_in_the_other_language() -> None:
    """What is a sentence in English (it ends in a full stop) is one in Chinese; a cell of a table is not."""
    english, chinese = catalogue("en", KIND), catalogue("zh", KIND)
    differing = [key for key, text in english.items() if text.endswith(".") != chinese[key].endswith(("。", "："))]
    assert [key for key in differing if not english[key].endswith(":")] == []


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_story_has_no_words_of_its_own(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    assert words_in_template(text) == []
    quoted = re.findall(r'"([^"]*)"', "".join(TAG.findall(text)))
    assert [one for one in quoted if re.search(r"[a-z]{2,} [a-z]{2,}|[\u3400-\u9fff]", one)] == []
