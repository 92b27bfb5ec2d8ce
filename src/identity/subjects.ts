/** How the audit log names what an act touched. */
export const officerSubject = (officerId: string) => `identity.officer:${officerId}`;
export const organisationSubject = (organisationId: string) => `identity.organisation:${organisationId}`;
