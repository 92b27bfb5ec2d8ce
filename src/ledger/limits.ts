/** Above this share of the covered persons, in 1/10,000, the vanished wait for a second officer (trust.md: 3 %). */
export const VANISH_LIMIT = 300;
