import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { determination, testDesk, value } from '../../test/desk.ts'
import { determineAppeal, noteAppeal } from './appeal.ts'
import { businessCalendar } from './calendar.ts'
import { estimateFee, notePayment } from './charging.ts'
import { closeRequest } from './closure.ts'
import { collect } from './collection.ts'
import { orderProduction } from './production.ts'
import { median, reportCsv, reportLines, reportOf } from './report.ts'
import { reportRows } from './report-store.ts'
import { acknowledge } from './response.ts'
import { assignTask, finishTask, openTasksOf } from './task.ts'

type Desk = Awaited<ReturnType<typeof testDesk>>
let desk: Desk
let here: Desk['here']

beforeAll(async () => {
  desk = await testDesk()
  here = desk.here
})

const report = async (from: string, to: string) => {
  const calendar = businessCalendar(here.policy.recordsLaw.holidays)
  return reportLines(await reportRows(here.db, { from, to }, 'America/New_York'), calendar)
}

test('counts requests, days, outcomes, exemptions, fees, hours and appeals of a period', async () => {
  desk.at()
  const first = await desk.request('=HYPERLINK("x")')
  const second = await desk.request('Another')
  const third = await desk.request('Nobody answered this')
  desk.at('2026-03-06T15:00:00Z')
  value(await acknowledge(here, desk.officer, first, 'We search.'))
  value(
    await estimateFee(here, desk.officer, first, {
      ...{ searchHours: 4, redactionHours: 0, redactionAllowed: false, hourlyRateCents: 2500 },
      ...{ pages: 0, otherCents: 0 },
    }),
  )
  value(await notePayment(here, desk.officer, first, { cents: 5000, paidOn: '2026-03-06', note: '' }))
  value(
    await assignTask(here, desk.officer, first, {
      title: 'Look',
      assignee: desk.second.id,
      due: '2026-03-09',
    }),
  )
  const [task] = await openTasksOf(here.db, desk.second.id)
  if (task) value(await finishTask(here, desk.second, task.id, 90))
  const denial = { outcome: 'denied' as const, answer: 'It is secret.', exemptions: ['c', 'f'] }
  value(await closeRequest(here, desk.officer, second, denial))
  value(await noteAppeal(here, desk.officer, first, { receivedOn: '2026-03-06', reason: 'Slow.' }))
  value(
    await determineAppeal(
      here,
      desk.officer,
      first,
      determination({ outcome: 'overturned', determinedOn: '2026-03-06', due: '2026-03-09' }),
    ),
  )
  desk.at('2026-03-10T15:00:00Z')
  value(await collect(here, desk.officer, first, [await desk.record({ words: 'One' })]))
  await desk.releaseTheRest(first)
  value(await orderProduction(here, desk.officer, first, { releaseWhenReady: true }))
  await here.jobs.run('request.produce')

  const lines = await report('2026-03-01', '2026-03-31')
  expect(lines.map((one) => one.id)).toEqual([first, second, third])
  expect(lines[0]).toMatchObject({
    ...{ respondedOn: '2026-03-06', responseDays: 4, responseInTime: true, providedOn: '2026-03-10' },
    ...{ feeCents: 5000, paidCents: 5000, minutes: 90, complianceDays: 4, closedOn: null },
  })
  const late = reportOf(lines, '2026-03-17')
  expect(late).toMatchObject({
    ...{ requests: 3, open: 2, closed: 1, responsesInTime: 2, responsesLate: 1, responsesMissing: 1 },
    ...{ medianResponseDays: 4, medianClosureDays: 4, feesCents: 5000, hours: 1.5, appeals: 1, petitions: 0 },
    byExemption: [
      ['c', 1],
      ['f', 1],
    ],
    byOutcome: [
      ['Open', 2],
      ['Denied', 1],
    ],
  })
  expect(reportOf(lines, '2026-03-16').responsesLate).toBe(0)
  expect(await report('2026-03-03', '2026-03-31')).toEqual([])
  const csv = reportCsv(lines)
  expect(csv.split('\r\n')).toHaveLength(5)
  expect(csv).toContain(`"'=HYPERLINK(""x"")"`)
  expect(csv.split('\r\n')[0]?.split(',')).toHaveLength(23)
})

test('the median lies in the middle, whatever the order', () => {
  expect(median([])).toBe(null)
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1])).toBe(2.5)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1 }), (values) => {
      const middle = median(values) ?? -1
      const below = values.filter((one) => one < middle).length
      const above = values.filter((one) => one > middle).length
      expect(Math.max(below, above)).toBeLessThanOrEqual(values.length / 2)
    }),
  )
})
