"""Files opened with care, recognised by their bytes, and taken apart into cells; nothing here knows of firms or facts.

`guard.open_file` opens; `workbook` (in a child process) and `text` take apart; `grid` holds what a cell may be.
Whatever is wrong with a file is a `Refused` that names the file, the place and the limit.
"""
