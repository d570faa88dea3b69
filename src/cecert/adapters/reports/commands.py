"""The commands that a report tells: what was run, what comes next, what answers a question.

Each is quoted for a shell, so that it is copied and run as it stands, but for the words
that only the person who decides can say.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import tzinfo

from cecert.domain.evidence.clock_checks import Proposal
from cecert.domain.evidence.overrides import OverrideKind
from cecert.domain.evidence.questions import OverrideAct

__all__ = ["NAME", "REASON", "Commands"]

NAME, REASON = "NAME", "REASON"
"""What stands for who decides, and why; `override` refuses both as they are."""


@dataclass(frozen=True, slots=True)
class Commands:
    """What was run and what can be run next.

    Attributes:
        collect: As it was run.
        course: The course file, as named.
        completions: The completion list, as named; "" where it lies beside the course.
        overrides: The overrides' file, as named or as it would be called.
        overrides_text: What stands in that file, for the answers to follow.
        evidence: The evidence file that decisions are tied to.
        course_option: Where the course's folder holds all of it: `--course mbt-2020-10`.
    """

    collect: str = "cecert collect course.toml"
    course: str = "course.toml"
    completions: str = "completions.csv"
    overrides: str = "overrides.toml"
    overrides_text: str = ""
    course_option: str = ""
    evidence: str = "completions.evidence.json"

    @property
    def where(self) -> str:
        """The options of `override` that say where it belongs."""
        files = shlex.join(["--overrides", self.overrides, "--evidence", self.evidence])
        return self.course_option or files

    @property
    def undo(self) -> str:
        """The command that takes an entry back."""
        return self.override("undo", "NUMBER")

    @property
    def tell_denied(self) -> str:
        """The command that shows whom nothing can help, with what they would be told."""
        listed = f" --completions {self.completions}" if self.completions else ""
        return f"cecert mail tell-denied {self.course}{listed}"

    def override(self, kind: str, *about: str) -> str:
        """Return the command of a kind of decision, quoted for a shell.

        Args:
            kind: As the command line has it: `actual-window`.
            about: Whom and what it is about.
        """
        options = f"--by {NAME} --why {REASON} {self.where}"
        words = shlex.join(about)
        if any(each.startswith("-") for each in about):
            return f"cecert override {kind} {options} -- {words}"
        return f"cecert override {kind} {words} {options}"

    def proposed(self, proposal: Proposal, zone: tzinfo | None) -> str:
        """Return the command that declares a proposed window, its times in *zone*."""
        period = proposal.period
        times = (each.astimezone(zone).isoformat() for each in (period.start, period.end))
        return self.override("actual-window", proposal.session, *times)

    def assigning(self, connection: str) -> tuple[str, str]:
        """Return what stands before and after the person's id in a command to say whose it is."""
        # Arguments last: an id that begins with a dash is none of the options.
        before = f"cecert override link --by {NAME} --why {REASON} {self.where} -- "
        return before, f" {shlex.quote(connection)}"

    def answer(self, act: OverrideAct) -> str:
        """Return the command that does what an answer to a question does."""
        status = () if act.status is None else (act.status.value,)
        about = {
            OverrideKind.LINK: (act.participant, act.connection),
            OverrideKind.UNLINK: (act.participant, act.connection),
        }.get(act.kind, (act.participant, act.session, *status))
        return self.override(act.kind.value.replace("_", "-"), *about)
