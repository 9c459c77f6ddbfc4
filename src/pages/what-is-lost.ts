/** What nobody can know about a gap in the capture, said wherever one is shown. */
export const whatIsLost =
  'What was written in this time and still stood at its end was read then. What was changed or deleted in between is not known.'
