"""Collaborations between clusters: facts, with who stated and who confirmed them."""
