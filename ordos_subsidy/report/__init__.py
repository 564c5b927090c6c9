"""From an outcome to the document that renderers paint: worded, ordered, in one language.

`report.answer.calc` says what a firm gets, `report.explaining.explain` why, `report.plan.plan` what the policy
says. Nothing is decided here: verdicts, intervals and truths are read from the outcome. Import the module you
need: `plan` needs no tables and loads no Polars.
"""
