"""Spoken sentences: said by synthetic voices, with noise, heard by the assistant's own ears, judged by effect."""
