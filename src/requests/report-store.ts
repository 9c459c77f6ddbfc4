import { sql } from 'kysely'
import type { Db } from '../storage/database.ts'
import type { RequestId } from '../storage/ids.ts'

/** A request as the report knows it. Days are YYYY-MM-DD. */
export interface ReportRow {
  id: RequestId
  number: string
  text: string
  channel: string
  receivedOn: string
  responseDue: string
  respondedOn: string | null
  /** When the first production was released. */
  providedOn: string | null
  closedOn: string | null
  outcome: string | null
  exemptions: string[]
  /** Minutes that colleagues noted for its tasks. */
  minutes: number
  feeCents: number | null
  paidCents: number
  petitionOn: string | null
  petitionGranted: boolean | null
  /** How its appeals ended, oldest first; null for one that runs. */
  appealOutcomes: (string | null)[]
  /** The latest appeal. */
  appealOn: string | null
  appealDeterminedOn: string | null
  /** The day by which the latest order had to be done, and when the first records or the new answer went out after it. */
  orderDue: string | null
  compliedOn: string | null
  /** Calendar days from that order to then; null without such an order, or while nothing went out. */
  complianceDays: number | null
}

/** Every request received in a period, first to last. `zone` is where the department's days are. */
export async function reportRows(
  db: Db,
  { from, to }: { from: string; to: string },
  zone: string,
): Promise<ReportRow[]> {
  const { rows } = await sql<ReportRow>`
    select r.id, r.number, r.text, r.channel, r.received_on as "receivedOn", r.response_due as "responseDue",
      a.sent_on as "respondedOn", provided.day as "providedOn", c.closed_on as "closedOn", c.outcome,
      coalesce(c.exemptions, '{}') as exemptions, work.minutes, fee.total_cents as "feeCents", paid.cents as "paidCents",
      p.filed_on as "petitionOn", d.granted as "petitionGranted",
      coalesce(appeal.outcomes, '{}') as "appealOutcomes", appeal.received_on as "appealOn",
      appeal.determined_on as "appealDeterminedOn",
      ordered.due as "orderDue", after.day as "compliedOn", after.day - ordered.determined_on as "complianceDays"
    from request r
      left join request_acknowledgement a on a.request_id = r.id
      left join request_closure c on c.request_id = r.id
      left join request_petition p on p.request_id = r.id
      left join request_petition_determination d on d.request_id = r.id
      left join lateral (
        select min((e.at at time zone ${zone})::date) as day
        from production join production_release e on e.production_id = production.id
        where production.request_id = r.id) provided on true
      left join lateral (
        select coalesce(sum(minutes), 0)::int as minutes from request_task where request_id = r.id) work on true
      left join lateral (
        select total_cents from request_estimate where request_id = r.id order by at desc, id desc limit 1) fee on true
      left join lateral (
        select coalesce(sum(cents), 0)::int as cents from request_payment where request_id = r.id) paid on true
      left join lateral (
        select array_agg(outcome order by at, id) as outcomes,
          (array_agg(received_on order by at desc, id desc))[1] as received_on,
          (array_agg(determined_on order by at desc, id desc))[1] as determined_on
        from request_appeal where request_id = r.id) appeal on true
      left join lateral (
        select o.due, o.at, o.appeal_id, q.outcome, q.determined_on
        from request_appeal_order o join request_appeal q on q.id = o.appeal_id
        where o.request_id = r.id and o.due is not null order by o.at desc limit 1) ordered on true
      left join lateral (
        select min((gone.at at time zone ${zone})::date) as day from (
          select e.at from production join production_release e on e.production_id = production.id
          where production.request_id = r.id
          union all
          select f.at from request_final_answer f where f.request_id = r.id) gone
        where gone.at > ordered.at) after on true
    where r.received_on between ${from} and ${to}
    order by r.received_on, r.number`.execute(db)
  return rows
}
