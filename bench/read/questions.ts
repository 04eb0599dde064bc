/** The same question in the words of each server. */
export const questions = {
  hub: `{ projects(first: 50) { nodes { id name code status start
    opportunities(first: 1) { nodes { id name amount { amount currency } stage state closeDate } }
    changeRequests(first: 5) { totalCount nodes { id key title state submittedAt priceDelta { amount currency } effortDelta } } } } }`,
  postgraphile: `{ allProjects(first: 50) { nodes { id name code status start
    projectLinksByProjectId(first: 1) { nodes { opportunityByOpportunityId { id name amount amountCurrency stage state closeDate } } }
    changeRequestsByProjectId(first: 5) { totalCount nodes { id key title state submittedAt priceDelta priceDeltaCurrency effortDelta } } } } }`,
} as const;
