"""The report in every form: sentences and tables are the same in all of them."""
