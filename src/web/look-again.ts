import { useEffect } from 'react'
import { useRevalidator } from 'react-router'

/** Asks the server again every two seconds while something goes on by itself; without JavaScript the reader reloads. */
export function useLookAgain(goesOn: boolean) {
  const { revalidate } = useRevalidator()
  useEffect(() => {
    if (!goesOn) return
    const timer = setInterval(revalidate, 2000)
    return () => clearInterval(timer)
  }, [goesOn, revalidate])
}
