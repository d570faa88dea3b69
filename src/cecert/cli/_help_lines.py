"""The first line of each command's help, so that listing the commands loads none of them.

By module and function; a test holds each against the command itself.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["HELP_LINES"]

HELP_LINES: Mapping[str, str] = {
    "fonts.add": ("Take a font for a script from this computer, and name it in the office's file."),
    "init.init": (
        "Make an office: its files, filled in with a real seminar, a ledger and an archive."
    ),
    "new.new": "Make a course: courses/ID/course.toml, and courses/ID/files/ for what is exported.",
    "lint.lint": (
        "List everything that is wrong or unverified in the office's and the courses' files."
    ),
    "inspect.inspect": "Say what an export is and what was understood of it; nothing is decided.",
    "collect.collect": (
        "Make a completion list from registrations, attendance reports and survey exports."
    ),
    "decide.decide": "Say who has earned what, and for everyone else everything that is missing.",
    "preview.preview": (
        "Draw a specimen: SPECIMEN across the page, and a code that does not verify."
    ),
    "issue.issue": "Draw, seal, archive and enter the certificate of everyone who has earned one.",
    "deliver.deliver": "Hand each queued certificate to the mail service; nobody is mailed twice.",
    "mail.resend": "Queue another mail with the same certificate, the same file.",
    "due.due": "Say what is due: certificates owed, mails, reports, approvals, keys, the site.",
    "status.status": "Say what became of every certificate's mail, and which keys need a look.",
    "find.find": (
        "Find certificates by part of a name, an e-mail address, a licence, or the start of an id."
    ),
    "status.show": "Show one certificate as the ledger has it, and everything that happened to it.",
    "transcript.transcript": (
        "List what one person earned, with a total for each credential type, never across."
    ),
    "dossier.dossier": ("Gather everything about one person in one course, to hand to an auditor."),
    "correct.correct": "Make a new certificate that supersedes a wrong one, and queue its mail.",
    "revoke.revoke": "Revoke a certificate for good; a mail of it still queued is cancelled.",
    "audit.audit": (
        "Compare ledger, archive and site: every file there, whole, sealed, and as recorded."
    ),
    "hooks.begin": "Say from where on changes are posted: what happens from now on, or all.",
    "hooks.run": (
        "Post what happened to the address in [hooks], in order; each change until it is taken."
    ),
    "changes.changes": (
        "Say what happened, in order: issued, sent, corrected, revoked, each exactly once."
    ),
    "backup.backup": (
        "Write the office into one file: ledger, archive, courses, lists and pictures."
    ),
    "backup.restore": "Make an office of a backup, in a new or empty folder, and audit it.",
    "publish.publish": (
        "Write the verify page, the trust file and the status lists, for any web host."
    ),
    "verify.verify": "Say what was certified, and whether it still stands.",
    "demo.demo": "Show the main job: decide, issue, mail, publish and verify, on a real seminar.",
    "keys.init": "Make the office's keys and its signed trust file.",
    "keys.list_keys": "List the keys, what each is for, and until when it signs.",
    "keys.list_events": (
        "List what was done to keys: made, retired, compromised, the trust file signed."
    ),
    "keys.sign": "Sign the trust file anew, after a change of approvals, hosts or seal.",
    "keys.badge": (
        "Make the key that signs Open Badges; rotate, retire and compromise then know it too."
    ),
    "keys.rotate": (
        "Make new token, status and seal keys; the old ones retire, and stay listed for ever."
    ),
    "keys.retire": "End the use of keys without a successor; what they signed goes on to verify.",
    "keys.compromise": (
        "Withdraw stolen keys for good; genuine certificates are vouched for one by one."
    ),
    "keys.certificate": (
        "Write the certificate of the office's seal CA, for people who want to trust it by hand."
    ),
    "fetch.fetch_zoom": (
        "Fetch who registered for Zoom meetings, and who was connected, into a course's files/."
    ),
    "forms.suggest": (
        "Propose an entry of forms.toml from a file's headers and a few values, to be edited."
    ),
    "override.link": "Say that a connection is this participant's.",
    "override.unlink": "Say that a connection is not this participant's.",
    "override.alias": (
        "Say that a display name or an address is this participant's in every report."
    ),
    "override.actual_window": "Declare when a session really took place.",
    "override.segment": (
        "Say that a participant was present from then to then, by other proof: a sign-in sheet."
    ),
    "override.decision": (
        "Decide that a participant meets a session, or does not, whatever the reports say."
    ),
    "override_list.list_overrides": (
        "List what was decided, with its number, who, when, why, and whether it still holds."
    ),
    "override_list.undo": (
        "Take back an earlier entry: a further one says so, and both stay visible."
    ),
    "mail.plan": (
        "Say how many mails wait, how long they take, and who would be late; send nothing."
    ),
    "mail.trial": (
        "Send one [TEST] mail with a specimen: does the account work, does the mail look right."
    ),
    "mail.resolve": "Decide an uncertain mail: it arrived, or the same bytes are sent again.",
    "log.adopt": ("Take back what was published of the log, after a restore from an older copy."),
    "mail.retry": (
        "Queue failed mails again, and those that came back through the sender's own fault."
    ),
    "mail.quarantine": "Hold every queued mail of a ledger that was restored from a backup.",
    "mail.bounces": (
        "Read bounces, and mark the mails that came back; reading them twice changes nothing."
    ),
    "remind.remind": (
        "Remind each person of what only they can still do; one mail each, deliver sends them."
    ),
    "remind.tell_denied": (
        "Tell people why they get no certificate; you look at each sentence first."
    ),
    "export.export_annual": (
        "Count a period's activities, and their sessions: participants, and by profession."
    ),
    "report.export_cebroker": (
        "Write CE Broker's Excel roster of what it was not told yet, and note that it was told."
    ),
    "report.export_settled": (
        "Note that CE Broker needs nothing more of certificates, which a person has seen to."
    ),
    "export.export_roster": (
        "Hand out a course's roster as CSV: what a co-sponsor or an auditor asks for."
    ),
    "export.export_badge": (
        "Hand out one credit of a certificate as an Open Badges 3.0 credential, signed."
    ),
    "export.export_ledger": (
        "Hand out the whole ledger: a JSON document a line, or with --json one for all."
    ),
}
