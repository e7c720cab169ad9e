"""The marts of `floor.sql`, by SQLMesh: `python sqlmesh_marts.py split FLOOR_SQL PROJECT MB`, then `... run PROJECT`.

The project is made of the very statements of the script, each table a model, so that what differs is what SQLMesh
does with them. It runs in an environment of its own (`make sqlmesh`). The database, `marts.duckdb` in the project's
folder, holds the raw and reference tables, and gets the marts in the schema that the script gives them.
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
# Nothing is told to anybody.
disable_anonymized_analytics: true
"""


def split(script: Path, project: Path, memory_mb: int) -> None:
    """A project with a model for every table that the script makes, to be built within so much memory."""
    from sqlglot import exp, parse

    statements = parse(script.read_text(encoding="utf-8"), dialect="duckdb")
    tables = {
        one.this.name: one.expression
        for one in statements
        if isinstance(one, exp.Create) and one.kind.upper() == "TABLE"
    }
    (project / "models").mkdir(parents=True)
    config = CONFIG.format(database=project / "marts.duckdb", memory=memory_mb)
    (project / "config.yaml").write_text(config, encoding="utf-8")
    for name, query in tables.items():
        for table in query.find_all(exp.Table):
            if not table.db and table.name in tables:
                table.set("db", exp.to_identifier("floor"))
                # A column that is said to be of the table goes on being said so.
                if not table.alias:
                    table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        # As they are written: what SQLMesh would make of two joins by `using` compares all rows with all.
        about = f"name floor.{name}, kind full, optimize_query false"
        text = f"model ({about});\n\n{query.sql(dialect='duckdb', pretty=True)};\n"
        (project / "models" / f"{name}.sql").write_text(text, encoding="utf-8")


def run(project: Path) -> None:
    """Build all models as a first plan of the production environment does."""
    from sqlmesh import Context
    from sqlmesh.core.console import configure_console

    # Without one it does not say why a plan has failed.
    configure_console()
    context = Context(paths=[str(project)])
    context.plan(auto_apply=True, no_prompts=True)
    context.close()


if __name__ == "__main__":
    if sys.argv[1] == "split":
        split(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    else:
        run(Path(sys.argv[2]))
