"""From purchases to customers: orders, or lines of orders, come in, one row a customer goes out (RFM).

Recency, frequency and monetary value are the classic measures of Hughes ("Strategic Database Marketing", 1994). DuckDB
computes them, so that the purchases are never in Python's memory.
"""
