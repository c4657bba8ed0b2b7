"""Write seed files: format, start, append claims, draft from forms.

The counterpart of `conflictdata.seeds`. Every file is parsed again before it is written to disk.
"""
