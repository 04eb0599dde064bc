/** Asks what neither the CRM nor the tracker can answer alone; GraphiQL opens with it. */
export const firstQuery = `# Projects at work, what they were sold as, and what has been asked for on top.
{
  projects(first: 5, filter: { status: { eq: ACTIVE } }) {
    edges {
      node {
        code
        name
        client { name }
        opportunities(first: 3) { edges { node { name state amount { amount currency } closeDate } } }
        changeRequests(first: 5) { totalCount edges { node { key title state priceDelta { amount currency } } } }
        timeEntries(first: 1) { totalCount }
      }
    }
  }
}
`;
