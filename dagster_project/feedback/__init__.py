"""What goes back to committees: for each one with problems, what to mend and where. Never part of a release."""
