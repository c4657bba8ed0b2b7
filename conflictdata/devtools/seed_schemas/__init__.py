"""JSON Schemas of the seed files, for editors that complete and check YAML.

Generated from the models, the vocabularies and the reader's tables of keys. `schemas/seed-*.schema.json` are the
committed copies. They use draft-07, which the YAML language server (VS Code, Neovim, Emacs and others) and JetBrains
support best. JSON Schema cannot express sums, references to other records, or duplicate names: `conflictdata validate`
checks those.
"""

from conflictdata.devtools.seed_schemas.files import SCHEMAS, render_files

__all__ = ["SCHEMAS", "render_files"]
