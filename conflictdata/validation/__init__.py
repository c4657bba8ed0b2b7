"""Validate seeds, tables, packages and files of other datasets.

The course of a check, each step built once:

1. `api` finds out what a path is. `table_files` finds the table that a file holds, `table_sets` which tables are checked together.
2. `checked_table.report_cells` reads the cells of a table into their types and reports those that it cannot read (`cells`).
3. `evaluate.evaluate_rules` evaluates the rules. Row rules of one table share a pass.
4. `checked_table.report_result` words the failures of a rule (`evaluate.make_rule_finding`), without those that follow from an
   earlier finding (`suppression`).
5. Waivers and flags cover findings (`waivers`, `published_flags`).

`pipeline` takes our own tables through it, `dataset_files` those of others. A table that does not fit into memory is scanned:
`scan.own_tables` takes our own tables through the same course in chunks; `scan.run` passes over the rows of others once, and
`scan.verdicts` takes the suspicious ones through the same steps.
"""
