"""JSON Schemas of the seed files, for editors that complete and check YAML while somebody types.

Generated from the models, the vocabularies and the reader's own tables of keys; `schemas/seed-*.schema.json` are the committed
copies. They are draft-07, which the YAML language server (VS Code, Neovim, Emacs and others) and JetBrains read best. What JSON
Schema cannot say (a sum, a reference to another record, a name that stands twice) stays with `conflictdata validate`.
"""

from conflictdata.devtools.seed_schemas.files import SCHEMAS, render_files

__all__ = ["SCHEMAS", "render_files"]
