from hypothesis import settings

# How long an example takes says more about the machine than about a rule. A failure prints how to repeat it.
settings.register_profile("rules", deadline=None, print_blob=True)
settings.load_profile("rules")
