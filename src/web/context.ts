import { createContext, type RouterContextProvider } from 'react-router'
import type { Person } from '../department/department.ts'
import type { Installation } from '../installation.ts'

/** What the server hands to every loader and action. */
export const installationContext = createContext<Installation>()
/** One value a response, that lets this response's own scripts run under the Content-Security-Policy. */
export const nonceContext = createContext<string>()
/** The network address that the request came from. */
export const addressContext = createContext<string>()
/** Who is signed in; the console's layout sets it before anything inside runs. */
export const personContext = createContext<Person>()

type Context = Readonly<RouterContextProvider>

export const installation = (context: Context): Installation => context.get(installationContext)
export const clientAddress = (context: Context): string => context.get(addressContext)
/** The person at work; throws outside the console, where nobody has to be signed in. */
export const signedIn = (context: Context): Person => context.get(personContext)
