"""Behaviour over time: what several posts show that no single one does.

`past.py` looks back from one mention; `linking.py` tells which accounts are one person's, `fingerprint.py` which texts
are copies, `goodwill.py` who are friends; `over_time.py` lets what is found weigh in findings; `timeline.py` is the
evidence of it.
"""
