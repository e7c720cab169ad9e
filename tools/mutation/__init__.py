"""Mutation testing of the models and the release step: which small changes do the tests miss?"""
