"""The report of an experiment: one page, a Markdown file and tables, made from the records of its runs."""
