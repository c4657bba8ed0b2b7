"""Import third-party datasets as data packages of claims.

A module per dataset in `conflictdata.datasets` converts its tables to drafts of ours. This package does the rest:
reading, numbering, revisions and writing.
"""
