"""The words and characters of printed LaTeX mathematics, and what each is for the evaluator."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _same(kind: str, text: str, names: str) -> dict[str, tuple[str, str]]:
    return dict.fromkeys(names.split(), (kind, text))


FUNCTIONS = _words("ln log exp tanh max min sqrt Phi phi varphi step sign sgn diag sin cos sinh cosh arctan erf")
MATRICES = _words("bmatrix pmatrix matrix smallmatrix array")
ROWS = _words("aligned split align align* gathered alignedat")
IGNORED = _words(
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr displaystyle textstyle limits nonumber "
    "notag allowbreak thinspace mathbf boldsymbol bm mathit mathsf boxed , ; : ! >"
) | {" ", "\n"}
FIRST_ARGUMENT_DROPPED = _words(
    "underset overset stackrel textcolor color tag label phantom hphantom vphantom hspace vspace"
)
NAMED = _words("text textbf textit textrm mbox mathrm operatorname")
GREEK = _words(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho varrho sigma tau "
    "upsilon chi psi omega Gamma Delta Theta Lambda Xi Sigma Upsilon Psi Omega nabla partial ell infty top"
)
COMMANDS = {
    **_same("op", "*", "times cdot"),
    **_same("op", "⊙", "odot circ"),
    **_same("op", "/", "div oslash"),
    **_same("rel", "=", "equiv triangleq coloneqq"),
    **_same("rel", "≈", "approx simeq doteq"),
    **_same("rel", "≤", "le leq leqslant"),
    **_same("rel", "≥", "ge geq geqslant"),
    **_same("rel", "≠", "ne neq"),
    **_same("rel", "<", "lt"),
    **_same("rel", ">", "gt"),
    **_same("break", "", "Rightarrow implies to rightarrow leftarrow gets mapsto iff Longrightarrow longrightarrow"),
    **_same("break", "", "Leftrightarrow Leftarrow in sim mid colon"),
    **_same("space", "", "quad qquad enspace"),
    **_same("dots", "…", "dots ldots cdots vdots ddots dotsb dotsc"),
    **_same("norm", "‖", "| Vert lVert rVert"),
    **_same("bar", "|", "vert lvert rvert"),
    **_same("frac", "", "frac dfrac tfrac"),
    **_same("open", "\\{", "{ lbrace"),
    **_same("close", "\\}", "} rbrace"),
    **_same("open", "[", "lbrack"),
    **_same("close", "]", "rbrack"),
    **_same("pi", "", "pi"),
    **_same("sum", "∑", "sum"),
}
CHARACTERS = {
    **{character: ("open", character) for character in "([{"},
    **{character: ("close", character) for character in ")]}"},
    **{character: ("op", character) for character in "+-/"},
    **{character: ("rel", character) for character in "=≈<>≤≥≠"},
    **_same("op", "*", "× · *"),
    **_same("op", "-", "−"),
    **_same("op", "⊙", "⊙"),
    **_same("column", "", "&"),
    **_same("comma", ",", ", ;"),
    **_same("space", "", "."),
    **_same("break", "", ":"),
    **_same("power", "^", "^"),
    **_same("subscript", "_", "_"),
    **_same("bar", "|", "|"),
    **_same("dots", "…", "… ⋮ ⋯"),
    **_same("letter", "'", "'"),
}
