import iconv from "iconv-lite";

/** The one character of the first plane without a code: GB18030 keeps its place for a blank of its own. */
const WITHOUT_CODE = "\ue5e5";

/**
 * Text to GB18030, which WPS and older exchange programs expect; Node decodes it but does not encode. What has no code,
 * an unpaired surrogate for one, becomes U+FFFD. Eighteen characters that once stood in the private area are written as
 * the codes that mean their successors today (U+E78D becomes U+FE10), as browsers do.
 */
export function encodeGb18030(text: string): Buffer {
  return iconv.encode(text.toWellFormed().replaceAll(WITHOUT_CODE, "\ufffd"), "gb18030");
}
