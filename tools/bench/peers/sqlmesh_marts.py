"""The marts of `floor.sql` by SQLMesh: `python sqlmesh_marts.py split FLOOR_SQL PROJECT MB`, then `... run PROJECT`.

Each statement of the script becomes a model, so that the figures differ only by what SQLMesh adds. The script runs in
an environment of its own (`make sqlmesh`). The database, `marts.duckdb` in the project's folder, contains the raw and
reference tables; the marts are written to the script's schema.
"""

import sys
from pathlib import Path

CONFIG = """\
gateways:
  here:
    connection:
      type: duckdb
      database: {database}
      connector_config:
        threads: 2
        memory_limit: {memory}MB
default_gateway: here
model_defaults:
  dialect: duckdb
# No telemetry.
disable_anonymized_analytics: true
"""


def write_project(script: Path, project: Path, memory_mb: int) -> None:
    """Write a project with a model for each table of the script and a memory limit."""
    from sqlglot import exp, parse

    statements = parse(script.read_text(encoding="utf-8"), dialect="duckdb")
    tables = {
        one.this.name: one.expression
        for one in statements
        if isinstance(one, exp.Create) and (one.kind or "").upper() == "TABLE"
    }
    (project / "models").mkdir(parents=True)
    config = CONFIG.format(database=project / "marts.duckdb", memory=memory_mb)
    (project / "config.yaml").write_text(config, encoding="utf-8")
    for name, query in tables.items():
        for table in query.find_all(exp.Table):
            if not table.db and table.name in tables:
                table.set("db", exp.to_identifier("floor"))
                # Columns are qualified by the table's name, which the new schema would hide.
                if not table.alias:
                    table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        # SQLMesh optimizes two joins by `using` into one that compares all rows with all.
        about = f"name floor.{name}, kind full, optimize_query false"
        text = f"model ({about});\n\n{query.sql(dialect='duckdb', pretty=True)};\n"
        (project / "models" / f"{name}.sql").write_text(text, encoding="utf-8")


def build_models(project: Path) -> None:
    """Build all models in a first plan of the production environment."""
    from sqlmesh import Context
    from sqlmesh.core.console import configure_console

    # Without a console the reason of a failed plan is not printed.
    configure_console()
    context = Context(paths=[str(project)])
    context.plan(auto_apply=True, no_prompts=True)
    context.close()


if __name__ == "__main__":
    if sys.argv[1] == "split":
        write_project(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        build_models(Path(sys.argv[2]))
