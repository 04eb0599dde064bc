/** Asks what neither the CRM nor the tracker nor the spreadsheet can answer alone; GraphiQL opens with it. */
export const firstQuery = `# Projects at work: what was sold, what it was planned to take, what was worked (in seconds),
# and what is asked for on top.
query Work {
  projects(first: 5, filter: { status: { eq: ACTIVE } }, orderBy: { field: CODE, direction: ASC }) {
    nodes {
      code
      name
      client { name }
      opportunities(first: 3) { nodes { name state amount { amount currency } closeDate owner { name } } }
      budgets(first: 1) { nodes { contractValue { amount currency } plannedSeconds } }
      loggedTime
      changeRequests(first: 5) {
        totalCount
        nodes { key title state loggedTime priceDelta { amount currency } }
      }
      provenance(conflictsOnly: true) { field reason claims { source value } }
    }
  }
}
`;

/** The second one that GraphiQL offers. */
export const reviewQuery = `# What to ask in the next review, the gravest first, and how people see each deal.
query Review {
  questions(first: 20) {
    severity
    text
    opportunity { name owner { name } latestViews { essence } }
    project { name manager { name } }
  }
}
`;
