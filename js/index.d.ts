/** Verifies the codes of certificates that cecert issued: the steps of docs/spec/token.md W5. */

/** Bytes of a file or of a part of it. */
export type Bytes = Uint8Array;

/** Seconds since 1970, UTC. */
export type Seconds = number;

/** Days since 1970. */
export type Day = number;

/** What was found of a token, worst first where several hold; the words are in docs/reference/outcomes.md. */
export type Outcome =
  | "VALID" | "VALID_STATUS_STALE" | "VALID_STATUS_UNKNOWN" | "REVOKED" | "SUPERSEDED" | "KEY_REVOKED"
  | "ALG_NOT_ALLOWED" | "UNKNOWN_KEY" | "ALG_KEY_MISMATCH" | "BAD_SIGNATURE" | "BAD_CLAIMS"
  | "ISSUED_IN_FUTURE" | "KEY_NOT_VALID_AT_ISSUE" | "CREDIT_NOT_AUTHORISED" | "NOT_LOGGED" | "UNKNOWN_STATUS"
  | "TOO_LARGE" | "NO_TOKEN" | "UNSUPPORTED_VERSION" | "MALFORMED" | "TRUNCATED" | "NO_CRYPTO";

/** To be shown whatever the outcome is. */
export type Warning =
  | "BAD_STATUS_LIST" | "STATUS_ROLLBACK" | "KEYSET_OLD" | "HOST_MISMATCH" | "MIXED_SCRIPT" | "SPECIMEN"
  | "LOG_PENDING" | "LOG_UNKNOWN" | "LOG_FORKED";

export interface Credit {
  /** Number of the credit in the trust file; `labelOf` names it. */
  code: number;
  /** Hundredths of an hour. */
  hundredths: number;
  /** The provider's number for it, "" or undefined if there is none. */
  provider?: string;
}

/** What a token says; to be believed only if the outcome is a good one. */
export interface Claims {
  issuedAt: Seconds | bigint;
  /** The certificate's id, 10 bytes. */
  id: Bytes;
  recipient: string;
  title: string;
  days: Day[];
  /** Hundredths of an hour. */
  hours: number;
  credits: Credit[];
  status: { list: number; index: number };
  delivery?: number;
  /** Id of the certificate that it replaces. */
  replaces?: Bytes;
  digest?: Bytes;
  instructor?: string;
  specimen: boolean;
}

/** A provider's trust file whose signature holds. */
export interface Trust {
  issuer: string;
  name: string;
  sequence: number | bigint;
  issuedAt: Seconds | bigint;
  refreshBy: Seconds | bigint;
  hosts: string[];
  /** Addresses below which the status lists are, as `0.st`. */
  bases: string[];
  /** SHA-256 of the root's public key, 64 hexadecimal digits: compare it with the provider's. */
  thumbprint: string;
  logs: { bases: string[]; origin: string }[];
}

/** What can be had of a status list: what hosts serve now, and the newest that was had before. */
export interface Lists {
  served: Bytes[];
  kept: Bytes | null;
}

/** What `readLog` found. */
export interface LogAnswer {
  instant?: Seconds;
  forked?: boolean;
  /** The newest genuine head, to be kept. */
  used?: Bytes;
}

export interface Verification {
  outcome: Outcome;
  /** Figures behind the outcome, for people. */
  detail: string;
  /** null unless the signature holds. */
  claims: Claims | null;
  warnings: Warning[];
  log: LogAnswer & { place: string };
}

/** The trust file cannot be used; `outcome` is KEYSET_INVALID. */
export class Found extends Error {
  outcome: string;
  detail: string;
}

/** This browser lacks a kind of signature. */
export class NoCrypto extends Error {}

/**
 * Open a provider's trust file.
 *
 * @param data the file's bytes
 * @param root the thumbprint that its root must have; "" pins nothing
 * @throws Found if it is damaged, of another root, or of a time to come
 */
export function openTrust(data: Bytes, root: string, now: Seconds): Promise<Trust>;

/**
 * Verify the token in a text.
 *
 * @param text a URL of any host, or bare digits
 * @param getLists asked for the lists of `claims.status.list` once the claims are known to be genuine
 * @param getReattested asked with a withdrawn key; gives the digests of what outlives it, or none
 * @param getLog asked with the payload of a token that must be in the log
 */
export function verify(
  text: string, trust: Trust, now: Seconds,
  getLists: (claims: Claims) => Promise<Lists>,
  getReattested: (key: { kid: Bytes }) => Promise<Bytes>,
  getLog?: (payload: Bytes) => Promise<LogAnswer>,
): Promise<Verification>;

/**
 * Look up a token in the log.
 *
 * @param files gives all that can be had of a file below the log's folder, by its name
 * @param kept the newest genuine head that was had before
 */
export function readLog(
  trust: Trust, payload: Bytes, now: Seconds, files: (name: string) => Promise<Bytes[]>, kept: Bytes | null,
): Promise<LogAnswer>;

/** The digests in a list of what outlives a withdrawn key. */
export function digestsIn(data: Bytes, now: Seconds): Bytes;

/** What a credit code is called in a trust file. */
export function labelOf(trust: Trust, code: number): string;

/** The scope in which a credit may be given on a day, undefined if there is none. */
export function scopeOf(trust: Trust, credit: Credit, day: Day): { label: string } | undefined;

/** What stands after the first `#` of a text, or all of it. */
export function tokenDigits(text: string): string;

/** The words of a text whose letters come from two scripts. */
export function mixedWords(text: string): string[];

/** Bytes as hexadecimal digits. */
export function hex(bytes: Bytes): string;

/** Bytes of hexadecimal digits. */
export function fromHex(text: string): Bytes;
