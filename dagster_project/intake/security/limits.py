"""Every limit that a returned file meets, in one place. Each is told in the message of the file that exceeds it."""

MIB = 1024 * 1024

MAX_FILE_BYTES = 32 * MIB
MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 8 * MIB
MAX_TOTAL_BYTES = 32 * MIB
MAX_RATIO = 200
"""How many times its packed size a part may unpack to, when it unpacks to more than `RATIO_APPLIES_ABOVE` bytes."""
RATIO_APPLIES_ABOVE = 100_000
MAX_ROWS = 5_000
MAX_COLUMNS = 702
"""Up to column ZZ."""

MAX_TEXT = 32_767
"""Characters of one answer: what a cell of Excel holds."""
MAX_SHOWN = 80
"""Characters of typed text that a message repeats."""
MAX_PROBLEMS = 200
"""Problems told of one file."""

CHILD_MEMORY_BYTES = 1024 * MIB
CHILD_CPU_SECONDS = 10
CHILD_WALL_SECONDS = 30
"""What a child process may take for one file before it is stopped."""
