#!/usr/bin/env python3
"""Checks a bag of Plainview's with nothing of Plainview's: written from RFC 8493 (BagIt), RFC 6962 (Merkle tree),
RFC 8032 (Ed25519), the C2SP signed note, and the README in the bag. It needs Python's own library only.

    bag-checker.py FOLDER VERIFIER      VERIFIER: name+1a2b3c4d+AAAA…, the key that signs the log now

Prints "genuine" and ends with 0, or the first problem and 1. With - as FOLDER it reads one folder a line, and answers
each in a line.
"""
import base64
import hashlib
import json
import os
import re
import sys


class Problem(Exception):
    pass


def check(condition, sentence):
    if not condition:
        raise Problem(sentence)


# --- BagIt (RFC 8493) ---------------------------------------------------------------------------------------------

def read(bag, name):
    try:
        with open(os.path.join(bag, *name.split('/')), 'rb') as file:
            return file.read()
    except OSError:
        raise Problem(f'{name} is missing')


def utf8(name, content):
    try:
        return content.decode('utf-8', 'strict')
    except UnicodeDecodeError:
        raise Problem(f'{name} is not UTF-8')


def manifest(bag, name):
    """Section 2.1.3: a checksum, whitespace, a path with CR, LF and % percent-encoded, one a line."""
    sums = {}
    text = utf8(name, read(bag, name))
    check(text.endswith('\n'), f'{name} is cut off')
    for line in text[:-1].split('\n'):
        match = re.fullmatch(r'([0-9a-f]{128})[ \t]+(\S.*)', line)
        check(match, f'{name} has a line that is no entry: {line[:40]}')
        encoded = match.group(2)
        check(not re.search(r'%(?!0[AaDd]|25)', encoded), f'{name} has a badly encoded path: {encoded}')
        path = re.sub(r'%(0[AaDd]|25)', lambda code: chr(int(code.group(1), 16)), encoded)
        parts = path.split('/')
        check(not path.startswith(('/', '~')) and '..' not in parts and '.' not in parts and '' not in parts,
              f'{name} leads out of the bag: {path}')
        check(path not in sums, f'{name} lists {path} twice')
        sums[path] = match.group(1)
    return sums


def check_bag(bag):
    declaration = utf8('bagit.txt', read(bag, 'bagit.txt'))
    check(declaration == 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n',
          'bagit.txt does not declare version 1.0 and UTF-8')
    payload = manifest(bag, 'manifest-sha512.txt')
    tags = manifest(bag, 'tagmanifest-sha512.txt')
    for name in ('bagit.txt', 'bag-info.txt', 'manifest-sha512.txt'):
        check(name in tags, f'tagmanifest-sha512.txt does not list {name}')
    for path in payload:
        check(path.startswith('data/'), f'{path} is listed as payload and lies outside data/')
    size = 0
    for path, expected in {**tags, **payload}.items():
        content = read(bag, path)
        check(hashlib.sha512(content).hexdigest() == expected, f'{path} is not what its checksum says')
        size += len(content) if path in payload else 0
    there = set()
    for folder, _, names in os.walk(bag):
        there.update(os.path.relpath(os.path.join(folder, name), bag).replace(os.sep, '/') for name in names)
    for path in sorted(there):
        check(path in payload or path in tags or path == 'tagmanifest-sha512.txt', f'{path} is in no manifest')
    info = {}
    for line in utf8('bag-info.txt', read(bag, 'bag-info.txt')).splitlines():
        match = re.fullmatch(r'([^:\s][^:]*):[ \t](.*)', line)
        check(match, f'bag-info.txt has a line without a label: {line[:40]}')
        info.setdefault(match.group(1), match.group(2))
    check(info.get('Payload-Oxum') == f'{size}.{len(payload)}',
          f'bag-info.txt: Payload-Oxum is {info.get("Payload-Oxum")}, there is {size}.{len(payload)}')
    check(re.fullmatch(r'\d{4}-\d\d-\d\d', info.get('Bagging-Date', '')), 'bag-info.txt has no Bagging-Date')
    return payload


# --- Ed25519 (RFC 8032, section 6) --------------------------------------------------------------------------------

P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, 'little')
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, 'little'))


def signed(public, message, signature):
    a, r, s = decompress(public), decompress(signature[:32]), int.from_bytes(signature[32:], 'little')
    if a is None or r is None or s >= L or len(signature) != 64:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), 'little') % L
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The log: signed note (C2SP) and inclusion proof (RFC 9162, section 2.1.3.2, the same tree as RFC 6962) ---------

def open_checkpoint(note, verifier):
    name, hash_, key = verifier.split('+', 2)
    typed = base64.b64decode(key)
    check(typed[0] == 1 and len(typed) == 33, 'the key given is no Ed25519 key')
    check(hashlib.sha256(name.encode() + b'\n' + typed).digest()[:4].hex() == hash_, 'the key given is damaged')
    text, found, signatures = note.rpartition('\n\n')
    check(found and note.endswith('\n'), 'data/log/checkpoint is no signed note')
    text += '\n'
    good = False
    for line in signatures.splitlines():
        match = re.fullmatch(r'— (\S+) ([A-Za-z0-9+/]+=*)', line)
        check(match, 'data/log/checkpoint has a damaged signature line')
        blob = base64.b64decode(match.group(2))
        if match.group(1) == name and blob[:4].hex() == hash_:
            check(signed(typed[1:], text.encode(), blob[4:]), 'data/log/checkpoint: the signature is not of this text')
            good = True
    check(good, 'data/log/checkpoint is not signed with the key given')
    origin, size, root = text.split('\n')[:3]
    check(origin == name, 'data/log/checkpoint is of another log')
    return int(size), base64.b64decode(root, validate=True)


def root_from(leaf, index, size, path):
    """The root to which a leaf's inclusion proof leads, or None when the proof is of another form."""
    if index >= size or index < 0:
        return None
    node, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if node & 1 or node == last:
            result = hashlib.sha256(b'\1' + sibling + result).digest()
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            result = hashlib.sha256(b'\1' + result + sibling).digest()
        node, last = node >> 1, last >> 1
    return result if last == 0 else None


def parse(bag, name):
    try:
        return json.loads(utf8(name, read(bag, name)))
    except ValueError:
        raise Problem(f'{name} is not JSON')


def check_in_log(name, commitment, proof, size, root):
    leaf = hashlib.sha256(b'\0' + commitment).digest()
    path = [bytes.fromhex(hash_) for hash_ in proof['path']]
    check(root_from(leaf, proof['position'], size, path) == root, f'{name} is not in the log at {proof["position"]}')


def check_logged_record(bag, place, size, root):
    text = read(bag, f'{place}.json')
    proof = parse(bag, f'{place}.proof.json')
    commitment = hashlib.sha256(b'plainview record v1\n' + bytes.fromhex(proof['salt']) + text).digest()
    check_in_log(f'{place}.json', commitment, proof, size, root)
    return json.loads(text)


def check_original(bag, place, record, rendition, size, root):
    """A redacted or withheld record: its original is in the log, and a statement in the log binds the rendition to it."""
    proof = parse(bag, f'{place}.proof.json')
    check_in_log(f'{place}.proof.json', bytes.fromhex(proof['commitment']), proof, size, root)
    statement = check_logged_record(bag, f'data/redactions/{record}', size, root)['content']
    check(statement['original']['record'] == record and statement['original']['commitment'] == proof['commitment']
          and statement['original']['position'] == proof['position'],
          f'data/redactions/{record}.json is about another original')
    expected = None if rendition is None else hashlib.sha256(rendition).hexdigest()
    check(statement['rendition'] == expected, f'{place} is not the text that was released')


def check_records(bag, payload, size, root):
    records, files = 0, set()
    for name in payload:
        match = re.fullmatch(r'data/records/\d+/([0-9a-f-]{36})(\.redacted)?\.json', name)
        if match:
            place = name[:-len('.json')].removesuffix('.redacted')
            if match.group(2):
                text = read(bag, name)
                check_original(bag, place, match.group(1), text, size, root)
                record = json.loads(text)
            else:
                record = check_logged_record(bag, place, size, root)
            check(record['id'] == match.group(1), f'{name} is another record than its name says')
            check(read(bag, f'{place}.txt').decode() == record['words'], f'{place}.txt is not the words of its record')
            for blob in record['blobs']:
                if blob.get('sha256'):
                    files.add(f'data/files/{blob["sha256"]}')
            records += 1
        match = re.fullmatch(r'data/withheld/([0-9a-f-]{36})\.proof\.json', name)
        if match:
            check_original(bag, f'data/withheld/{match.group(1)}', match.group(1), None, size, root)
    for name in sorted(files):
        check(name in payload, f'{name} is missing')
        check(hashlib.sha256(read(bag, name)).hexdigest() == name.rsplit('/', 1)[1], f'{name} is another file')
    for name in payload:
        check(not name.startswith('data/files/') or name in files, f'{name} belongs to no record')
    check(records > 0, 'there is no record')
    return records


def verdict(bag, verifier):
    try:
        payload = check_bag(bag)
        size, root = open_checkpoint(utf8('data/log/checkpoint', read(bag, 'data/log/checkpoint')), verifier)
        return True, f'genuine: {check_records(bag, payload, size, root)} records'
    except Problem as problem:
        return False, str(problem)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        return False, f'a file of the bag has not the form it must have: {error!r}'


def main(bag, verifier):
    if bag == '-':
        for line in sys.stdin:
            print(ascii(verdict(line.rstrip('\n'), verifier)[1])[1:-1], flush=True)
        return 0
    genuine, said = verdict(bag, verifier)
    print(said)
    return 0 if genuine else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], sys.argv[2]))
