"""What the steps of a search cost, and how widely it looks."""

from cleaners.slips.gbk import code

# Costs in tenths of nats, as the language model's.
STRAY = 35  # a mark was cut off the character before it
STRAY_IGNORED = 60  # on a page with the noise, a question mark before a mark is one after all
SWALLOWED = 40  # the last byte of a shift took the next ASCII character with it
VANISHED = -6  # a pair of bytes was not shown; the model finds real text less likely than it is
KEY_MISSED = 80  # a key that the page annotates densely has no annotation here
FOREIGN_NOTE = 120  # an annotation after something that is not its key stays
ORPHAN = 300  # a reading without its bracket stays
DROPPED = 20  # the decoder dropped a lone byte and kept the bracket

REPEATED = 100  # the same mark twice
BALANCE = 25  # a quotation mark fits those before it, or does not
UNFINISHED = 40  # a line ends with an opening bracket or a comma
NOTHING, SWALLOWED_MARK = 80, 15  # nothing shown was swallowed, or a mark
FOLDED = 20  # a full-width character was made ASCII

AFTER_DIGIT = frozenset("0123456789%.")

FULL_WIDTH = 0xA3  # first byte of the full-width forms of ASCII
VANISH_STATES = 4  # so many of the best hypotheses are tried for vanished pairs
SPLIT_KEPT = 4  # characters tried before a mark that a vanished pair made
SUSPECT = 55  # if their next two characters together cost more than this
CLOSING = "”》）"
FULL_WIDTH_BYTES = {half: code(full)[1] for half, full in zip(",?!:;()", "，？！：；（）", strict=True)}
SWALLOWED_END = 10  # a line end, in a dump of one paragraph a line
LAST = frozenset("。！？”’」』）…")  # behind one of these
NEVER_LAST = tuple("、，“《（‘")
SINGLE = "。、，；"  # marks that are not doubled
NOTABLE = frozenset("。、，；“”‘’《》（）「」『』他她")  # what costs depend on more than the context
SENTENCE_ENDS = "。，！"
BEFORE_SPEECH = "：，。！？、”"
QUOTED_TERM, TERM_LENGTH = 80, 6  # so few characters between quotation marks are no sentence
BRACKET_REACH = 60  # characters in which a bracket that was swallowed is closed
HALF_QUESTION = 30  # a half-width question mark on a page that carries the noise and has full-width marks
