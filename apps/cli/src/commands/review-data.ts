/** What `report --format json` asks of a review: everything, lists up to 50 rows. At once it would cost too much. */
export const reviewData = [
  `
  scope { kind person { id name } team client { id name } }
  lens currency asOf since quarterStart quarterEnd
  lastSnapshot { id asOf }
  figures {
    metric { name description value reason unit currency staleSources }
    target threshold status reason suggestion
    quality { figure { value reason } isLow threshold records shortfalls { field problem count } }
  }
  leftOut { project { id name } reason }
  counts { opportunities projects movements unreadRecords obstacles closeNeeds questions narratives }
  movements(first: 50) {
    record { __typename id ... on Opportunity { name } ... on Project { name } ... on ChangeRequest { title } ... on Milestone { name } ... on Risk { title } }
    operation field before after by person { id name } at
  }
  obstacles(first: 50) { id title severity ageDays due owner { name } }
  closeNeeds(first: 50) { id title severity ageDays due owner { name } }
  questions(first: 50) {
    rule severity text
    record { __typename id ... on Opportunity { name } ... on Project { name } }
  }
`,
  `
  narratives(first: 50) { perspective text confidence nextStep nextStepDate helpWanted asOf actor opportunity { id name } project { id name } }
  opportunities(first: 50) { id name stage state amount { amount currency } probability closeDate client { name } owner { name } latestViews { essence } }
  projects(first: 50) { id name status end client { name } manager { name } latestViews { essence } }
`,
] as const;
