import { useSyncExternalStore } from 'react'

/** Prints the page. It takes a script, so it is only there once scripts run; without them the browser's own command does it. */
export function PrintButton({ children = 'Print' }: { children?: string }) {
  const scripted = useSyncExternalStore(
    () => () => {},
    () => true,
    () => false,
  )
  if (!scripted) return null
  return (
    <button
      type="button"
      className="usa-button usa-button--outline pv-no-print"
      onClick={() => window.print()}
    >
      {children}
    </button>
  )
}
