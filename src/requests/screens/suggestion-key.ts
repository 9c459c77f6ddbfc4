/** Names a suggestion in a form's button. */
export const suggestionKey = ({ place, start, end }: { place: string; start: number; end: number }) =>
  `${start}-${end}-${place}`
