"""How many segments, and whether there are groups at all: a CustomerTable comes in, a reasoned Advice goes out."""
