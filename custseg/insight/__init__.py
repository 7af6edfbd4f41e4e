"""What each segment is, in numbers: a Segmentation comes in; Profile, Certainty, Rules and more go out, all frozen."""
