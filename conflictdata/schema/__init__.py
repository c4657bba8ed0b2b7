"""Definition of the records: models, vocabularies, and the files made from them."""

import warnings

# If pyspark is installed, pandera imports pyspark.pandas, which warns about pandas 3. Nothing here uses pyspark.pandas.
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
