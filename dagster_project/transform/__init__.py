"""The dbt project as assets and checks. No business rule lives here: they are SQL, in `dbt/`."""
