"""The names of functions and the signs of relations in formulas, as LaTeX."""

HEADS = {
    "ln": r"\ln",
    "tanh": r"\tanh",
    "Phi": r"\Phi",
    "sin": r"\sin",
    "cos": r"\cos",
    "sinh": r"\sinh",
    "cosh": r"\cosh",
    "arctan": r"\arctan",
    "erf": r"\operatorname{erf}",
}
RELATIONS = {"=": "=", "<": "<", "<=": r"\le", ">": ">", ">=": r"\ge"}
