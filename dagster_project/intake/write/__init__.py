"""Blank and filled templates as workbooks and documents."""
