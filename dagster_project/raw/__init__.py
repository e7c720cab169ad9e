"""Files of a round, loaded raw: what was seen, what was typed, what was wrong. Nothing is interpreted here."""
