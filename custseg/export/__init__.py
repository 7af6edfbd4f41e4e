"""One result, many formats: a result comes in, the columns of a table or the bytes of a file go out.

A statistic of segments is one entry of ``SUMMARY_COLUMNS``, a format one entry of ``FORMATS``; all that shows or writes
them loops over these.
"""
