"""An attack on the published figures: which ratings of single committees can be worked out from them.

The attack reads the open data of a release as anybody gets them, and the figures of earlier releases. It shares no code
with the models that decide what is withheld.
"""
