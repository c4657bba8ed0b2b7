"""Questions to the claims: tolls over time, windows, rival claims, sums, revisions, and what was known on a day.

One module per operation. The operations take and return pandas; everything below them works on plain records, so that
the command line needs no pandas. An operation that has no answer raises `Refused` with a code.
"""
