"""Two results, or two moments: two Segmentations, or one and a later table, come in; who moved and why goes out."""
