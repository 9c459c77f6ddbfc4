/** As many files as one run takes, so that two people can answer for its list. */
export const filesInARun = 10_000
/** Beyond this an overview says "or more". */
export const countedAtMost = 1000
export const holdsOnAPage = 25
export const runsOnAPage = 25
export const filesOnAPage = 25
