"""Files of units, contacts, wards and rules that an administrator hands over: CSV or XLSX -> rows, with a preview."""
