/** How anybody checks the log, with our program or another's. */
export function HowToCheck({ address }: { address: string }) {
  return (
    <>
      <h2>How to check it</h2>
      <ul className="usa-list measure-5">
        <li>
          <strong>A record or a production that you were given:</strong>{' '}
          <code>npx plainview verify FILE --key KEY</code>. It needs no network, and names the first thing
          that is wrong. Get the key from this page, not from whoever gave you the file.
        </li>
        <li>
          <strong>That the log was not rewritten:</strong> save <a href="/log/checkpoint">the checkpoint</a>{' '}
          now and then. At any later time <a href="/log/consistency">compare it with the log</a>.
        </li>
        <li>
          <strong>With a program of somebody else:</strong> the log follows C2SP tlog-tiles, so any client of
          such logs reads it at <code>{address}</code>. A timestamp is checked by{' '}
          <code>openssl ts -verify -token_in -in TIMESTAMP -data CHECKPOINT -CAfile AUTHORITY</code>.
        </li>
        <li>
          <strong>As a witness:</strong> another department, a library or a newspaper can watch this log with{' '}
          <code>npx plainview witness</code>, and sign that it only grows.
        </li>
      </ul>
      <h2>How it works</h2>
      <p className="measure-5">
        Each record is hashed together with a random number of its own, so the log gives nothing of its
        content away. The hashes form a Merkle tree (RFC 6962), published as tiles below /log/tile/. The
        checkpoint signs the whole of it. Who keeps a checkpoint can prove at any later time that the log has
        only grown. What the log does not prove: that a record’s words are true, or that something was
        recorded at all.
      </p>
    </>
  )
}
