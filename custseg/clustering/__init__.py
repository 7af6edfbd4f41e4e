"""Groups of customers: a CustomerTable and a Recipe come in, a frozen Segmentation goes out.

It holds what makes features comparable, the engines that run K-Means, and the indices that say how well segments fit.
"""
