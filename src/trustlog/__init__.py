"""trustlog: a private coaching journal for recruiters.

One way through the program:

    words -> main -> app -> commands -> services -> store   (SQLite, the only SQL)
                                                 -> domain  (the ideas: pure)
    words <- view <- value                       -> playbook (the words: TOML)

`session` hands a command what one run knows; `ui` is the terminal, `formats` the
text of other programs; `errors`, `files`, `settings` and `clock` stand beside the
layers. Imports point down only.
"""

__version__ = "0.2.0"
