"""Type a return into blanks in LibreOffice: `python3 type_in_libreoffice.py SOFFICE FOLDER`.

Runs in a Python with LibreOffice's `uno` module, such as Debian's own, and imports nothing of the warehouse. Reads
`answers.json`, `blank.xlsx` and `blank.docx` in FOLDER; writes `typed.xlsx`, `typed.ods` and `typed.docx`.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException


def main(office: str, folder: Path) -> None:
    """Start LibreOffice, type, save, and end it."""
    pipe = f"typing-{folder.parent.name}-{folder.name}"
    program = subprocess.Popen(
        [
            office,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--headless",
            "--norestore",
            f"--accept=pipe,name={pipe};urp;",
        ]
    )
    try:
        desktop = connected(pipe)
        answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
        book = opened(desktop, folder / "blank.xlsx")
        type_into_workbook(book, answers)
        saved(book, folder / "typed.xlsx", "Calc MS Excel 2007 XML")
        saved(book, folder / "typed.ods", "calc8")
        book.close(True)
        document = opened(desktop, folder / "blank.docx")
        type_into_document(document, answers)
        saved(document, folder / "typed.docx", "MS Word 2007 XML")
        document.close(True)
    finally:
        program.terminate()
        program.wait(30)


def connected(pipe: str) -> Any:
    """LibreOffice's desktop, as soon as it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(240):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.25)
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise TimeoutError("LibreOffice did not start within a minute")


def opened(desktop: Any, path: Path) -> Any:
    """A file, without a window."""
    return desktop.loadComponentFromURL(
        path.as_uri(), "_blank", 0, (PropertyValue(Name="Hidden", Value=True),)
    )


def saved(document: Any, path: Path, form: str) -> None:
    """Save in a format, as "Save as" does."""
    document.storeToURL(path.as_uri(), (PropertyValue(Name="FilterName", Value=form),))


def type_into_workbook(book: Any, answers: Any) -> None:
    """Every value as it would be typed: LibreOffice makes a date or a number of what looks like one."""
    for label, value in answers["cover"].items():
        cover = book.Sheets.getByIndex(0)
        cover.getCellByPosition(1, row_of(cover, label)).FormulaLocal = value
    table = book.Sheets.getByIndex(1)
    for number, (rating, comment) in answers["questions"].items():
        row = row_of(table, number)
        table.getCellByPosition(2, row).FormulaLocal = rating
        table.getCellByPosition(3, row).FormulaLocal = comment


def row_of(sheet: Any, label: str) -> int:
    """The row that begins with a text."""
    return next(row for row in range(200) if sheet.getCellByPosition(0, row).String == label)


def type_into_document(document: Any, answers: Any) -> None:
    """Cover and comments as text; a rating is chosen in its list."""
    tables = [document.TextTables.getByIndex(number) for number in range(document.TextTables.Count)]
    for table in tables:
        for name in table.CellNames:
            if not name.startswith("A"):
                continue
            label, row = table.getCellByName(name).String, name[1:]
            if label in answers["cover"]:
                table.getCellByName(f"B{row}").String = answers["cover"][label]
            elif label in answers["questions"]:
                rating, comment = answers["questions"][label]
                if rating:
                    choose(table.getCellByName(f"C{row}"), rating)
                table.getCellByName(f"D{row}").String = comment


def choose(cell: Any, rating: str) -> None:
    """Choose an entry of the list in a cell, which takes the place of its prompt."""
    paragraph = cell.createEnumeration().nextElement()
    portions = paragraph.createEnumeration()
    while portions.hasMoreElements():
        portion = portions.nextElement()
        if portion.TextPortionType == "ContentControl":
            control = portion.ContentControl
            offered = {
                entry.Value for item in control.ListItems for entry in item if entry.Name == "DisplayText"
            }
            assert rating in offered, f"{rating} is not one of {offered}"
            control.setPropertyValue("ShowingPlaceHolder", False)
            prompt = control.createEnumeration().nextElement()
            prompt.String = rating
            return
    raise AssertionError("the list is gone")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
