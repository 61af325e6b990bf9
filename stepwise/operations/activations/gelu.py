"""GELU: a = z·Φ(z), a′ = Φ(z) + z·φ(z), with φ(z) = e^{−z²/2}/√(2π). Hendrycks and Gimpel, 2016."""

from stepwise.expressions import Const, Func, exp, line, ref
from stepwise.operations.activation import Activation, Bounds

_DENSITY = exp(-(ref("z") ** 2 / 2)) / Func("sqrt", 2 * Const("pi"))

GELU = Activation(
    name="gelu",
    head=r"\mathrm{GELU}",
    output=lambda p: ref("z") * line("cdf", Func("Phi", ref("z"))),
    derivative=lambda p: ref("cdf") + ref("z") * line("pdf", _DENSITY),
    bounds=lambda p: Bounds(low=Const("-0.1700"), reached=True, rounded=True),
)
