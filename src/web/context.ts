import { createContext, type RouterContextProvider } from 'react-router'
import type { Installation } from '../installation.ts'

/** What the server hands to every loader and action. */
export const installationContext = createContext<Installation>()
/** One value a response, that lets this response's own scripts run under the Content-Security-Policy. */
export const nonceContext = createContext<string>()

type Context = Readonly<RouterContextProvider>

export const installation = (context: Context): Installation => context.get(installationContext)
