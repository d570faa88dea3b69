"""An office: the wiring between files, keys, ledger, archive, mail account and the workflows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.adapters.database import create_ledger
    from cecert.adapters.keys.elsewhere import KeyElsewhere, TokensElsewhere
    from cecert.adapters.keys.facts import KeyFacts, KeyPurpose, KeyStage
    from cecert.adapters.local_mail_server import LocalMailServer, ReceivedMail, local_mail_server
    from cecert.adapters.office_files.course_file import CourseReading
    from cecert.adapters.office_files.hook_address import HookAddress
    from cecert.adapters.office_files.mail_account import MailLogin, SentPlace
    from cecert.adapters.office_files.office_file import OfficeFile
    from cecert.adapters.office_files.office_shape import MailAuth
    from cecert.adapters.office_files.zoom_app import ZoomApp
    from cecert.adapters.render.text.layout_draft import LayoutDraft
    from cecert.domain.badge.proof import BadgeKey
    from cecert.domain.certificate.cebroker import (
        CeBrokerAccount,
        CeBrokerCourse,
        CeBrokerProfession,
    )
    from cecert.domain.course.regime import Regime
    from cecert.office.create import create_office, demo_files
    from cecert.office.given.parts import Keys, Looks, MailService
    from cecert.office.given_trust import (
        Window,
        Withdrawal,
        retire_keys,
        sign_trust,
        withdraw_keys,
    )
    from cecert.office.holders.published_note import note_published
    from cecert.office.log.log import note_checkpoint
    from cecert.office.office import Office
    from cecert.office.papers.records import audit_desk
    from cecert.office.site.given import site_audit_desk
    from cecert.office.site.publish import publishing_desk, site_desk
    from cecert.office.verify.known_roots import (
        is_made_here,
        note_made_root,
        pinned_if_known,
        remember_root,
    )
    from cecert.office.verify.verify import (
        in_its_office,
        office_trust_file,
        open_verifier,
        verifiers_at_once,
    )
    from cecert.workflows.badge import BadgeSite
    from cecert.workflows.hooks import HookDesk
    from cecert.workflows.log import KnownCheckpoint, LogAhead, LogDesk, LogFiles
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "create": ("create_office", "demo_files"),
            "given.parts": ("Keys", "Looks", "MailService"),
            "given_trust": (
                "Window", "Withdrawal", "retire_keys", "sign_trust", "withdraw_keys",
            ),
            "verify.known_roots": (
                "is_made_here", "note_made_root", "pinned_if_known", "remember_root",
            ),
            "office": ("Office",),
            "log.log": ("note_checkpoint",),
            "site.given": ("site_audit_desk",),
            "site.publish": ("publishing_desk", "site_desk"),
            "holders.published_note": ("note_published",),
            "papers.records": ("audit_desk",),
            "verify.verify": (
                "in_its_office", "office_trust_file", "open_verifier", "verifiers_at_once",
            ),
            ".adapters.database": ("create_ledger",),
            ".adapters.keys.elsewhere": ("KeyElsewhere", "TokensElsewhere"),
            ".adapters.keys.facts": ("KeyFacts", "KeyPurpose", "KeyStage"),
            ".adapters.local_mail_server": ("LocalMailServer", "ReceivedMail", "local_mail_server"),
            ".adapters.office_files.course_file": ("CourseReading",),
            ".adapters.office_files.hook_address": ("HookAddress",),
            ".adapters.office_files.mail_account": ("MailLogin", "SentPlace"),
            ".adapters.office_files.office_file": ("OfficeFile",),
            ".adapters.office_files.office_shape": ("MailAuth",),
            ".adapters.office_files.zoom_app": ("ZoomApp",),
            ".adapters.render.text.layout_draft": ("LayoutDraft",),
            ".domain.badge.proof": ("BadgeKey",),
            ".domain.certificate.cebroker": (
                "CeBrokerAccount", "CeBrokerCourse", "CeBrokerProfession",
            ),
            ".domain.course.regime": ("Regime",),
            ".workflows.badge": ("BadgeSite",),
            ".workflows.hooks": ("HookDesk",),
            ".workflows.log": ("KnownCheckpoint", "LogAhead", "LogDesk", "LogFiles"),
        },
    )  # fmt: skip

__all__ = [
    "BadgeKey", "BadgeSite", "CeBrokerAccount", "CeBrokerCourse", "CeBrokerProfession",
    "CourseReading", "HookAddress", "HookDesk", "KeyElsewhere", "KeyFacts", "KeyPurpose",
    "KeyStage", "Keys", "KnownCheckpoint", "LayoutDraft", "LocalMailServer", "LogAhead", "LogDesk",
    "LogFiles", "Looks", "MailAuth", "MailLogin", "MailService", "Office", "OfficeFile",
    "ReceivedMail", "Regime", "SentPlace", "TokensElsewhere", "Window", "Withdrawal", "ZoomApp",
    "audit_desk", "create_ledger", "create_office", "demo_files", "in_its_office",
    "is_made_here", "local_mail_server", "note_checkpoint", "note_made_root", "note_published",
    "office_trust_file", "open_verifier", "pinned_if_known", "publishing_desk",
    "remember_root", "retire_keys", "sign_trust", "site_audit_desk", "site_desk",
    "verifiers_at_once", "withdraw_keys",
]  # fmt: skip
