"""What a person reads, as blocks: the answers to `calc`, `explain`, `clauses` and `batch`, and problems.

A page is made once and painted by any painter of `render` (terminal, Markdown, HTML): pages know awards and no
format, painters know blocks and no award.
"""
