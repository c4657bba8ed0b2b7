"""Import datasets of others: their files become a data package of claims that passes our rules.

How the tables of a dataset become drafts of our tables is in its own module (`conflictdata.datasets`). Reading, numbering,
revisions and writing are common to all.
"""
