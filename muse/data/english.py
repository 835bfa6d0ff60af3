#!/usr/bin/env python3
"""Writes words.bin: english.py CMUDICT VOCAB CORPUS COMMON KNOWN

CMUDICT holds a pronunciation a line ("word  W ER1 D", other ways as "word(2)"; the dictionary's own file or the one of its npm package).
VOCAB (en.json) and CORPUS (uint16 tokens, may be .xz) are the muse's: they say how common words are. COMMON (a word a line; Debian's
wamerican-small) adds the common words of our time; KNOWN (wamerican) tells words from names and scraps. README.md tells where they
come from; pronounce_table.c reads the result."""
import array, collections, json, lzma, math, os, re, struct, sys

HERE = os.path.dirname(os.path.abspath(__file__))
# One byte for a sound; pronounce_table.h has the same order. AX is AH without stress.
PHONES = 'AA AE AH AX AO AW AY EH ER EY IH IY OW OY UH UW B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH'.split()
VOWELS = 16
CODE = {phone: i + 1 for i, phone in enumerate(PHONES)}
ONSETS = set('''B CH D DH F G HH JH K L M N P R S SH T TH V W Y Z ZH|B L|B R|B Y|D R|D W|D Y|F L|F R|F Y|G L|G R|G W|G Y
|HH W|HH Y|K L|K R|K W|K Y|L Y|M Y|N Y|P L|P R|P Y|S F|S K|S L|S M|S N|S P|S T|S V|S W|SH L|SH M|SH R|SH W|SH N|T R|T W|T Y|TH R|TH W|V Y|S K L|S K R|S K W|S K Y
|S P L|S P R|S P Y|S T R|S T Y|G W|V R|Z L|TS'''.replace('\n', '').split('|')) | set('B CH D DH F G HH JH K L M N P R S SH T TH V W Y Z ZH'.split())
BLOCK = 16
WAYS = 3
PATTERN = 14  # syllables that a stress pattern of 32 bits holds


def read_dictionary(path):
    ways = collections.defaultdict(list)
    with open(path, encoding='latin1') as f:
        for line in f:
            m = re.match(r'''\s*"?([a-zA-Z'][a-zA-Z']*)(?:\(\d+\))?"?:?\s+"?((?:[A-Z]+[012]?\s?)+)"?,?\s*(?:#.*)?$''', line)
            if m and m.group(2).split() not in ways[m.group(1).lower()]:
                ways[m.group(1).lower()].append(m.group(2).split())
    return ways


def read_own(path):
    said, light, section = {}, set(), ''
    with open(path, encoding='utf8') as f:
        for line in f:
            if line[0] == '#' or not line.strip():
                continue
            if line.strip() in ('SAID', 'LIGHT'):
                section = line.strip()
            elif section == 'SAID':
                word, rest = line.split(None, 1)
                said[word] = [way.split() for way in rest.split(';')]
            else:
                light |= set(line.split())
    return said, light


def count_words(vocab_path, corpus_path):
    """How often each word occurs; one with a capital that is not its sentence's has ^ before it."""
    with open(vocab_path, encoding='utf8') as f:
        vocab = json.load(f)['vocab']
    tokens = array.array('H')
    with (lzma.open(corpus_path) if corpus_path.endswith('.xz') else open(corpus_path, 'rb')) as f:
        tokens.frombytes(f.read())
    if sys.byteorder == 'big':
        tokens.byteswap()
    cap, text = vocab.index('<cap>'), []
    pieces = [' ' if re.match(r'<.*>$', v) else v.lower() for v in vocab]
    for before, t in zip([0] + tokens.tolist(), tokens):
        if t != cap:
            text.append(re.sub('^ ?', ' ^', pieces[t]) if before == cap else pieces[t])
    found = collections.Counter(re.findall(r"\^?'?[a-z]+(?:'[a-z]+)*'?", ''.join(text).replace('\u2019', "'")))
    return found


def vowel_places(phones):
    return [i for i, p in enumerate(phones) if p[-1] in '012']


def plain(phones):
    """Without stress digits and with the differences taken out that only the transcriber made: AX for weak AH and for weak IH before a
    consonant other than NG; R for weak ER after AY and AW, so that "fire" and "flower" sound alike said in one syllable or in two."""
    out = []
    for i, p in enumerate(phones):
        base, stress = (p[:-1], p[-1]) if p[-1] in '012' else (p, '')
        weak = stress == '0'
        if weak and (base == 'AH' or base == 'IH' and i + 1 < len(phones) and phones[i + 1] != 'NG'):
            base = 'AX'
        if weak and base == 'ER' and out and out[-1] in ('AY', 'AW'):
            base = 'R'
        out.append(base)
    return out


def split_way(phones):
    """Stress pattern, onset and rhyme (both as tuples of sounds) of one way to say a word."""
    vowels = vowel_places(phones)
    stress = ''.join(phones[i][-1] for i in vowels)
    stressed = [i for i in vowels if phones[i][-1] != '0'] or vowels[-1:]
    at = stressed[-1]
    start = max([i for i in vowels if i < at], default=-1) + 1
    onset = [p for p in phones[start:at]]
    if start > 0:
        while len(onset) > 1 and ' '.join(onset) not in ONSETS:
            onset = onset[1:]
        onset = [] if onset == ['NG'] else onset
    return stress, tuple(onset), tuple(plain(phones[at:]))


SHORT = set("""a i o ad ah am an as at aw ax ay be by do eh em er go ha he hi ho if in is it la lo ma me mi my no of oh on or ox pa pi sh so ti
to uh um up us we ye yo""".split())


def mended(word, phones):
    """One way to say it, put right: a final -y is weak."""
    phones = list(phones)
    vowels = vowel_places(phones)
    if len(vowels) > 1 and phones[vowels[-1]] == 'IY2' and re.search(r'(y|ie|ies|ied)$', word):
        phones[vowels[-1]] = 'IY0'
        if all(phones[i][-1] == '0' for i in vowels):
            at = vowels[max(0, len(vowels) - 3)]
            phones[at] = phones[at][:-1] + '1'
    return phones


def is_spelt_out(word, phones):
    """An abbreviation said letter by letter, which the dictionary mixes with the word: cod."""
    vowels = vowel_places(phones)
    return len(vowels) == len(word) > 1 and all(phones[i][-1] != '0' for i in vowels)


def both_ways(word, ways):
    """Adds the other way of saying fire and flower: in one syllable, in two."""
    out = []
    for phones in ways:
        pair = [phones]
        for i in range(1, len(phones)):
            if phones[i] == 'ER0' and phones[i - 1] in ('AY1', 'AW1', 'AY2'):
                pair = [phones[:i] + ['R'] + phones[i + 1:], phones]
            elif phones[i] == 'R' and phones[i - 1] in ('AY1', 'AW1', 'AY2') and (i + 1 == len(phones) or phones[i + 1] in ('Z', 'D')):
                pair = [phones, phones[:i] + ['ER0'] + phones[i + 1:]]
        if len(pair) > 1 and not re.search(r'(ire|yre|our|oir)(s|d|ed)?$', word):
            pair.reverse()
        out += [p for p in pair if p not in out]
    return out


def uses(word, count, known):
    """How common a word is; names and old spellings count for little."""
    if word in known:
        return count[word] + count['^' + word]
    return (count[word] + count['^' + word] // 4) // 8


def choose(ways, said, count, wordlist):
    """The words of the table: in the corpus or in the list of common words; no plain possessives; all of our own."""
    out = {}
    for word, all_ways in ways.items():
        met = count[word] >= 2 or count['^' + word] >= 20 or word in wordlist
        if met and re.fullmatch(r"[a-z][a-z']*", word) and not word.endswith("'s") and len(word) < 31 and (len(word) > 2 or word in SHORT):
            out[word] = both_ways(word, [mended(word, x) for x in all_ways if not is_spelt_out(word, x)])[:WAYS]
    out.update({word: all_ways[:WAYS] for word, all_ways in said.items()})
    fits = lambda phones: 0 < len(vowel_places(phones)) <= PATTERN
    return {w: list(filter(fits, a)) for w, a in out.items() if any(map(fits, a))}


def front_coded(words):
    """Each word: how many bytes it shares with the one before, then the rest with the high bit on the last byte. The first of each BLOCK
    shares nothing; the offsets of the blocks come back too."""
    text, offsets, before = bytearray(), [], ''
    for i, word in enumerate(words):
        if i % BLOCK == 0:
            offsets.append(len(text))
            before = ''
        shared = len(os.path.commonprefix([before, word]))
        if shared == len(word):
            shared -= 1
        rest = bytearray(word[shared:].encode('ascii'))
        rest[-1] |= 0x80
        text.append(shared)
        text += rest
        before = word
    return bytes(text), offsets


def loudness(n):
    return min(15, int(math.log2(n + 1)) * 15 // 19)


class Numbers:
    """Gives every different thing a number, the commonest the smallest; `first` is 0 in any case."""

    def __init__(self, things, first=None):
        self.order = [t for t, _ in sorted(collections.Counter(things).items(), key=lambda p: (p[0] != first, -p[1], p[0]))]
        self.of = {t: i for i, t in enumerate(self.order)}


def ended_strings(strings):
    """Strings of sounds one after the other, the high bit on the last sound of each; where every BLOCK-th begins. A space is sound 0."""
    out, starts = bytearray(), []
    for i, string in enumerate(strings):
        if i % BLOCK == 0:
            starts.append(len(out))
        codes = bytearray(CODE.get(p, 0) for p in plain(string))
        codes[-1] |= 0x80
        out += codes
    return bytes(out), starts


def build(table, common, light):
    words = sorted(table)
    split = {w: [split_way(x) for x in table[w]] for w in words}
    for w in words:  # ways that differ in nothing that is kept are one
        split[w] = list(dict.fromkeys(split[w]))[:WAYS]
    every = [s for w in words for s in split[w]]
    patterns, onsets = Numbers(s[0] for s in every), Numbers((s[1] for s in every), ())
    ends = {r[max(i for i, p in enumerate(r) if CODE[p] <= VOWELS):] for _, _, r in every}
    rhymes = sorted({s[2] for s in every} | ends, key=lambda r: [CODE[p] for p in r])
    number = {r: i + 1 for i, r in enumerate(rhymes)}
    assert len(words) < 1 << 16 and len(rhymes) < 1 << 14 and len(onsets.order) <= 1 << 8 and len(patterns.order) <= 1 << 8
    assert len(every) < 1 << 16 and max(map(len, rhymes)) < 24

    text, offsets = front_coded(words)
    heads, ways, starts = bytearray(), [], []
    members = collections.defaultdict(list)
    for i, w in enumerate(words):
        if i % BLOCK == 0:
            starts.append(len(ways))
        flag = w in light and len(split[w][0][0]) == 1
        heads.append(loudness(common[w]) | len(split[w]) << 4 | flag << 6)
        for stress, onset, rhyme in split[w]:
            ways.append(number[rhyme] | onsets.of[onset] << 14 | patterns.of[stress] << 22)
            if i not in members[number[rhyme]] and stress.strip('0'):
                members[number[rhyme]].append(i)
    lists, list_starts = [], [0, 0]
    for n in range(1, len(rhymes) + 1):
        lists += sorted(members[n], key=lambda i: (-common[words[i]], words[i]))
        list_starts.append(len(lists))
    sounds, sound_starts = ended_strings(rhymes)
    onset_sounds, onset_starts = ended_strings([(' ',) + o for o in onsets.order])
    bits = [len(p) | sum(int(d) << (4 + 2 * i) for i, d in enumerate(p)) for p in patterns.order]
    u16 = lambda xs: struct.pack('<%dH' % len(xs), *xs)
    u32 = lambda xs: struct.pack('<%dI' % len(xs), *xs)
    sections = [u32(offsets), u16(starts), text, bytes(heads), u32(ways), u32(bits), onset_sounds, u32(sound_starts), sounds, u16(list_starts),
                u16(lists)]
    print('words %d, ways %d, rhyme classes %d (%d with two words or more), onsets %d, patterns %d' % (
        len(words), len(every), len(rhymes), sum(len(m) > 1 for m in members.values()), len(onsets.order), len(patterns.order)))
    print('bytes', [len(s) for s in sections], sum(map(len, sections)))
    return words, sections, (len(words), len(rhymes), len(onsets.order), len(patterns.order))


def write(sections, counts):
    head, at, body = [], 4 * (len(counts) + len(sections)), b''
    for s in sections:
        body += b'\0' * (-(at + len(body)) % 4)
        head.append(at + len(body))
        body += s
    with open(os.path.join(HERE, 'words.bin'), 'wb') as f:
        f.write(struct.pack('<%dI' % (len(counts) + len(head)), *counts, *head) + body)


def main():
    ways = read_dictionary(sys.argv[1])
    said, light = read_own(os.path.join(HERE, 'english_words.txt'))
    count = count_words(sys.argv[2], sys.argv[3])
    common, known = ({w.strip() for w in open(path, encoding='utf8') if w[0].islower()} for path in sys.argv[4:6])
    table = choose(ways, said, count, common)
    _, sections, counts = build(table, {w: uses(w, count, known | set(said)) for w in table}, light)
    write(sections, counts)
    held = sum(n for w, n in count.items() if w.lstrip('^') in table)
    print('the table holds %.2f %% of the corpus\' running words' % (100 * held / sum(count.values())))


if __name__ == '__main__':
    main()
