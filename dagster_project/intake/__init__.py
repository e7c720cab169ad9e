"""Write blank templates, and read returned files into answers and problems."""
