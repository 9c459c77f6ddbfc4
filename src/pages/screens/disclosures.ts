import { installation } from '../../web/context.ts'
import { disclosuresFor } from '../registration.ts'
import type { Route } from './+types/disclosures'

/** What the profile would say with what is typed so far; the page's form asks while somebody types. */
export async function loader({ request, context }: Route.LoaderArgs) {
  const all = installation(context)
  const typed = new URL(request.url).searchParams
  const platform = all.platforms.all().find((one) => one.kind === typed.get('platform'))
  if (!platform) return null
  const word = (name: string) => (typed.get(name) ?? '').slice(0, 1000)
  const disclosures = await disclosuresFor(all, platform, {
    purpose: word('purpose'),
    website: word('website'),
    contact: word('contact'),
  })
  return { ...disclosures, max: platform.capabilities.profileLength.max }
}
