#!/usr/bin/env python3
"""Writes tones.inc and script.inc: chinese.py VOCAB CORPUS [TONES]

VOCAB is the muse's Chinese vocabulary (a token a line), CORPUS its tokenised training text (uint16, may be .xz): they say which forms and
which neighbours are common. TONES (token id, tone, group a line; learnt from the corpus) is only compared with. Unihan is read from
UNICODE (default: where Debian's unicode-data puts it). Prints what it covers and how far the sources agree."""
import array, bz2, collections, lzma, os, sys

HERE = os.path.dirname(os.path.abspath(__file__))
UNICODE = os.environ.get('UNICODE', '/usr/share/unicode')
LEVEL_RHYMES, ENTERING, RHYMES = 30, 90, 106
# Readings of characters that no rhyme book has, by other evidence: only the tone is known.
ONLY_LEVEL, ONLY_OBLIQUE, ONLY_ENTERING = 120, 121, 122
# 詞林正韻: the part of each group; two where the book divides the group, as the two halves of its line in pingshui.txt.
CI = {1: '1 2 31 32 60 61', 2: '3 22 33 52 62 82', 3: '4 5 8 34 35 38 63 64 67', 4: '6 7 36 37 65 66', 5: '39', 6: '11 12 41 42 71 72',
      7: '14 15 16 44 45 46 74 75 76', 8: '17 18 19 47 48 49 77 78 79', 9: '20 50 80', 10: '21 51 81', 11: '23 24 25 53 54 83 84',
      12: '26 55 85', 13: '27 56 86', 14: '28 29 30 57 58 59 87 88 89', 15: '90 91', 16: '92 99', 17: '93 100 101 102 103',
      18: '94 95 96 97 98 105', 19: '104 106'}
HALVES = {9: (5, 10), 10: (3, 5), 13: (6, 7), 40: (3, 5), 43: (6, 7), 68: (3, 5), 69: (5, 10), 70: (3, 5), 73: (6, 7)}
PART = {int(g): part for part, gs in CI.items() for g in gs.split()}
SECOND = {g: RHYMES + 1 + i for i, g in enumerate(sorted(HALVES))}  # the code of a reading in the second half
GROUP = {code: g for g, code in SECOND.items()}


def group_of(code):
    return GROUP.get(code, code)


def part_of(code):
    if code in GROUP:
        return HALVES[GROUP[code]][1]
    return HALVES[code][0] if code in HALVES else PART[code]


def is_level(code):
    return group_of(code) <= LEVEL_RHYMES or code == ONLY_LEVEL


def is_han(c):
    return len(c) == 1 and (0x3400 <= ord(c) <= 0x9FFF or ord(c) == 0x3007)


def data_lines(name):
    with open(os.path.join(HERE, name), encoding='utf8') as f:
        return [l.rstrip('\n') for l in f if l.strip() and l[0] != '#']


def read_unihan(name, wanted):
    out = {key: {} for key in wanted}
    with bz2.open(os.path.join(UNICODE, 'Unihan_%s.txt.bz2' % name), 'rt', encoding='utf8') as f:
        for line in f:
            if line.startswith('U+'):
                code, key, value = line.rstrip('\n').split('\t')
                if key in out and is_han(chr(int(code[2:], 16))):
                    out[key][chr(int(code[2:], 16))] = value
    return out


def named_chars(value):
    """The characters of a value like "U+767C U+9AEE<kMatthews"."""
    return [c for c in (chr(int(v.split('<')[0][2:], 16)) for v in value.split()) if is_han(c)]


def read_corpus(vocab_path, corpus_path):
    """How often each character of the vocabulary and each pair of neighbours occurs."""
    with open(vocab_path, encoding='utf8') as f:
        vocab = f.read().split('\n')
    opened = lzma.open(corpus_path) if corpus_path.endswith('.xz') else open(corpus_path, 'rb')
    tokens = array.array('H')
    with opened as f:
        tokens.frombytes(f.read())
    if sys.byteorder == 'big':
        tokens.byteswap()
    singles, pairs = collections.Counter(tokens), collections.Counter(zip(tokens, tokens[1:]))
    count = {c: singles[i] for i, c in enumerate(vocab) if is_han(c)}
    near = {vocab[a] + vocab[b]: n for (a, b), n in pairs.items() if vocab[a] in count and vocab[b] in count}
    return vocab, count, near


class Forms:
    """Which characters are forms of one another, and which form is preferred."""

    def __init__(self, variants, big5, count):
        self.count, self.big5 = count, big5
        self.near = collections.defaultdict(set)
        self.apart, self.simple = set(), {}
        for kind in ('kZVariant', 'kSemanticVariant', 'kSimplifiedVariant', 'kTraditionalVariant'):
            for c, value in variants[kind].items():
                for d in named_chars(value):
                    self.join(c, d)
        for line in data_lines('variants.txt'):
            for pair in line.lstrip('!= ').split():
                if line[0] == '!':
                    self.apart |= {pair, pair[::-1]}
                elif line[0] == '=':
                    self.simple[pair[0]] = pair[1]
                else:
                    self.join(*pair)

    def join(self, c, d):
        if c != d:
            self.near[c].add(d)
            self.near[d].add(c)

    def of(self, c):
        return sorted(self.near[c], key=lambda d: (-self.count.get(d, 0), d))

    def better(self, c, d):
        """Whether d is to stand for c: c is rare beside it, or a form that no traditional text is written in."""
        mine, other = self.count.get(c, 0), self.count.get(d, 0)
        if c not in self.big5 and d in self.big5:
            return other * 5 >= mine
        return other >= 5 * mine

    def unified(self, c):
        """The form of a traditional character that the vocabulary has, or the better one of several."""
        for d in self.of(c):
            if d in self.count and c + d not in self.apart and (c not in self.count or self.better(c, d)):
                return d
        return c


# ---------------------------------------------------------------------------------------------------------------------------- tones

def read_pingshui():
    names, readings = {}, collections.defaultdict(list)
    for line in data_lines('pingshui.txt'):
        number, name, members = line.split(' ', 2)
        group = int(number)
        names[group] = name
        halves = members.split(' / ')
        assert len(halves) == (2 if group in HALVES else 1), line
        for code, half in zip((group, SECOND.get(group)), halves):
            for c in half:
                assert is_han(c), (group, c)
                if code not in readings[c]:
                    readings[c].append(code)
    assert sorted(names) == list(range(1, RHYMES + 1))
    return names, readings


def add_forms(readings, forms, wanted):
    """A character without a reading of its own has those of the form that is commonest."""
    for c in wanted:
        for d in forms.of(c):
            if c not in readings and d in readings and 'derived' not in readings[d]:
                readings[c] = list(readings[d])


def entering_in(cantonese):
    return any(r.rstrip('0123456789')[-1] in 'ptk' for r in cantonese.split())


def cantonese_tone(value):
    """1 level, 2 oblique, 3 either, by Cantonese readings: level are tones 1 and 4 without a stop at the end."""
    kinds = {1 if r[-1] in '14' and r[-2] not in 'ptk' else 2 for r in value.split()}
    return kinds.pop() if len(kinds) == 1 else 3


MARKS = {'a': 'āáǎà', 'e': 'ēéěè', 'i': 'īíǐì', 'o': 'ōóǒò', 'u': 'ūúǔù', 'ü': 'ǖǘǚǜ'}


def mandarin(value):
    """The final without tone and the tone of the first reading."""
    tone, plain = 0, ''
    for letter in value.split()[0]:
        for vowel, marked in MARKS.items():
            if letter in marked:
                letter, tone = vowel, marked.index(letter) + 1
        plain += letter
    return plain.lstrip('bpmfdtnlgkhjqxzcsryw') or plain, tone


def sound_of(c, sounds):
    """What rhymes by, as far as Cantonese and Mandarin show: both finals and both tones."""
    if c not in sounds['kCantonese'] or c not in sounds['kMandarin']:
        return None
    reading = sounds['kCantonese'][c].split()[0]
    return reading.rstrip('0123456789').lstrip('bpmfdtnlgkwhzcsj'), reading[-1] in '14', mandarin(sounds['kMandarin'][c])[0]


def derive(readings, sounds, wanted):
    """Readings for what no rhyme book of ours has: the group of those that sound alike where they agree, else the tone alone."""
    votes = collections.defaultdict(collections.Counter)
    for c in readings:
        sound = sound_of(c, sounds)
        if sound and len(readings[c]) == 1:
            votes[sound][readings[c][0]] += 1
    derived = {}
    for c in wanted:
        sound = sound_of(c, sounds)
        if c in readings or not sound:
            continue
        entering = entering_in(sounds['kCantonese'][c].split()[0])
        best = [(n, code) for code, n in votes[sound].most_common(2)]
        total = sum(votes[sound].values())
        if best and best[0][0] >= 4 and best[0][0] >= 0.8 * total and is_level(best[0][1]) == (sound[1] and not entering):
            derived[c] = [best[0][1]]
        else:
            derived[c] = [ONLY_ENTERING if entering else ONLY_LEVEL if sound[1] else ONLY_OBLIQUE]
    readings.update(derived)
    return derived


def order_readings(readings, learnt):
    """The commonest first: what the corpus rhymes with, then level before oblique unless the corpus says otherwise."""
    rows = {}
    for c, codes in readings.items():
        tone, group = learnt.get(c, (0, 0))
        rows[c] = sorted(codes, key=lambda code: (group_of(code) != group, is_level(code) == (tone == 2), group_of(code)))[:4]
    return rows


def learnt_tones(path, vocab, readings):
    """What the corpus taught: the tone, and the group under its name in 平水韻, which most of its level members tell."""
    rows, votes = {}, collections.defaultdict(collections.Counter)
    with open(path, encoding='utf8') as f:
        for line in f:
            token, tone, cluster = map(int, line.split())
            if is_han(vocab[token]):
                rows[vocab[token]] = (tone, cluster)
                votes[cluster].update(group_of(code) for code in readings.get(vocab[token], []))
    names = {k: v.most_common(1)[0][0] for k, v in votes.items() if k and v}
    return {c: (tone, names.get(cluster, 0)) for c, (tone, cluster) in rows.items()}


def tone_number(codes):
    kinds = {is_level(code) for code in codes}
    return 3 if len(kinds) == 2 else 1 if True in kinds else 2


def report_tones(readings, certain, learnt, sounds, count):
    known = [c for c in count if c in readings]
    print('tones: %d characters, %d of %d in the vocabulary (%d of them by a rhyme book)' % (
        len(readings), len(known), len(count), len([c for c in known if c in certain])))
    print('  without:', ''.join(c for c in count if c not in readings))
    single = [c for c in known if c in sounds['kCantonese'] and cantonese_tone(sounds['kCantonese'][c]) != 3
              and tone_number(readings[c]) != 3]
    differ = [c for c in single if cantonese_tone(sounds['kCantonese'][c]) != tone_number(readings[c])]
    mass = sum(count[c] for c in single)
    print('  agree with Cantonese tones in %.2f %% of %d characters, %.2f %% of running text; not: %s' % (
        100 - 100 * len(differ) / len(single), len(single), 100 - 100 * sum(count[c] for c in differ) / mass, ''.join(differ)))
    both = [c for c in known if learnt.get(c, (0, 0))[0]]
    if both:
        print('  agree with learnt tones in %.2f %% of %d characters' % (
            100 * sum(learnt[c][0] == tone_number(readings[c]) for c in both) / len(both), len(both)))
        level = [c for c in both if 0 < learnt[c][1] <= LEVEL_RHYMES and learnt[c][0] != 2]
        print('  agree with learnt level groups in %.2f %% of %d characters' % (
            100 * sum(learnt[c][1] in map(group_of, readings[c]) for c in level) / len(level), len(level)))


# --------------------------------------------------------------------------------------------------------------------------- script

# What a simplified character means where nothing around it tells, when the commonest of its traditional ones is not it.
DEFAULTS = dict(zip('丑个丰么于云准凭划卷台后并干征御扑斗朴松杆沈洒洼系苹范表里钟闲面须郁发复采辟几余尽谷困岩吊游泪烟床咏栖凄叹韵韻杯村托岳炉升嗔获奸姜家占周'
                    '签赞蜡腊制历症仆冲只志吁屏咽虫曲借致累',
                    '醜個豐麽於雲準憑劃卷臺後並乾征御撲鬥樸松杆沈灑洼繫蘋范表裏鐘閑面須鬱發復采闢幾餘盡谷困巖弔遊淚煙床詠棲淒歎韻韻杯村托岳爐升嗔獲姦姜家占周'
                    '籤贊蠟臘制歷症僕沖只志吁屏咽蟲曲借致累'))
# More that a simplified character may stand for than Unihan says.
MEANS = {'弔': '弔', '吊': '吊弔', '游': '游遊', '托': '托託', '岳': '岳嶽', '升': '升昇', '签': '簽籤', '赞': '贊讚', '唯': '唯', '仆': '仆僕',
         '欲': '欲慾', '朮': '朮', '周': '周週', '占': '占佔', '雕': '雕鵰', '咽': '咽嚥', '获': '獲穫', '钟': '鐘鍾', '鬥': '鬥', '脏': '髒臟',
         '术': '術朮', '系': '系係繫', '干': '干乾幹', '冲': '沖衝', '历': '歷曆', '复': '復複覆', '折': '折摺', '夥': '夥', '注': '注註', '才': '才',
         '苹': '蘋', '须': '須鬚', '蜡': '蠟', '里': '里裏', '范': '范範', '栗': '栗慄', '松': '松鬆', '志': '志誌', '叹': '歎', '尝': '嘗',
         '甦': '甦', '奸': '奸姦', '采': '采採', '汇': '匯彙', '余': '余餘', '致': '致緻', '云': '云雲', '斗': '斗鬥', '谷': '谷穀', '胡': '胡鬍'}
# Traditional characters that the mainland keeps in some words.
KEPT = {'乾': '乾坤 乾隆 乾卦 乾元 乾乾 乾道 乾象', '著': '著名 顯著 著作 名著 著述 著者 編著 卓著 昭著 原著 著稱 論著 專著 巨著 土著 較著 遺著 譯著 著書',
        '藉': '狼藉 蘊藉 慰藉 枕藉 藉藉', '徵': '宮徵 徵羽 角徵 清徵 流徵', '瞭': '瞭望'}


def traditional_choices(c, variants, forms):
    if c in MEANS:
        return list(MEANS[c])
    found = named_chars(variants['kTraditionalVariant'].get(c, ''))
    return list(dict.fromkeys(forms.unified(d) for d in found))


def traditional_table(variants, forms, tgh, count):
    """Simplified → the traditional character it means by itself, and all that it may mean."""
    table, choices = {}, {}
    for c in sorted(set(variants['kTraditionalVariant']) | set(MEANS) | set(DEFAULTS)):
        if c in forms.big5 and c not in tgh:
            continue  # traditional itself
        choice = traditional_choices(c, variants, forms) or list(DEFAULTS.get(c, ''))
        if not choice:
            continue  # what it stands for is beyond the BMP
        choices[c] = choice
        table[c] = DEFAULTS.get(c) or max(choice, key=lambda d: (count.get(d, 0), -ord(d)))
    return {c: d for c, d in table.items() if c != d}, choices


def simplified_of(c, variants, forms, tgh, depth=2):
    if c in forms.simple:
        return forms.simple[c]
    direct = [d for d in named_chars(variants['kSimplifiedVariant'].get(c, '')) if d in tgh and d != c]
    if c in tgh and (not direct or c in named_chars(variants['kSimplifiedVariant'].get(c, ''))):
        return c
    if direct:
        return direct[0]
    near = [d for d in forms.of(c) if c + d not in forms.apart]
    for d in near:
        if d in tgh and c not in tgh:
            return simplified_of(d, variants, forms, tgh, depth - 1) if depth else d
    for d in near if depth and c not in tgh else []:
        e = simplified_of(d, variants, forms, tgh, depth - 1)
        if e in tgh:
            return e
    other = named_chars(variants['kSimplifiedVariant'].get(c, ''))
    return other[0] if other else c


def simplified_table(variants, forms, tgh, chars):
    table = {c: simplified_of(c, variants, forms, tgh) for c in chars}
    return {c: d for c, d in table.items() if c != d}


def pairs_that_tell(near, to_simplified, to_traditional, choices):
    """Simplified pairs of neighbours that come out otherwise than character by character: pair → traditional pair."""
    votes = collections.defaultdict(collections.Counter)
    many = {c for c in choices if len(choices[c]) > 1}
    simple = lambda c: to_simplified.get(c, c)
    for pair, n in near.items():
        key = ''.join(map(simple, pair))
        for at in (0, 1):
            if key[at] in many and pair[at] in choices[key[at]]:
                votes[key, at][pair[at]] += n
    out = {}
    for (key, at), chosen in votes.items():
        best, n = chosen.most_common(1)[0]
        total = sum(chosen.values())
        plain = to_traditional.get(key[at], key[at])
        if n >= 8 and n >= 0.8 * total and best != plain:
            out.setdefault(key, {})[at] = best
    return out


def add_words(table, words, turned, to_simplified):
    """What words_of_two.txt says, over all that was counted; `turned` is the character-by-character way."""
    for word in words:
        key = ''.join(to_simplified.get(c, c) for c in word)
        table.setdefault(key, {})
        for at in (0, 1):
            if key[at] != word[at] or turned.get(key[at], key[at]) != word[at]:
                table[key][at] = word[at]
    for key in list(table):
        whole = ''.join(table[key].get(at, turned.get(key[at], key[at])) for at in (0, 1))
        if whole == ''.join(turned.get(c, c) for c in key):
            del table[key]
        else:
            table[key] = whole
    return table


def kept_pairs(turned):
    out = {}
    for c, words in KEPT.items():
        for word in words.split():
            out[word] = ''.join(x if x == c else turned.get(x, x) for x in word)
    return out


# ----------------------------------------------------------------------------------------------------------------------------- files

def quoted(text, width=60):
    pieces = [text[i:i + width] for i in range(0, len(text), width)] or ['']
    return '\n'.join('    u"%s"' % piece for piece in pieces)


def by_count(chars, count):
    return ''.join(sorted(chars, key=lambda c: (-count.get(c, 0), c)))


def write_tones(rows, certain, names, count):
    out = ['/* Written by chinese.py; see README.md. */', '']
    chars = sorted(rows)
    out += ['static const uint16_t chars[] =', quoted(''.join(chars)) + ';', '', 'static const unsigned char readings[][4] = {']
    cells = ['{%s}' % ','.join(map(str, rows[c])) for c in chars]
    for i in range(0, len(cells), 10):
        out.append('    ' + ','.join(cells[i:i + 10]) + ',')
    out += ['};', '']
    book = [c for c in rows if c in certain]
    out.append('static const struct rhyme rhymes[] = {')
    for group in sorted(names):
        members = [c for c in book if group in map(group_of, rows[c])]
        part = HALVES[group][0] if group in HALVES else PART[group]
        out.append('RHYME("%s", %d,\n%s)' % (names[group], part, quoted(by_count(members, count))))
    out += ['};', '', 'static const struct half halves[] = {' + ', '.join(
        '{%d, %d}' % (g, HALVES[g][1]) for g in sorted(HALVES)) + '};', '', 'static const struct tone_members ci_members[][2] = {']
    for part in range(1, 20):
        sets = [[c for c in book if any(part_of(code) == part and is_level(code) == level for code in rows[c])] for level in (True, False)]
        out.append('{MEMBERS(\n%s),\n MEMBERS(\n%s)},' % tuple(quoted(by_count(s, count)) for s in sets))
    out += ['};', '']
    with open(os.path.join(HERE, 'tones.inc'), 'w', encoding='utf8') as f:
        f.write('\n'.join(out))


def write_script(tables):
    out = ['/* Written by chinese.py; see README.md. */', '']
    for name, table in tables:
        out += ['static const uint16_t %s[] =' % name, quoted(''.join(key + table[key] for key in sorted(table)), 64) + ';', '']
    with open(os.path.join(HERE, 'script.inc'), 'w', encoding='utf8') as f:
        f.write('\n'.join(out))


def traditional_only(chars, sources):
    """Every traditional character that may be met: Big5's, the vocabulary's, and what simplified ones stand for."""
    return sorted(c for c in set(chars) | set(sources['kBigFive']) if is_han(c))


def main():
    vocab, count, near = read_corpus(sys.argv[1], sys.argv[2])
    variants = read_unihan('Variants', ('kZVariant', 'kSemanticVariant', 'kSimplifiedVariant', 'kTraditionalVariant'))
    sounds = read_unihan('Readings', ('kCantonese', 'kMandarin', 'kTGHZ2013'))
    other = read_unihan('OtherMappings', ('kBigFive',))
    tgh, forms = set(sounds['kTGHZ2013']), Forms(variants, other['kBigFive'], count)

    to_traditional, choices = traditional_table(variants, forms, tgh, count)
    every = traditional_only(list(count) + list(to_traditional.values()), other)
    to_simplified = simplified_table(variants, forms, tgh, every)
    unified = {c: d for c in every for d in [forms.unified(c)] if c != d and c not in to_traditional}
    telling = {c: d for c, d in to_traditional.items() if c not in other['kBigFive']}
    quiet = {c: d for c, d in to_traditional.items() if c not in telling}
    pairs = pairs_that_tell(near, to_simplified, to_traditional, choices)
    words = [w for line in data_lines('words_of_two.txt') for w in line.split()]
    pairs = add_words(pairs, words, to_traditional, to_simplified)
    open_ones = {c: d for c, d in to_simplified.items() if c not in tgh}
    shared = {c: d for c, d in to_simplified.items() if c in tgh}
    write_script([('to_traditional', telling), ('to_traditional_if_simplified', quiet), ('to_traditional_pairs', pairs),
                  ('to_simplified', open_ones), ('to_simplified_if_traditional', shared),
                  ('to_simplified_pairs', kept_pairs(to_simplified)),
                  ('to_unified', unified)])
    print('script: %d + %d to traditional, %d pairs, %d + %d to simplified, %d unified' % (
        len(telling), len(quiet), len(pairs), len(open_ones), len(shared), len(unified)))
    print('  outside the vocabulary though a form is in it:', ''.join(
        c + d for c, d in to_traditional.items() if d not in count and any(e in count for e in forms.of(d))))

    names, readings = read_pingshui()
    add_forms(readings, forms, every)
    certain = set(readings)
    learnt = learnt_tones(sys.argv[3], vocab, readings) if len(sys.argv) > 3 else {}
    derived = derive(readings, sounds, sorted(set(every) | {d for d in tgh if d not in to_traditional}))
    rows = order_readings(readings, learnt)
    for c in to_traditional:
        if c not in rows or c in telling:
            codes = [code for d in [to_traditional[c]] + choices[c] if d in rows for code in rows[d]]
            if codes:
                rows[c] = list(dict.fromkeys(codes))[:4]
    report_tones(rows, certain, learnt, sounds, count)
    print('  derived:', len(derived))
    write_tones(rows, {c for c in certain if c not in telling}, names, count)


if __name__ == '__main__':
    main()
