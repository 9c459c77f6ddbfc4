/** The department's own text with its web addresses as links. Visitors' texts get none: a link there is bait. */
export function Linked({ text }: { text: string }) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])/).map((part, n) =>
    n % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change their order
      <a key={n} href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  )
}
