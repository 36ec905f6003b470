"""What an answer costs in tokens, and where it ends when they are used up."""

from __future__ import annotations

from standin.generation import Generation
from standin.replies import CHARACTERS_PER_TOKEN, Body


def billed(body: Body, generation: Generation) -> Body:
    """The body of an answer, cut where the tokens allowed are used up; thoughts count with them.

    >>> part = {"parts": [{"text": "123456789"}]}
    >>> body = {"candidates": [{"content": part}], "usageMetadata": {"totalTokenCount": 2}}
    >>> billed(body, Generation(most_tokens=11, thoughts=10))["candidates"]
    [{'content': {'parts': [{'text': '1234'}]}, 'finishReason': 'MAX_TOKENS'}]
    """
    usage = dict(body["usageMetadata"])
    room = max(generation.most_tokens - generation.thoughts, 0)
    (candidate,) = body["candidates"]
    text = "".join(part["text"] for part in candidate["content"].get("parts", ()))
    if len(text) > room * CHARACTERS_PER_TOKEN:
        cut = text[: room * CHARACTERS_PER_TOKEN]
        content = {
            key: candidate["content"][key] for key in candidate["content"].keys() - {"parts"}
        }
        candidate = candidate | {
            "content": content | ({"parts": [{"text": cut}]} if cut else {}),
            "finishReason": "MAX_TOKENS",
        }
        usage["totalTokenCount"] -= usage.pop("candidatesTokenCount", 0) - room
        usage |= {"candidatesTokenCount": room} if room else {}
    if generation.thoughts:
        usage["thoughtsTokenCount"] = min(generation.thoughts, generation.most_tokens)
        usage["totalTokenCount"] += usage["thoughtsTokenCount"]
    return body | {"candidates": [candidate], "usageMetadata": usage}
