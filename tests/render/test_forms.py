"""All forms of a report together: the same figures to the digit, told apart by content, chosen by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from keguan.core.errors import InputError, UsageError
from keguan.core.text import LANGUAGES, Language
from keguan.render.charts import pictures as charts
from keguan.render.charts.draw import draw
from keguan.render.charts.pictures import Pictures
from keguan.render.charts.plot import Drawing
from keguan.render.charts.svg import svg
from keguan.render.forms import FORMS, MOST_BYTES, chosen, read_file, templates
from keguan.render.marks import differences
from keguan.render.pptx.fit import MOST_ROWS
from keguan.render.pptx.plan import plan
from keguan.report.compose import compose
from keguan.report.document import Document, FigureBlock, TableBlock
from keguan.report.manifest import cell_element
from keguan.report.recipe import load_recipe
from report import sample


def document(language: Language) -> Document:
    return compose(sample.results(), sample.analyses(), load_recipe("monthly"), language, sample.context())


@pytest.fixture(scope="module", params=LANGUAGES)
def files(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Document, dict[str, Path]]:
    """One document in all forms, its charts drawn once."""
    made = document(request.param)
    pictures = Pictures(made)
    folder = tmp_path_factory.mktemp(f"forms-{request.param}")
    paths = {}
    for name, form in FORMS.items():
        paths[name] = folder / f"report{form.suffixes[0]}"
        paths[name].write_bytes(form.write(made, pictures).content)
    return made, paths


def promised(form: str, made: Document) -> set[str]:
    """Elements of the manifest that a form owes its reader."""
    everything = set(made.manifest["items"])
    if form == "pptx":
        return _on_slides(made)
    paper = set(made.on_paper())
    assert paper < everything
    return paper


def _on_slides(made: Document) -> set[str]:
    """Sentences of body and summary, cards, and of each table that a slide bears the rows and columns placed there:
    a table that a slide holds whole is placed whole."""
    items = made.manifest["items"]
    owed = {name for name in items if name.startswith("claim:") and not name.endswith("@evidence")}
    owed |= {name for name in items if name.endswith(("@card", "@change"))}
    parts = [part for slide in plan(made).slides for part in getattr(slide, "parts", ())]
    placed = {part.table.ref for part in parts}
    small = {
        block.ref for block in made.blocks() if isinstance(block, TableBlock) and len(block.rows) <= MOST_ROWS
    }
    assert small
    assert small <= placed
    for part in parts:
        columns = [part.table.columns[place].name for place in part.columns]
        owed |= {cell_element(part.table.ref, row.key, name, "body") for row in part.rows for name in columns}
    return owed


def test_every_form_shows_the_figures_of_the_manifest_to_the_digit(
    files: tuple[Document, dict[str, Path]],
) -> None:
    """covers: L5. Each element that a form owes is there, and whatever it shows is as the manifest has it."""
    made, paths = files
    wanted = made.manifest["items"]
    for name, path in paths.items():
        form, marked = read_file(path)
        assert form.name == name
        assert marked.document == made.manifest["document_id"]
        owed = promised(name, made)
        for kind in ("claim:", "cell:"):
            assert sum(element.startswith(kind) for element in owed) > 5, (name, kind)
        assert owed - set(marked.items) == set(), name
        shown = {element: text for element, text in marked.items.items() if element in wanted}
        assert shown == {element: wanted[element] for element in shown}, name


def test_charts_are_drawn_once_for_all_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Five forms of one document share their pictures: each chart is laid out once and drawn once."""
    laid_out: list[str] = []
    drawn: list[str] = []

    def counted_draw(block: FigureBlock, language: Language, currency: str) -> Drawing:
        laid_out.append(block.ref)
        return draw(block, language, currency)

    def counted_svg(drawing: Drawing, title: str, prefix: str) -> str:
        drawn.append(prefix)
        return svg(drawing, title, prefix)

    monkeypatch.setattr(charts, "draw", counted_draw)
    monkeypatch.setattr(charts, "svg", counted_svg)
    made = document("zh")
    pictures = Pictures(made)
    for form in FORMS.values():
        form.write(made, pictures)
    figures = {block.ref for block in made.blocks() if isinstance(block, FigureBlock)}
    assert sorted(laid_out) == sorted(figures)
    assert len(drawn) == len(set(drawn)) == len(figures)


def test_the_same_document_gives_the_same_bytes_in_every_form(
    files: tuple[Document, dict[str, Path]],
) -> None:
    made, paths = files
    for name, path in paths.items():
        again = FORMS[name].write(made, Pictures(made)).content
        assert again == path.read_bytes(), name


def test_what_a_form_shows_agrees_with_itself_and_not_with_another_document(
    files: tuple[Document, dict[str, Path]],
) -> None:
    made, paths = files
    for name, path in paths.items():
        marked = read_file(path)[1]
        assert differences(marked, marked) == ()
        other = document("en" if made.language == "zh" else "zh")
        foreign = FORMS[name].read(FORMS[name].write(other, Pictures(other)).content, name)
        assert any(item.kind == "claim" for item in differences(marked, foreign)), name


def test_a_form_is_told_by_content_whatever_the_name(
    files: tuple[Document, dict[str, Path]], tmp_path: Path
) -> None:
    for name, path in files[1].items():
        renamed = tmp_path / f"{name}.bin"
        renamed.write_bytes(path.read_bytes())
        assert read_file(renamed)[0].name == name


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03\x04" + b"\0" * 100, b"%PDF-1.7\n", b"\x00" * 1000, b"<p>"]
)
@pytest.mark.parametrize("suffix", [".html", ".pdf", ".docx", ".pptx", ".xlsx", ""])
def test_a_file_that_is_no_report_is_a_sentence(content: bytes, suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_file(file)
    assert caught.value.paragraph("zh") != caught.value.paragraph("en")


def test_a_file_beyond_any_report_is_not_read(tmp_path: Path) -> None:
    for form in FORMS.values():
        file = tmp_path / f"large{form.suffixes[0]}"
        with file.open("wb") as out:
            out.truncate(MOST_BYTES + 1)
        with pytest.raises(InputError, match="MB"):
            read_file(file)


def test_forms_are_chosen_by_a_list_and_wrong_ones_are_named() -> None:
    assert [form.name for form in chosen(" PDF,html ,pdf")] == ["pdf", "html"]
    for wrong in ("odt", "html,odt", " , ", ""):
        with pytest.raises(UsageError) as caught:
            chosen(wrong)
        assert "docx" in caught.value.paragraph("en")


def test_templates_are_told_by_their_names() -> None:
    assert templates([Path("a.docx"), Path("b.PPTX")]) == {"docx": Path("a.docx"), "pptx": Path("b.PPTX")}
    for wrong in ("a.xlsx", "a.html", "a"):
        with pytest.raises(InputError):
            templates([Path(wrong)])
    with pytest.raises(UsageError, match=r"a\.docx, b\.docx"):
        templates([Path("a.docx"), Path("b.docx")])
