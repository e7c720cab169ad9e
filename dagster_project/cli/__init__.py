"""The `selfeval` command: one module per sub-command."""
