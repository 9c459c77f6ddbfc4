/** The first words of a longer text: at most `length` characters, the sign for what is left out included. */
export const opening = (text: string, length: number) =>
  text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`
