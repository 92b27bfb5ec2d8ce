export const privacyTasks = {
  nightly: "privacy.nightly",
  run: "privacy.run",
  preview: "privacy.preview",
  erase: "privacy.erase",
  withdrawals: "privacy.withdrawals",
} as const;
/** One after the other. */
export const PRIVACY_QUEUE = "privacy";
/** A consent was taken back. */
export const CONSENT_WITHDRAWN = "privacy.consent-withdrawn";
