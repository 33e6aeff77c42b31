"""The pack as plain data: one `PackDocument`, built from records, drawn as Word and as HTML."""
