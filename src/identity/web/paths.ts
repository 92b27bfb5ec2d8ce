export const OFFICERS_PATH = "/officers";
export const ORGANISATIONS_PATH = "/officers/organisations";
