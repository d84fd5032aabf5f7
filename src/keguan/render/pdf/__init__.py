"""The PDF form: pages set by typst from a document held as data, and read back with pdfium."""
