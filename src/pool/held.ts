import type { Ledger } from '../ledger/ledger.ts'
import { readService, type Service, type ServiceSpec } from '../object/service.ts'

/** What the ledger holds of numbers, as the pools want to know it. */
export function serviceSpecs(ledger: Ledger): ReadonlyMap<string, ServiceSpec> {
  return new Map(servicesIn(ledger).map(([name, { spec }]) => [name, spec]))
}

/** The Services of a ledger, as they were granted, by their names. */
export function servicesIn({ entries }: Ledger): readonly [string, Service][] {
  return [...entries.values()].flatMap(({ name, service }): [string, Service][] =>
    service === undefined ? [] : [[name, readService(service, 'default', undefined)]],
  )
}
