import { z } from 'zod';

const issueMembers = {
  typeId: z.string(),
  statusId: z.string(),
  summary: z.string(),
  description: z.string().nullable(),
  reporterAccountId: z.string(),
  assigneeAccountId: z.string().nullable(),
  parentId: z.string().nullable(),
  labels: z.array(z.string()),
  fixVersionIds: z.array(z.string()),
  dueDate: z.string().nullable(),
  originalEstimateSeconds: z.number().int().nullable(),
  remainingEstimateSeconds: z.number().int().nullable(),
  /** Only the fields named here change. */
  custom: z.record(z.string(), z.unknown()),
  links: z.array(z.object({ id: z.string(), type: z.string(), outwardIssueId: z.string() })),
};

/** What may be changed of an issue; each member that differs writes an entry of its changelog. */
export const issuePatchSchema = z.strictObject(issueMembers).partial();
export type IssuePatch = z.output<typeof issuePatchSchema>;

/** A new issue; id, key and times are given by the emulator, the status is the site's first. */
export const issueDraftSchema = issuePatchSchema.extend({
  projectId: z.string(),
  typeId: z.string(),
  summary: z.string(),
});
export type IssueDraft = z.output<typeof issueDraftSchema>;

export const worklogDraftSchema = z.strictObject({
  authorAccountId: z.string(),
  /** In Jira's form, with its own offset: "2026-04-28T15:33:31.783+0200". */
  started: z.string(),
  seconds: z.number().int().positive(),
  comment: z.string().nullable().default(null),
});
export type WorklogDraft = z.input<typeof worklogDraftSchema>;

export const worklogPatchSchema = z
  .strictObject({ started: z.string(), seconds: z.number().int().positive(), comment: z.string().nullable() })
  .partial();
export type WorklogPatch = z.output<typeof worklogPatchSchema>;

export const statusPatchSchema = z
  .strictObject({ name: z.string(), category: z.enum(['new', 'indeterminate', 'done']) })
  .partial();
export type StatusPatch = z.output<typeof statusPatchSchema>;

export const projectPatchSchema = z
  .strictObject({
    name: z.string(),
    description: z.string(),
    leadAccountId: z.string(),
    properties: z.record(z.string(), z.unknown()),
    versions: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        description: z.string().optional(),
        startDate: z.string().optional(),
        releaseDate: z.string().optional(),
        released: z.boolean(),
        archived: z.boolean(),
      }),
    ),
  })
  .partial();
export type ProjectPatch = z.output<typeof projectPatchSchema>;
