"""What is wrong with a ledger, and by how many mu each defect could move its figures."""
