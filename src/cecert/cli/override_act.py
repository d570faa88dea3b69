"""What goes with every override: by whom and why, what it is tied to, and the file it stands in."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from inspect import Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec
from zoneinfo import ZoneInfo

import typer

from cecert.cli._options import Actor, Config, actor_name, find_config, open_office
from cecert.cli._output import answer, say
from cecert.domain.evidence.overrides import Override, OverrideKind
from cecert.domain.values.wording import being_written
from cecert.errors import ConfigurationError, InputError

if TYPE_CHECKING:
    from cecert.office.collect.overrides import CollectedEvidence

__all__ = ["Act", "Evidence", "Into", "OfCourse", "act_of", "file_of", "what_was_found"]


Why = Annotated[str, typer.Option("--why", metavar="REASON", help="The reason, for the record.")]


Reference = Annotated[
    str, typer.Option("--reference", metavar="TEXT", help="Where the proof lies: ticket 17.")
]


Into = Annotated[
    Path | None,
    typer.Option(
        "--overrides",
        metavar="FILE",
        help="The file to add to; overrides.toml here, or beside the course's file.",
    ),
]


Evidence = Annotated[
    Path | None,
    typer.Option(
        "--evidence",
        metavar="FILE",
        help="What the last collect found; completions.evidence.json here, or beside the course.",
    ),
]


OfCourse = Annotated[
    Path | None,
    typer.Option("--course", metavar="COURSE", help="The course: its file, its folder or its id."),
]


@dataclass(frozen=True, slots=True)
class Act:
    """What goes with every override, whatever it is about: the options that all share.

    Attributes:
        why: The reason, for the record; not blank.
        by: Who decides, None for whom `actor_name` finds.
        reference: Where the proof lies, "" for nowhere.
        overrides: The file that the override is added to, None for that of the course.
        evidence: What the last `collect` found, to which it is tied; None for the course's.
        course: The course, None for that of this folder.
        config: The office's file.
    """

    why: Why
    by: Actor = None
    reference: Reference = ""
    overrides: Into = None
    evidence: Evidence = None
    course: OfCourse = None
    config: Config = None

    def found(self) -> CollectedEvidence:
        """Read what the last `collect` found.

        Raises:
            InputError: If it cannot be used, or is of another course than the one named.
        """
        return what_was_found(self.course, self.evidence, self.config)

    def into(self) -> Path:
        """Return the file that the override is added to."""
        return file_of(self.course, self.overrides, self.config)

    def entry(self, kind: OverrideKind, **about: object) -> Override:
        """Return an override of now, by whom and why the options say.

        Args:
            kind: Which kind of decision it is.
            about: The fields of `Override` that this kind has.

        Raises:
            InputError: If the reason is blank, or reason or name are still a report's word
                for what is to be filled in.
        """
        from cecert.adapters.reports.commands import NAME, REASON

        if not self.why.strip():
            raise InputError("an override needs a reason, and this one is blank")
        _refuse_words(("--why", self.why, REASON), ("--by", self.by or "", NAME))
        return Override(
            kind,
            by=actor_name(self.by),
            at=datetime.now(UTC).replace(microsecond=0),
            why=self.why.strip(),
            reference=self.reference.strip(),
            **about,  # type: ignore[arg-type] # by kind
        )

    def store(self, override: Override, zone: ZoneInfo) -> None:
        """Add an override to the file, whose local times are in *zone*; say what to run next."""
        from cecert.office.collect.overrides import add_override

        into = self.into()
        add_override(into, override, zone, self._tell_waiting)
        answer(str(into))
        if self.course is not None:
            say(f"next: run cecert collect {shlex.quote(str(self.course))} again")
            return
        again = shlex.join(["--overrides", str(into)])
        say(f"next: run cecert collect again with {again}")

    def _tell_waiting(self) -> None:
        say(being_written(self.into()))

    def add(self, kind: OverrideKind, found: CollectedEvidence, **about: object) -> None:
        """Add an override to the file, and say what to run next.

        Args:
            kind: Which kind of decision it is.
            found: What the last `collect` found; its zone is that of local times.
            about: The fields of `Override` that this kind has.

        Raises:
            InputError: If reason or name cannot be used.
        """
        self.store(self.entry(kind, **about), found.zone)


def what_was_found(
    course: Path | None, evidence: Path | None, config: Path | None
) -> CollectedEvidence:
    """Read what the last `collect` found.

    Args:
        course: The course, None for that of this folder.
        evidence: The file, None for the course's.
        config: The office's file.

    Raises:
        InputError: If it cannot be used, or is of another course than the one named.
    """
    from cecert.office.collect.overrides import read_collected
    from cecert.office.courses import EVIDENCE_FILE

    if course is None:
        if evidence is None:
            _refuse_several(config)
        return read_collected(evidence or Path(EVIDENCE_FILE))
    path = open_office(config).course_path(course)
    evidence = evidence or path.with_name(EVIDENCE_FILE)
    found = read_collected(evidence)
    if found.course != (wanted := open_office(config).course(path).id):
        raise InputError(
            f"{evidence} is of course {found.course}, not of {wanted}",
            hint=f"run cecert collect {course} first",
        )
    return found


def file_of(course: Path | None, overrides: Path | None, config: Path | None) -> Path:
    """Return the overrides' file: the one named, else the course's, else this folder's.

    Args:
        course: The course, None for that of this folder.
        overrides: The file, where it is named.
        config: The office's file.
    """
    from cecert.office.collect.order import OVERRIDES_FILE

    if overrides is not None or course is None:
        return overrides or Path(OVERRIDES_FILE)
    return open_office(config).course_path(course).with_name(OVERRIDES_FILE)


def _refuse_words(*given: tuple[str, str, str]) -> None:
    """Refuse a report's placeholder, which is nobody's reason and nobody's name."""
    for option, value, word in given:
        if value.strip() == word:
            raise InputError(
                f"{option} is still {word}", hint="write your own in its place; it is the record"
            )


def _refuse_several(config: Path | None) -> None:
    """Refuse to take this folder's evidence where it may be another course's.

    Raises:
        InputError: If the office has several courses, and this folder is none's alone.
    """
    from cecert.office.courses import known_courses

    try:
        office = find_config(config).parent
    except ConfigurationError:
        return
    here = Path.cwd().resolve()
    known = known_courses(office)
    own = [each for paths in known.values() for each in paths if each.resolve().parent == here]
    if len(known) > 1 and (len(own) != 1 or here == office.resolve()):
        raise InputError(
            f"this office has several courses: {', '.join(known)}",
            hint="say which with --course, or name the files with --evidence and --overrides",
        )


Own = ParamSpec("Own")


def act_of(command: Callable[Concatenate[Act, Own], None]) -> Callable[..., None]:
    """Give a command the options of an `Act`, behind its own arguments.

    Typer reads a command's options off its signature, so that is put together here.
    """
    _, *own = signature(command, eval_str=True).parameters.values()
    shared = signature(Act, eval_str=True).parameters

    @wraps(command)
    def called(**given: Any) -> None:  # noqa: ANN401 # each as its option says
        act = Act(**{name: given.pop(name) for name in shared})
        command(act, **given)  # type: ignore[call-arg] # what is left is its own

    called.__signature__ = Signature([*own, *shared.values()])  # type: ignore[attr-defined] # PEP 362
    return called
