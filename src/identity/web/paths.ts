export const OFFICERS_PATH = "/officers";
export const ORGANISATIONS_PATH = "/officers/organisations";
export const GRANTS_PATH = "/officers/grants";
export const ACCESS_RULES_PATH = "/officers/access";
