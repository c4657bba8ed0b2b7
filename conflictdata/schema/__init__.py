"""What a record must be: models, vocabularies, rules, and everything that is made from them."""

import warnings

# pandera imports pyspark.pandas where pyspark is installed, and that says that it does not know pandas 3. Nothing here uses it.
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
