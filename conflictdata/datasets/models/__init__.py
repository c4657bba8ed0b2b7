"""The columns of third-party tables: one pandera model per table.

Only `datasets.compiled` loads them.
"""

from conflictdata.datasets.models import acled, acled_counts, gtd, palestine, radford, ucdp_ged, ucdp_yearly, ukraine

MODELS = {
    model.Config.name: model
    for module in (ucdp_ged, ucdp_yearly, acled, acled_counts, palestine, ukraine, radford, gtd)
    for model in module.MODELS
}  # fmt: skip
