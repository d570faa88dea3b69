"""Names of programs that sit in a meeting and take notes: they are nobody's presence.

A note-taker stays when its owner has left, and joins when its owner does not, under a name that
may hold the owner's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["is_note_taker"]

_PRODUCTS = (
    r"avoma|bluedot|chorus|circleback|equal time|fathom|fellow|fireflies|gong|grain|granola|jamie"
    r"|krisp|laxis|meetgeek|meetjamie|nyota|otter|read|sembly|spinach|supernormal|tactiq|tldv|tl;dv"
    r"|airgram|notta|noota|zoom|sybill|fyxer|plaud|rev|claap|leexi"
)
_NOTE_TAKER = re.compile(
    rf"\b({_PRODUCTS})([. ]ai|[. ]io)\b"
    rf"|\b({_PRODUCTS}|ai|notes?|meeting|recording|transcription|webinar)(?:'?s)?[ -]"
    r"(note[ -]?taker|assistant|bot|companion|notes|recorder|scribe|summary|transcriber|pilot)\b"
    r"|\bnote[ -]?takers?\b|\botter ?pilot\b|\bfireflies\b|\bmeet ?geek\b|\btl[;.]?dv\b"
    r"|\bai (companion|meeting|recorder|minutes|summary|transcript)\b"
    r"|\b(ki|ai|ia)[ -]?(notiz\w*|protokoll\w*|notulist|assistente?|assistant)\b"
    r"|\b(preneur de notes|tomador de notas|anotador de ia|asistente de ia|assistente de ia)\b"
    r"|\bcopilot\b|議事録|会议助手|會議助手"
)


@lru_cache(maxsize=8_192)
def is_note_taker(name: str) -> bool:
    """Say whether a display name is that of a program that takes notes, whosever it is.

    >>> [is_note_taker(each) for each in ("Ana Ruiz's Otter.ai", "Fireflies.ai Notetaker Ben")]
    [True, True]
    >>> [is_note_taker(each) for each in ("Jan Otter", "Li Gong", "Ana Ruiz | Acme.ai", "Jan Bot")]
    [False, False, False, False]
    """
    text = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    text = text.replace("\u2019", "'")
    return bool(_NOTE_TAKER.search(" ".join(text.split())))
