"""Every id that a report can hold, explained: why, severity, fields, waiver, a bad and a good example, the fix.

What is shown comes from one file, `rules.json`, so that explaining loads neither the rules nor a frame library. The file
is generated (`collect`) from the registries of rules, from `examples/*.yaml`, which are written by hand, and from
`examples/told.json`: what the checks say of each bad example, written by the tests that try the examples.
"""

from conflictdata.explaining.entries import Entry, Shown, Told, entries, find

__all__ = ["Entry", "Shown", "Told", "entries", "find"]
