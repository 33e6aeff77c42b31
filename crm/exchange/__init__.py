"""Records out of the product, and into it: exports of lists as CSV and Excel."""
