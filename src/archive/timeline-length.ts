/** How many records a thing's timeline shows. A request for everything has more of them. */
export const timelineLength = 500
