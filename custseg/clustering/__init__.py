"""Groups of customers: a CustomerTable and a Recipe come in, a frozen Segmentation goes out.

It makes features comparable, runs K-Means with one of its engines, and measures how well segments fit.
"""
