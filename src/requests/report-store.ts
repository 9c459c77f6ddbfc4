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
  appealOn: string | null
  appealDeterminedOn: string | null
  /** Calendar days from the determination that orders records to their release; null without such an order. */
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
      appeal.received_on as "appealOn", appeal.determined_on as "appealDeterminedOn",
      case when appeal.outcome like 'overturned%' then after.day - appeal.determined_on end as "complianceDays"
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
        select received_on, determined_on, outcome from request_appeal
        where request_id = r.id order by at desc limit 1) appeal on true
      left join lateral (
        select min((e.at at time zone ${zone})::date) as day
        from production join production_release e on e.production_id = production.id
        where production.request_id = r.id
          and (e.at at time zone ${zone})::date >= appeal.determined_on) after on true
    where r.received_on between ${from} and ${to}
    order by r.received_on, r.number`.execute(db)
  return rows
}
