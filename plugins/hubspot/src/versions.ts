/** HubSpot's API as its official client speaks it, or by date: each date is answered for 18 months, associations of v4 until March 2027. */
export const apiVersions = ['v3', '2026-09'] as const;
export type ApiVersion = (typeof apiVersions)[number];

/** Where v3 and v4 have what a date has in another place; what is not here has no dated form. */
const places: readonly { undated: string; dated: (date: string) => string }[] = [
  { undated: '/crm/v3/objects', dated: (date) => `/crm/objects/${date}` },
  { undated: '/crm/v4/associations', dated: (date) => `/crm/associations/${date}` },
  { undated: '/crm/v3/owners', dated: (date) => `/crm/owners/${date}` },
  { undated: '/crm/v3/pipelines', dated: (date) => `/crm/pipelines/${date}` },
  { undated: '/crm/v3/properties', dated: (date) => `/crm/properties/${date}` },
];

/** The path of the generated client, as a version of the API has it. */
export function pathIn(version: ApiVersion, path: string): string {
  if (version === 'v3') return path;
  const place = places.find(({ undated }) => isBelow(path, undated));
  // A slash at the end, as the client writes it for owners, is another path there.
  return place ? place.dated(version) + path.slice(place.undated.length).replace(/\/$/, '') : path;
}

function isBelow(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`);
}
