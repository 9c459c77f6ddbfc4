import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An address that leads into our own network, where no address that somebody typed may lead. */
export class PrivateAddress extends Error {
  override name = 'PrivateAddress'
}

/**
 * Looks a name up for a connection, and refuses one that leads into the own network. The check is made where the
 * connection is, so that a name cannot change in between.
 */
export const guardedLookup =
  (allowPrivate: boolean): LookupFunction =>
  (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      const addresses = found as LookupAddress[]
      if (error) return callback(error, '', 0)
      const inside = addresses.find(({ address }) => !isPublic(address))
      if (inside && !allowPrivate)
        return callback(new PrivateAddress(`${name} leads into the own network.`), '', 0)
      const [first] = addresses
      if (options.all) return (callback as (e: null, all: LookupAddress[]) => void)(null, addresses)
      return callback(null, first?.address ?? '', first?.family ?? 4)
    })
  }

/** The same for an address that needs no look-up; throws PrivateAddress. */
export function mustBePublic(url: URL) {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (ipaddr.isValid(host) && !isPublic(host)) throw new PrivateAddress(`${host} leads into the own network.`)
}

const isPublic = (address: string) => ipaddr.process(address).range() === 'unicast'
