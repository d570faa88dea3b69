"""The structure tree: what each piece of a page is to who reads it by other means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cecert.adapters.render.layout.page import Box, Element, Ink, Item
from cecert.adapters.render.pdf.content import ARTIFACT
from cecert.adapters.render.pdf.objects import Name, Objects, Ref, Value, serialised

__all__ = ["Structure"]

Marked = tuple[Element, int | None, Sequence[Item]]
"""An element, the mark of one stretch of its content, and that content."""


class Structure:
    """Builds the tree (ISO 32000-1, 14.7) page by page.

    Attributes:
        tree: Its root.
        pages: The root of the page tree.
        widget: The seal's field, where there is one.
        names: Elements whose words are a person's, and their entries but for those words.
        links: The links of the page that was begun.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.tree, self._document = objects.reserve(), objects.reserve()
        self.pages, self.widget = objects.reserve(), objects.reserve()
        self.sealed = False
        self.names: list[tuple[Ref, bytes]] = []
        self.links: list[Ref] = []
        self._kids: list[Ref] = []
        self._threads: dict[str, tuple[Ref, list[Value]]] = {}
        self._annotations: list[tuple[Ref, dict[str, Value], Ref]] = []
        self._pages: list[Ref] = []
        self._numbers: list[Value] = []
        self._page = Ref(0)
        self._parents: list[Ref] = []

    @property
    def next_mark(self) -> int:
        """The mark that the page's next content gets."""
        return len(self._parents)

    def begin(self, page: Ref) -> None:
        """Begin the structure of a page."""
        self._page, self._parents, self.links = page, [], []

    def end(self, page: Ref) -> None:
        """End the structure of the page that was begun."""
        self._numbers += [len(self._pages), self._parents]
        self._pages.append(page)

    def add(self, element: Element) -> list[Marked]:
        """Add an element of the page; return its content with its marks."""
        if element.role == ARTIFACT:
            return [(element, None, [kid for kid in element.kids if not isinstance(kid, Element)])]
        found: list[Marked] = []
        begun = self._threads.get(element.thread)
        if begun:
            table, kids = begun
            kids += [self._element(each, table, found) for each in _elements(element)]
        else:
            self._kids.append(self._element(element, self._document, found))
        return found

    def _element(self, element: Element, parent: Ref, found: list[Marked]) -> Ref:
        named = element.personal and element.actual_text
        ref = self._objects.slot() if named else self._objects.reserve()
        kids: list[Value] = []
        for part in _stretches(element):
            if isinstance(part, Element):
                kids.append(self._element(part, ref, found))
            else:
                found.append((element, self.next_mark, part))
                kids.append(self.next_mark)
                self._parents.append(ref)
        if element.link:
            kids.append({"Type": Name("OBJR"), "Obj": self._link(element, ref)})
        if element.thread:
            self._threads[element.thread] = ref, kids  # more of them on later pages
        entries = self._entries(element, parent, kids)
        if named:
            del entries["ActualText"]
            self.names.append((ref, serialised(entries)[:-2]))
        else:
            self._objects.set(ref, entries)
        return ref

    def _link(self, element: Element, ref: Ref) -> Ref:
        """Add what is clicked on, over the lines of a link (ISO 14289-1, 7.18)."""
        boxes = [each.box for each in element.kids if isinstance(each, Ink)]
        sides = (
            min(each.left for each in boxes), min(each.bottom for each in boxes),
            max(each.right for each in boxes), max(each.top for each in boxes),
        )  # fmt: skip
        annotation = self._objects.reserve()
        self.links.append(annotation)
        entries: dict[str, Value] = {
            "Type": Name("Annot"), "Subtype": Name("Link"), "F": 4, "P": self._page,
            "Rect": [round(each, 2) for each in sides], "Border": [0, 0, 0],
            "Contents": element.alt, "A": {"S": Name("URI"), "URI": element.link.encode("ascii")},
        }  # fmt: skip
        self._annotations.append((annotation, entries, ref))
        return annotation

    def _entries(self, element: Element, parent: Ref, kids: list[Value]) -> dict[str, Value]:
        entries: dict[str, Value] = {
            "S": Name(element.role), "P": parent, "Pg": self._page, "K": kids,
        }  # fmt: skip
        if element.alt:
            entries["Alt"] = element.alt
        if element.actual_text:
            entries["ActualText"] = element.actual_text
        if element.scope:
            entries["A"] = {"O": Name("Table"), "Scope": Name(element.scope)}
        if element.role == "Figure":
            entries["A"] = {
                "O": Name("Layout"),
                "BBox": _bounds(element),
                "Placement": Name("Block"),
            }
        return entries

    def close(self) -> None:
        """End the tree of a document without a seal."""
        if not self.sealed:
            self._objects.set(self.widget, None)
        for annotation, entries, element in self._annotations:
            key = len(self._numbers) // 2
            self._objects.set(annotation, {**entries, "StructParent": key})
            self._numbers += [key, element]
        pages = {"Type": Name("Pages"), "Kids": self._pages, "Count": len(self._pages)}
        self._objects.set(self.pages, pages)
        self._objects.set(self._document, {
            "S": Name("Document"), "P": self.tree, "K": self._kids,
        })  # fmt: skip
        self._objects.set(self.tree, {
            "Type": Name("StructTreeRoot"), "K": [self._document],
            "ParentTree": self._objects.add({"Nums": self._numbers}),
            "ParentTreeNextKey": len(self._numbers) // 2,
        })  # fmt: skip

    def close_with_seal(
        self, label: str, box: Box, picture: Ref, page: Ref, signature: Ref
    ) -> None:
        """Add the seal's field as a form, and end the tree.

        Args:
            label: The name of its field, for people.
            box: Its place on the page, in points.
            picture: What the field shows.
            page: The first page.
            signature: The number of what each document writes.
        """
        key = len(self._numbers) // 2
        self.sealed = True
        self._objects.set(self.widget, {
            "Type": Name("Annot"), "Subtype": Name("Widget"), "FT": Name("Sig"),
            "T": "Seal", "TU": label, "F": 132, "P": page, "StructParent": key,
            "Rect": [round(each, 3) for each in (box.left, box.bottom, box.right, box.top)],
            "AP": {"N": picture}, "V": signature,
        })  # fmt: skip
        reference = {"Type": Name("OBJR"), "Obj": self.widget, "Pg": page}
        form = self._objects.add({
            "S": Name("Form"), "P": self._document, "Pg": page,
            "K": [reference], "Alt": label,
        })  # fmt: skip
        self._kids.append(form)
        self._numbers += [key, form]
        self.close()


def _elements(element: Element) -> Iterator[Element]:
    return (kid for kid in element.kids if isinstance(kid, Element))


def _stretches(element: Element) -> Iterator[Element | list[Item]]:
    """Return the elements it holds, else all its content as one stretch."""
    items = [kid for kid in element.kids if not isinstance(kid, Element)]
    if items:
        yield items
    yield from _elements(element)


def _bounds(element: Element) -> list[float]:
    # The last thing drawn is the figure itself; what lies under it is its ground.
    box = element.kids[-1].box  # type: ignore[union-attr]  # a figure holds items
    return [round(each, 2) for each in (box.left, box.bottom, box.right, box.top)]
