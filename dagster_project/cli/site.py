"""`selfeval site`: serve the published site on this machine."""

from typing import Annotated

import typer

from dagster_project.cli.published import require_published
from dagster_project.cli.terminal import console, refuse_port


def site(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine; 0: a free one.")] = 8000,
) -> None:
    """Serve the published site on this machine until Ctrl-C."""
    from dagster_project.site import serve

    published = require_published("site").parent
    try:
        server = serve.create_release_server(published, port)
    except OSError as error:
        raise refuse_port(port, error) from None
    console.print(f"http://127.0.0.1:{server.server_port}/   (Ctrl-C ends it)")
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
