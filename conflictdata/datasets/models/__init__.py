"""The columns of other people's tables: one pandera model each, read by `feeds.compiled` alone."""

from conflictdata.datasets.models import acled, palestine, radford, ucdp_ged, ukraine

MODELS = {
    model.Config.name: model
    for module in (ucdp_ged, acled, palestine, ukraine, radford)
    for model in module.MODELS
}  # fmt: skip
