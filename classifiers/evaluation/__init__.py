"""How good a model and a policy are on labelled posts; `classifiers.evaluate` puts it together."""
