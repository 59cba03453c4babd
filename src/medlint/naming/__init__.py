"""Names what rewrites are about in the words of the sentence that they replace."""
