"""Mutation testing of the judgement (`make mutation`): Cosmic Ray's mutations, judged in forks of a warm process.

`python -m tests.mutation [amounts] [conditions] [evaluation] --workers N` makes the mutants, judges every one and
lists those that live; `docs/mutation.md` looks at these one by one.

| room | |
|---|---|
| operators.toml | which of Cosmic Ray's operators are used |
| judge | what a mutant must survive, and who noticed it |
| forks | a process that has loaded every library, and a fork of it for each mutant |
"""
