"""Raw tables: the files of a round, their answers as typed, and their problems."""
