"""How the tables came to be what they are: VERSION.DATABASE.sql for each step.

What stands here never changes, as it was carried out somewhere: another version is another file, named in
`migrating.VERSIONS`.
"""
