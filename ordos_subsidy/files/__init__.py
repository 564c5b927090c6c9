"""Files as they lie on the desk: opened with care, recognised by their bytes, and taken apart into raw cells.

Nothing here knows of firms or facts. `guard.open_file` opens, `workbook` and `text` take apart, `raw` is what
comes out. Whatever is wrong with a file is a `Refused` that names the file, the place and the limit.
"""
