"""What is replaced in a text, and what is not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape

from cityinfo.kernel.errors import Invalid
from cityinfo.kernel.i18n import say

MOST_WORDS = 200  # characters
# Markup as `html.sanitise` writes it; what stands between is words.
_TAG = re.compile(r'(<[^>"]*(?:"[^"]*"[^>"]*)*>)')


@dataclass(frozen=True)
class Wanted:
    """Words to look for and what shall stand `instead`, in any case and within words unless it is said."""

    words: str
    instead: str = ""
    match_case: bool = False
    whole_words: bool = True

    def checked(self) -> Wanted:
        """Itself; `Invalid` for what cannot be looked for or would change nothing."""
        if not self.words.strip():
            raise Invalid("replacement.words", "Say which words to look for.")
        for words in (self.words, self.instead):
            if len(words) > MOST_WORDS or "\n" in words or "\0" in words:
                raise Invalid("replacement.words", say("Write at most {most} characters in one line.", most=MOST_WORDS))
        return self

    def checked_change(self) -> Wanted:
        """The same, with something else that shall stand there."""
        if self.checked().words == self.instead:
            raise Invalid("replacement.instead", "Say what shall stand there instead.")
        return self

    def in_title(self, title: str) -> str:
        return self._pattern.sub(lambda _: self.instead, title)

    def in_content(self, content: str) -> str:
        """The HTML with other words: addresses of links and all other markup stay as they are."""
        return "".join(one if number % 2 else self._in_words(one) for number, one in enumerate(_TAG.split(content)))

    def is_in(self, title: str, content: str) -> bool:
        """Whether the words stand there, in one piece."""
        words = _TAG.split(content)[::2]
        return any(self._pattern.search(one) for one in (title, *map(unescape, words)))

    def _in_words(self, part: str) -> str:
        changed, times = self._pattern.subn(lambda _: self.instead, unescape(part))
        return escape(changed, quote=False).replace("\xa0", "&nbsp;") if times else part

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        words = r"\s+".join(map(re.escape, self.words.split())) or re.escape(self.words)
        if self.whole_words:
            words = rf"(?<!\w){words}(?!\w)"
        return re.compile(words, re.NOFLAG if self.match_case else re.IGNORECASE)
