"""A seed as an editor sees it: YAML 1.2 with the core schema.

The seed reader sees only text.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_NULL = re.compile(r"(?:null|Null|NULL|~)?\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]+\Z|0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z|[-+]?\.(?:inf|Inf|INF)\Z|\.(?:nan|NaN|NAN)\Z"
)


def parse_as_editor(text: str) -> Any:
    """Parse YAML to blocks with text keys, lists, text, numbers, true, false and null."""
    root = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    return None if root is None else _convert_node(root)


def _convert_node(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _convert_node(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_convert_node(item) for item in node.value]
    return node.value if node.style else _convert_scalar(node.value)


def _convert_scalar(text: str) -> Any:
    if _NULL.match(text):
        return None
    if _BOOL.match(text):
        return text.lower() == "true"
    if _INT.match(text):
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _FLOAT.match(text):
        return float(
            text.replace(".inf", "inf")
            .replace(".Inf", "inf")
            .replace(".INF", "inf")
            .replace(".nan", "nan")
            .replace(".NaN", "nan")
            .replace(".NAN", "nan")
        )
    return text


def is_read_differently(tree: Any) -> bool:
    """Return whether an editor reads null, true or false in a tree.

    The seed reader reads these words as text.
    """
    if isinstance(tree, dict):
        return any(map(is_read_differently, tree.values()))
    if isinstance(tree, list):
        return any(map(is_read_differently, tree))
    return tree is None or isinstance(tree, bool)
