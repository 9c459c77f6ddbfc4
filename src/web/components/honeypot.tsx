/** A field that people don't see, named `website`: programs that fill in every field fill in this one. */
export function Honeypot() {
  return (
    <div className="display-none" aria-hidden="true">
      <label htmlFor="website">Leave this empty</label>
      <input id="website" name="website" type="text" tabIndex={-1} autoComplete="off" />
    </div>
  )
}
