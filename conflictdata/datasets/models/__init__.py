"""The columns of third-party tables: one pandera model per table.

Only `datasets.compiled` loads them.
"""

from conflictdata.datasets.models import acled, palestine, radford, ucdp_ged, ukraine

MODELS = {
    model.Config.name: model
    for module in (ucdp_ged, acled, palestine, ukraine, radford)
    for model in module.MODELS
}  # fmt: skip
