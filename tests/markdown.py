"""What a reader sees of a Markdown text: the tags that came out, and the text between them."""

from __future__ import annotations

from html.parser import HTMLParser

from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin


def rendered(markdown: str, *, html: bool) -> tuple[set[str], str]:
    """Render as Panel's Markdown pane does, or with HTML allowed as some notebooks do; return tags and text."""
    parser = MarkdownIt("gfm-like", {"html": html}).use(deflist_plugin).use(footnote_plugin).use(tasklists_plugin)
    page = _Page()
    page.feed(parser.render(markdown))
    page.close()
    return page.tags, " ".join(page.text.split())


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.tags.update(f"{tag} {name}" for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.text += data
