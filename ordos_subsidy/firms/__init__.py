"""A file to firms: what a user fills in, checked and turned into two tables.

`files` has opened the file and taken it apart; `layout`, `grids`, `forms` and `toml` find out what stands
where, `columns` gives the cells their types, `join` brings firms and events together; `reading` is the way in, and
`tables` says what comes out. Nothing is imported here, so that a caller who needs no polars loads none.
"""
