"""What assistive technology gets of a page, and how things look and lie: measured, not guessed."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.visitor import Visitor

Node = dict[str, Any]

_STOPS = """() => {
  const stops = [];
  const walk = (root) => root.querySelectorAll('*').forEach((node) => {
    if (node.shadowRoot) walk(node.shadowRoot);
    if (node.tabIndex >= 0 && node.getClientRects().length && getComputedStyle(node).visibility === 'visible'
        && !node.disabled && !node.closest('[inert]'))
      stops.push((node.getAttribute('aria-label') || node.innerText || node.id || node.className).trim());
  });
  walk(document);
  return stops;
}"""
_CLIPPED = """() => {
  const root = document.querySelector('industri-chatt').shadowRoot;
  return [...root.querySelectorAll('button, p, h2, a, dt, dd, label, .text, summary, .launcher')]
    .filter((node) => node.getClientRects().length && !node.matches('.sr, .who'))
    .filter((node) => node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline'
      || node.scrollHeight > node.clientHeight + 2 && getComputedStyle(node).overflowY !== 'visible')
    .map((node) => node.innerText);
}"""
_OUTSIDE = """() => {
  const panel = document.querySelector('industri-chatt').shadowRoot.querySelector('.panel');
  const edge = panel.getBoundingClientRect();
  return [...panel.querySelectorAll('*')].filter((node) => node.getClientRects().length && !node.closest('.sr, .who'))
    .filter((node) => { const box = node.getBoundingClientRect();
      return box.right > edge.right + 1 || box.left < edge.left - 1; })
    .map((node) => `${node.tagName} ${node.innerText}`);
}"""
_DEEP = """
  let at = document.activeElement;
  while (at && at.shadowRoot && at.shadowRoot.activeElement) at = at.shadowRoot.activeElement;
"""


def tree(page: Page) -> list[Node]:
    """Chromium's accessibility tree as it stands, without what is ignored: role, name, properties."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {
            "id": node["nodeId"],
            "role": node.get("role", {}).get("value"),
            "name": node.get("name", {}).get("value", ""),
            "children": node.get("childIds", []),
            **{each["name"]: each["value"].get("value") for each in node.get("properties", [])},
        }
        for node in nodes
        if not node.get("ignored")
    ]


def found(page: Page, role: str, name: str | None = None) -> list[Node]:
    """The nodes of a role (and name) in the tree."""
    return [node for node in tree(page) if node["role"] == role and (name is None or node["name"] == name)]


def stops(page: Page) -> list[str]:
    """Everything that Tab reaches on the page, named."""
    names: list[str] = page.evaluate(_STOPS)
    return names


def clipped(page: Page) -> list[str]:
    """Texts of the widget that their box cuts off."""
    texts: list[str] = page.evaluate(_CLIPPED)
    return texts


def outside(page: Page) -> list[str]:
    """What of the open panel sticks out of it sideways."""
    nodes: list[str] = page.evaluate(_OUTSIDE)
    return nodes


def deep_tag(page: Page) -> str:
    """The tag of what has the focus, through shadow roots."""
    tag: str = page.evaluate(f"() => {{ {_DEEP} return at.tagName; }}")
    return tag


def focus_style(page: Page) -> Node:
    """Outline (width in px, colour, style) and box of what has the focus."""
    style: Node = page.evaluate(
        f"""() => {{ {_DEEP} const style = getComputedStyle(at); const box = at.getBoundingClientRect();
        const point = [box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2];
        const hit = at.getRootNode().elementFromPoint(...point);
        return {{width: parseFloat(style.outlineWidth), colour: style.outlineColor, style: style.outlineStyle,
          seen: at === hit || at.contains(hit), height: box.height, wide: box.width}}; }}"""
    )
    return style


def style_of(page: Page, selector: str, name: str) -> str:
    """A computed style inside the widget."""
    value: str = page.evaluate(
        """([selector, name]) => getComputedStyle(
        document.querySelector('industri-chatt').shadowRoot.querySelector(selector))[name]""",
        [selector, name],
    )
    return value


def launcher(visitor: Visitor) -> Any:
    """The button that opens the chat."""
    return visitor.page.locator("industri-chatt .launcher")


def contrast(one: str, other: str) -> float:
    """WCAG's contrast of two `rgb(…)` colours."""
    lights = sorted(_luminance(colour) for colour in (one, other))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
