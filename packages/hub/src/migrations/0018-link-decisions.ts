import { Migration } from '@mikro-orm/migrations';

/** What people said of a link is a decision on the opportunity; of what was said before, only the last word is known. */
export class LinkDecisions extends Migration {
  override up(): void {
    this.addSql(`
      insert into "decision" ("id", "subject_kind", "subject_id", "version", "action", "from_state", "to_state", "actor", "at", "details")
      select gen_random_uuid(), 'opportunity', "opportunity_id", row_number() over (partition by "opportunity_id" order by "decided_at", "project_id"),
        case "status" when 'LINKED' then 'CONFIRM_LINK' else 'REJECT_LINK' end, null, "status", "decided_by", "decided_at",
        jsonb_build_object('project', "project_id")
      from "project_link" where "origin" = 'PERSON'`);
  }
}
