/** Why a record is among those that were found, when its own words are not why. */
export function ReadByMachine() {
  return (
    <span className="pv-quiet display-block">
      Found by words that a machine read in a picture or in captions.
    </span>
  )
}
