"""sympy at work: derivations whose every line is proven."""

from stepwise.symbolic.catalogue import derive, derive_expression
from stepwise.symbolic.model import Deduction, Facts, Passage, Relation, Remark, Slots, Step, Topic, Word
from stepwise.symbolic.topics import groups, topics

__all__ = [
    "Deduction",
    "Facts",
    "Passage",
    "Relation",
    "Remark",
    "Slots",
    "Step",
    "Topic",
    "Word",
    "derive",
    "derive_expression",
    "groups",
    "topics",
]
