"""What the files of a `.factory/` folder may say: models, and beside each key the rule by which it is merged.

They are the one source of the JSON Schemas in `generated/`, of `docs/settings.md`, and so of all checking,
merging, completion and hover. Nothing imports them at run time (see `droid.settings.schema_tree`); run
`make generate` after a change.
"""
