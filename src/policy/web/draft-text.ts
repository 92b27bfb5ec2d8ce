/** What a new rule starts from: every part that a measure must have, to be filled in. */
export const NEW_RULE = `title: 
class: CALC
basis:
  - text: 
    article: 
    quote: >-
      
in-force: { from:  }
claim: 
payee: 
jurisdiction: 
event-date: 
late-claims: accepted
conditions:
  - { id: , says: , feel:  }
amount: { feel: 补助标准, unit: 分 }
parameters:
  补助标准: { type: 分, says: , values: [] }
funds: []
evidence: []
`;

/** "policies/measures/x/430000.yaml" → where problems of its cases are said to stand. */
export const casesFile = (path: string): string => path.replace(/([^/]+)$/, "cases-$1");
