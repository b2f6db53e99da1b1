"""How rows are shown: names of readings and data codings, cells of files, places in a list."""
