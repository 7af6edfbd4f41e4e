"""A segmentation in, a document out: JSON that holds what scores customers, and from which it is loaded again."""
