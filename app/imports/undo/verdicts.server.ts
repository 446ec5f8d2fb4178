import { type RawBuilder, sql } from "kysely";
import type { UndoReason } from "#app/imports/undo/undo-reasons.ts";

type Verdict = RawBuilder<UndoReason | null>;

/**
 * Whether a row of another import stands or falls with what `change` has written: it was left out as its double. Dry runs
 * have written nothing that could be missed, and rows of an undone import ask for nothing any more.
 *
 * @param work expression for the work's id
 */
const isLeanedOn = (work: RawBuilder<unknown>): RawBuilder<boolean> => sql<boolean>`exists (
  select from import_rows as leaning
  join import_jobs as other on other.id = leaning.job_id
  where leaning.work_id = ${work} and leaning.job_id <> change.job_id
    and leaning.status = 'skipped' and leaning.error_code = 'DUPLICATE_IN_CATALOGUE'
    and not other.dry_run and other.undo_status is null
    and leaning.outcome->'duplicateOf'->>'importJobId' = change.job_id::text
    and leaning.outcome->'duplicateOf'->>'rowNumber' = change.row_number::text)`;

/*
 * Each of these is an expression over a ledger entry `change` and the record that it names (`viewing`, `wish`, `rating`,
 * `work`; left-joined): null when it can be removed, else why not. The preview and the removal ask the same one.
 */

export const viewingVerdict: Verdict = sql`case
  when viewing.id is null then 'GONE'
  when viewing.viewed_on is distinct from change.viewed_on
    or exists (select from viewing_remarks where viewing_id = viewing.id) then 'CHANGED'
  when ${isLeanedOn(sql`viewing.work_id`)} then 'OTHER_IMPORT' end`;

export const wishVerdict: Verdict = sql`case
  when wish.import_job_id is distinct from change.job_id or wish.row_number is distinct from change.row_number then 'GONE'
  when ${isLeanedOn(sql`wish.work_id`)} then 'OTHER_IMPORT' end`;

export const ratingVerdict: Verdict = sql`case
  when rating.id is null then 'GONE'
  when rating.import_job_id is distinct from change.job_id or rating.row_number is distinct from change.row_number
    then 'REPLACED'
  when ${isLeanedOn(sql`rating.work_id`)} then 'OTHER_IMPORT' end`;

/**
 * @param foretold true before anything is removed: the import's own viewings, wishes and ratings count only where they will
 *   be left. Afterwards whatever still hangs on the work does.
 */
export const workVerdict = (foretold: boolean): Verdict => sql`case
  when work.work_id is null then 'GONE'
  when work.changed_by_hand_at is not null
    or exists (select from lost_titles where lost_titles.work_id = work.work_id and decided_by is not null)
    or exists (select from quotes where quotes.work_id = work.work_id and (source = 'manual' or edited_at is not null))
    then 'CHANGED'
  when exists (select from viewings as other where other.work_id = work.work_id
      and other.import_job_id is distinct from change.job_id)
    or exists (select from wishes as other where other.work_id = work.work_id
      and other.import_job_id is distinct from change.job_id)
    or exists (select from own_ratings as other where other.work_id = work.work_id
      and other.import_job_id is distinct from change.job_id)
    then 'OTHERS_HANG_ON_IT'
  when exists (select from import_rows as other_row join import_jobs as other on other.id = other_row.job_id
      where other_row.work_id = work.work_id and other_row.job_id <> change.job_id
        and other_row.status in ('success', 'skipped') and not other.dry_run and other.undo_status is null)
    then 'OTHER_IMPORT'
  when exists (select from list_entries where list_entries.work_id = work.work_id)
    or exists (select from festival_nominations where festival_nominations.work_id = work.work_id)
    or exists (select from festival_nomination_titles where festival_nomination_titles.work_id = work.work_id)
    then 'LISTED'
  when ${foretold ? ownWillBeLeft : ownStands} then 'OWN_LEFT' end`;

const ownStands = sql<boolean>`(exists (select from viewings as own where own.work_id = work.work_id)
  or exists (select from wishes as own where own.work_id = work.work_id)
  or exists (select from own_ratings as own where own.work_id = work.work_id))`;

/** A viewing of the import that was written before there was a ledger, or that its own verdict keeps. */
const ownWillBeLeft = sql<boolean>`exists (
  select from viewings as viewing
  left join import_changes as own on own.job_id = change.job_id and own.row_number = viewing.row_number
    and own.kind = 'viewing' and own.record_id = viewing.id::text
  cross join lateral (select own.job_id, viewing.row_number, own.viewed_on) as change
  where viewing.work_id = work.work_id and (change.job_id is null or ${viewingVerdict} is not null))`;
