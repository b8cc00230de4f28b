"""Web folders of the fronts and fonts, found by entry points; and the page at `/` that says where everything is."""

from collections.abc import Awaitable, Callable
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse

from hub.problems import Unknown

#: Nothing on any page comes from elsewhere; old TV browsers need the socket schemes spelled out.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws: wss:; style-src 'self';"
    " script-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",  # for browsers that do not know frame-ancestors
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
PAGE_HEADERS = {**HEADERS, "Cache-Control": "no-cache"}

#: Pages of the hub itself, by their address.
OWN_PAGES = {"/": "index.html", "/login": "login.html", "/manage": "manage.html"}


def mount_pages(app: FastAPI) -> None:
    """`/<name>/…` shows the folder's index.html, `/<name>/-/<file>` its files, `/fonts/<name>` the packaged fonts."""
    router = APIRouter(include_in_schema=False)
    for point in entry_points(group="hall.web"):
        _mount(router, point.name, Path(str(files(point.value))))
    fonts = {point.name: point for point in entry_points(group="hall.fonts")}

    @router.get("/fonts/{name}")
    async def font(name: str) -> Response:
        if name not in fonts:
            raise Unknown("page", f"/fonts/{name}")
        path: Path = fonts[name].load()()
        return FileResponse(path, headers={**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"})

    own = Path(str(files("hub.web")))
    _mount(router, "home", own)
    for name, file in OWN_PAGES.items():
        router.add_api_route(name, _shows(own, file), methods=["GET"])

    app.include_router(router)


def _shows(folder: Path, file: str) -> Callable[[], Awaitable[Response]]:
    async def show() -> Response:
        return page(folder, file)

    return show


def page(folder: Path, name: str) -> Response:
    """A file of a web folder. Raises Unknown for anything that is not in it."""
    path = (folder / name).resolve()
    if not path.is_file() or folder.resolve() not in path.parents or path.suffix in (".py", ".pyc"):
        raise Unknown("page", name)
    return FileResponse(path, headers=PAGE_HEADERS)


def _mount(router: APIRouter, name: str, folder: Path) -> None:
    @router.get(f"/{name}/-/{{file:path}}")
    async def asset(file: str) -> Response:
        return page(folder, file)

    @router.get(f"/{name}")
    @router.get(f"/{name}/{{rest:path}}")
    async def index(request: Request, rest: str = "") -> Response:
        return page(folder, "index.html")
