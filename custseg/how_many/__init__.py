"""How many segments to use, and whether there are natural groups: a CustomerTable comes in, an Advice goes out."""
