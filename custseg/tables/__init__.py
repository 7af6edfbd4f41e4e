"""What came in, and what it means: a file, a dataframe or a connection comes in, a checked CustomerTable goes out.

Each column is read once. What a column is for, what a row is, how sound the table is, and customers made of purchases
are decided here, so that no later wing looks at a cell again.
"""
