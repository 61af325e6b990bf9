"""The derivative of every loss by the output it judges, and of the L2 penalty by a weight.

y is the output, t the label, s a score and w a weight; the solver's own letters come in the last line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from stepwise.expressions import (
    At,
    Const,
    Derivative,
    Entry,
    Expr,
    Func,
    Line,
    Max,
    Named,
    Neg,
    Total,
    bind,
    rebuild,
    ref,
    walk,
)
from stepwise.operations.losses import LOSSES
from stepwise.operations.regularisation import REG_GRADIENT
from stepwise.symbolic.atoms import Atoms
from stepwise.symbolic.calculus import Working
from stepwise.symbolic.elementary import ONE
from stepwise.symbolic.engine import of_one
from stepwise.symbolic.function import Story
from stepwise.symbolic.model import Deduction, Passage, Relation, Remark, Slots, Step, Topic, Word
from stepwise.symbolic.point import Check
from stepwise.symbolic.subject import Subject

Part = Step | Remark
HALF = Const("1/2")
Y, T, S, W, FACTOR, LAMBDA = ref("y"), ref("t"), ref("s"), ref("w"), ref("c"), ref("lambda")
OUTPUT, LABEL = ref("a"), ref("y")
"""The letters of a worked solution."""


def ln(tree: Expr) -> Expr:
    return Func("ln", tree)


# ---- a loss of a single number


def _single(name: str, subject: Subject, meaning: tuple[Part, ...], label: Expr = T) -> Deduction:
    """A loss of one output: derived as any function, then what it means and what the solver has."""
    opening, *story = Story(subject).passages()
    opening = replace(opening, parts=(_letters(name), *opening.parts))
    own = _solver(name, subject.tree, subject.by, label)
    passages = (opening, *story, Passage("loss.meaning", meaning), Passage("solver", (own,)))
    return Deduction(name, "loss", passages, slots=_slots(name))


def _letters(name: str) -> Remark:
    """What the letters of a loss stand for."""
    i: Slots = {"i": ref("i")}
    slots: dict[str, Slots] = {
        "mse": {**i, "y": _entry("y", "i"), "t": _entry("t", "i"), "m": ref("m"), "c": FACTOR},
        "cross_entropy": {**i, "y": _entry("y", "i"), "t": _entry("t", "i"), "C": ref("C")},
        "binary_cross_entropy": {"y": Y, "t": T, "zero": Const("0"), "one": ONE},
        "neg_log_sigmoid": {"s": S},
        "hinge": {"s": S, "t": T, "plus": ONE, "minus": Const("-1")},
        "l2": {"w": _entry("w", "i"), "n": ref("n"), "strength": LAMBDA},
    }
    return Remark(f"loss.letters.{name}", slots[name])


def _slots(name: str) -> Slots:
    return {"name": Word("loss.l2" if name == "l2" else f"loss.{name}")}


def _engine(name: str, factor: Const = ONE) -> Expr:
    """∂L/∂a as the solver computes it for one output, in a and y."""
    record = LOSSES[name]
    lines = {node.name: of_one(node.arg, {}) for node in walk(record.each(factor)) if isinstance(node, Line)}
    return bind(of_one(record.derivative(factor), {}), lines)


def _solver(name: str, tree: Expr, by: Expr, label: Expr, factor: Const = ONE) -> Step:
    """∂L/∂a = …, as the last line of a page: the same with the letters of a worked solution."""
    output = Named(OUTPUT if not isinstance(by, Entry) else Entry("a", by.row, 0), by)
    truth = Named(LABEL if not isinstance(label, Entry) else Entry("y", label.row, 0), label)
    letters: dict[Expr, Expr] = {by: output, label: truth}
    loss = Named(ref("L"), _renamed(tree, letters))
    found = bind(_engine(name, factor), {"a": output, "y": truth})
    slots: Slots = {"a": output} if name == "neg_log_sigmoid" else {"a": output, "y": truth}
    rule = "solver_score" if name == "neg_log_sigmoid" else "solver_loss"
    return Step(rule, Derivative(loss, output, partial=True), (found,), slots)


def _renamed(tree: Expr, letters: Mapping[Expr, Expr]) -> Expr:
    def change(node: Expr) -> Expr | None:
        if isinstance(node, Total):
            over = {old: new for old, new in letters.items() if isinstance(old, Entry)}
            inner: dict[Expr, Expr] = {_at(old, node.letter): _named_at(new, node.letter) for old, new in over.items()}
            return Total(node.letter, node.size, _renamed(node.arg, inner))
        return letters.get(node)

    result: Expr = rebuild(tree, change)
    return result


def _at(entry: Expr, place: str) -> Entry:
    assert isinstance(entry, Entry)
    return Entry(entry.name, place, 0)


def _named_at(named: Expr, place: str) -> Named:
    assert isinstance(named, Named)
    return Named(_at(named.symbol, place), _at(named.meaning, place))


def _binary_cross_entropy() -> Deduction:
    tree = Neg(T * ln(Y) + (1 - T) * ln(1 - Y))
    subject = Subject("L", tree, Y, {"t": "1"}, labels=True, places=(Fraction(4, 5),))
    goal = Derivative(Named(ref("L"), tree), Y, partial=True)
    slots: Slots = {"y": Y, "t": T, "one": Const("1"), "zero": Const("0")}
    meaning = (
        Step("loss.fraction", goal, ((Y - T) / (Y * (1 - Y)),), {"y": Y}),
        Remark("loss.natural"),
        Remark("loss.binary", slots),
    )
    return _single("binary_cross_entropy", subject, meaning)


def _neg_log_sigmoid() -> Deduction:
    subject = Subject("L", Neg(ln(1 / (1 + Func("exp", Neg(S))))), S, labels=True)
    meaning = (Remark("loss.natural"), Remark("loss.score", {"s": S, "zero": Const("0"), "minus": Const("-1")}))
    return _single("neg_log_sigmoid", subject, meaning)


def _hinge() -> Deduction:
    subject = Subject("L", Max(Const("0"), 1 - T * S), S, {"t": "1"}, labels=True, places=(Fraction(1, 2),))
    margin: Slots = {"margin": T * S, "one": ONE}
    corner: Slots = {"corner": Relation(T * S, "=", ONE), "inside": Neg(T), "safe": Const("0")}
    meaning = (Remark("loss.corner", corner), Remark("loss.margin", margin))
    return _single("hinge", subject, meaning)


# ---- a loss that is a sum over outputs or weights


class Summed(Struct, frozen=True):
    """head = Σ term, where `term` is what one place adds; `scalar` and `at` are its example in a single number."""

    name: str
    head: str
    size: str
    letter: str
    term: Callable[[str], Expr]
    factor: Expr | None
    """A number in front of the sum."""
    example: Subject
    meaning: tuple[Part, ...]

    @property
    def by(self) -> Entry:
        return Entry(self.letter, "j", 0)

    @property
    def whole(self) -> Named:
        total = Total("i", self.size, self.term("i"))
        tree = total if self.factor is None else Neg(total) if self.factor == Neg(ONE) else self.factor * total
        return Named(ref(self.head), tree)

    @property
    def share(self) -> Expr:
        """What place j adds."""
        term = self.term("j")
        return term if self.factor is None else Neg(term) if self.factor == Neg(ONE) else self.factor * term


def _summed(topic: Summed, last: Callable[[Expr, Expr], list[Part]]) -> Deduction:
    """Only the term of place j depends on its letter; the rest is as for one number."""
    goal, atoms = Derivative(topic.whole, topic.by, partial=True), Atoms()
    slots: Slots = {"where": Relation(ref("i"), "=", ref("j")), "by": topic.by}
    working = Working(topic.by, atoms, taken="cjyt", partial=True)
    only = Step("only_term", goal, (Derivative(topic.share, topic.by, partial=True),), slots)
    found = working.take(working.of(topic.share), topic.share)
    therefore = Step("therefore", goal, (found,))
    definition = Step("definition", topic.whole, (topic.whole.meaning,), {"f": topic.whole})
    passages = (
        Passage("definition", (_letters(topic.name), definition)),
        Passage("rules", (only, *working.steps, therefore)),
        Passage("check", _example(topic.example)),
        Passage("loss.meaning", topic.meaning),
        Passage("solver", tuple(last(goal, found))),
    )
    return Deduction(topic.name, "loss", passages, slots=_slots(topic.name))


def _example(subject: Subject) -> tuple[Part, ...]:
    """The same in a single number, with numbers put in."""
    atoms = Atoms()
    f = subject.named()
    working = Working(subject.by, atoms, partial=True)
    found = working.take(subject.goal_of(f), subject.tree)
    return (Remark("loss.one_term", {"L": f}), *Check(subject, f, found, found, atoms).parts([]))


def _mse() -> Deduction:
    def last(goal: Expr, found: Expr) -> list[Part]:
        half = At(goal, "c", HALF)
        step = Step(
            "loss.half", Named(goal, half), (_entry("y") - _entry("t"),), {"where": Relation(FACTOR, "=", HALF)}
        )
        solver = _solver("mse", topic.whole.meaning, _entry("y"), _entry("t"), HALF)
        return [step, Step("solver_loss", Named(solver.left, At(solver.left, "c", HALF)), solver.right, solver.slots)]

    example = Subject("L", FACTOR * (Y - T) ** 2, Y, {"c": "1/2", "t": "1"}, labels=True, places=(Fraction(4, 5),))
    meaning = (Remark("loss.squared", {"y": _entry("y"), "t": _entry("t")}),)
    topic = Summed(
        "mse", "L", "m", "y", lambda i: (_entry("y", i) - _entry("t", i)) ** 2, FACTOR, example, meaning
    )  # fmt: skip
    return _summed(topic, last)


def _cross_entropy() -> Deduction:
    def last(goal: Expr, found: Expr) -> list[Part]:
        return [_solver("cross_entropy", topic.whole.meaning, _entry("y"), _entry("t"))]

    example = Subject("L", Neg(T * ln(Y)), Y, {"t": "1"}, labels=True, places=(Fraction(7, 10),))
    slots: Slots = {"y": _entry("y"), "t": _entry("t"), "zero": Const("0"), "one": ONE}
    meaning = (Remark("loss.natural"), Remark("loss.true_class", slots))
    topic = Summed(
        "cross_entropy", "L", "C", "y", lambda i: _entry("t", i) * ln(_entry("y", i)), Neg(ONE), example, meaning
    )  # fmt: skip
    return _summed(topic, last)


def _l2() -> Deduction:
    def last(goal: Expr, found: Expr) -> list[Part]:
        tree = bind(REG_GRADIENT.tree, {"W": _entry("w"), "lambda": LAMBDA})
        return [Step("solver_l2", goal, (tree,), {"w": _entry("w")})]

    w, eta = _entry("w"), ref("eta")
    example = Subject("R", LAMBDA / 2 * W**2, W, {"lambda": "0.1"}, labels=True, places=(Fraction(3, 2),))
    shrink = Step(
        "loss.decay", w - eta * (LAMBDA * w), ((1 - eta * LAMBDA) * w,), {"eta": eta, "factor": 1 - eta * LAMBDA}
    )
    topic = Summed("l2", "R", "n", "w", lambda i: _entry("w", i) ** 2, LAMBDA / 2, example, (shrink,))
    return _summed(topic, last)


def _entry(letter: str, place: str = "j") -> Entry:
    return Entry(letter, place, 0)


_BUILDERS: Mapping[str, Callable[[], Deduction]] = {
    "mse": _mse,
    "binary_cross_entropy": _binary_cross_entropy,
    "cross_entropy": _cross_entropy,
    "neg_log_sigmoid": _neg_log_sigmoid,
    "hinge": _hinge,
    "l2": _l2,
}

TOPICS = tuple(Topic(name, "loss", build, _slots(name), "losses") for name, build in _BUILDERS.items())
