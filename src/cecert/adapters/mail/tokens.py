"""Access tokens for XOAUTH2, from Microsoft 365 and Google Workspace, without a browser.

Each library keeps its token until it expires, and is asked in a thread, because it
waits for the network. They are optional: `pip install 'cecert[microsoft]'`, or
`'cecert[google]'`.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from cecert.errors import ConfigurationError, DeliveryError

__all__ = ["GoogleTokens", "MicrosoftTokens"]

MICROSOFT = "https://login.microsoftonline.com"

MICROSOFT_SCOPE = "https://outlook.office365.com/.default"
"""With the application permission `SMTP.SendAsApp`, granted by an administrator."""

GOOGLE_SCOPE = "https://mail.google.com/"
"""With domain-wide delegation to the service account."""


class MicrosoftTokens:
    """Tokens of a Microsoft 365 tenant, as an application."""

    def __init__(
        self,
        tenant: str,
        client_id: str,
        client_secret: str,
        *,
        authority: str = "",
    ) -> None:
        """Remember whom to ask; nothing is asked yet.

        Args:
            tenant: Its id, or a domain of it.
            client_id: The application's.
            client_secret: The application's; keep it where passwords are kept.
            authority: Who gives the tokens, "" for Microsoft's public cloud.

        Raises:
            ConfigurationError: If msal is not installed.
        """
        self._msal = _library("msal", "microsoft")
        self._client = (client_id, client_secret, f"{authority or MICROSOFT}/{tenant}")
        self._application: Any = None

    async def token(self, *, renew: bool) -> str:
        """Return an access token for the mailbox, kept until it expires.

        Args:
            renew: Ask for another, because the service refused the one that was kept.

        Raises:
            DeliveryError: If none is given.
        """
        return await asyncio.to_thread(self._ask, renew=renew)

    def _ask(self, *, renew: bool) -> str:
        client_id, secret, authority = self._client
        try:
            application = self._application
            if renew or application is None:
                # A new application has no token yet, so it cannot give the refused one again.
                application = self._application = self._msal.ConfidentialClientApplication(
                    client_id, secret, authority, instance_discovery=False
                )
            answer = application.acquire_token_for_client([MICROSOFT_SCOPE])
        except (ValueError, OSError) as error:
            raise DeliveryError(f"Microsoft gives no token: {error}") from error
        if "access_token" not in answer:
            words = answer.get("error_description") or answer.get("error") or "no reason"
            raise DeliveryError(f"Microsoft gives no token: {words}")
        return str(answer["access_token"])


class GoogleTokens:
    """Tokens of a Google Workspace mailbox, by a service account that may act for it."""

    def __init__(self, key_file: Path, mailbox: str) -> None:
        """Read the service account's key.

        Args:
            key_file: As downloaded from Google's console.
            mailbox: In whose name mails are sent.

        Raises:
            ConfigurationError: If google-auth is not installed, or the file is no key.
        """
        _library("google.auth", "google")
        accounts = _library("google.oauth2.service_account", "google")
        self._transport = _library("google.auth.transport.requests", "google")
        try:
            self._credentials = accounts.Credentials.from_service_account_file(
                str(key_file), subject=mailbox, scopes=[GOOGLE_SCOPE]
            )
        except (ValueError, OSError) as error:
            raise ConfigurationError(f"{key_file} is no service account's key: {error}") from error

    async def token(self, *, renew: bool) -> str:
        """Return an access token for the mailbox, kept until it expires.

        Args:
            renew: Ask for another, because the service refused the one that was kept.

        Raises:
            DeliveryError: If none is given.
        """
        return await asyncio.to_thread(self._ask, renew=renew)

    def _ask(self, *, renew: bool) -> str:
        google = import_module("google.auth.exceptions")
        try:
            if renew or not self._credentials.valid:
                self._credentials.refresh(self._transport.Request())
        except google.GoogleAuthError as error:
            raise DeliveryError(f"Google gives no token: {error}") from error
        return str(self._credentials.token)


def _library(name: str, extra: str) -> ModuleType:
    try:
        return import_module(name)
    except ImportError as error:
        raise ConfigurationError(
            f"tokens need {name}, which is not installed", hint=f"pip install 'cecert[{extra}]'"
        ) from error
