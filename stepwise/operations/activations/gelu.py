"""GELU: a = z·Φ(z), a′ = Φ(z) + z·φ(z), with φ(z) = e^{−z²/2}/√(2π). Hendrycks and Gimpel, 2016."""

from stepwise.expressions import Const, Func, exp, line, ref
from stepwise.operations.activation import Activation, Bounds
from stepwise.operations.operation import made, made_in

_DENSITY = exp(-(ref("z") ** 2 / 2)) / Func("sqrt", 2 * Const("pi"))

GELU = Activation(
    name="gelu",
    head=r"\mathrm{GELU}",
    output=lambda p: ref("z") * line("cdf", Func("Phi", ref("z"))),
    derivative=lambda p: ref("cdf") + ref("z") * line("pdf", _DENSITY),
    bounds=lambda p: Bounds(low=Const("-0.1700"), reached=True, rounded=True),
    mistakes=lambda p: made(forgot_factor_z=ref("cdf")) + made_in("cdf", density_for_distribution=_DENSITY),
    derivative_mistakes=lambda p: (
        made(forgot_product_rule=ref("cdf"), forgot_factor_z=ref("cdf") + ref("pdf"))
        + made_in(
            "pdf",
            forgot_normalising_factor=exp(-(ref("z") ** 2 / 2)),
            forgot_half=exp(-(ref("z") ** 2)) / Func("sqrt", 2 * Const("pi")),
        )
    ),
)
