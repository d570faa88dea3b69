"""Badges: a certificate's credit as an Open Badges 3.0 credential, signed, with its status."""
