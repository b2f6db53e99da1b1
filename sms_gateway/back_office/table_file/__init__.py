"""Tables that offices hand over: CSV, XLSX or JSON -> the row of column names and the rows below it, within bounds."""
