"""One result, many formats: a result comes in, the columns of a table or the bytes of a file go out.

Each statistic of segments is one entry of ``SUMMARY_COLUMNS`` and each format one entry of ``FORMATS``; everything that
shows or writes them loops over these lists.
"""
