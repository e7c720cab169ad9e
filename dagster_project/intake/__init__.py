"""The template: from the reviewed question set to a blank return, and back from a returned file to its answers."""
