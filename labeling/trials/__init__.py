"""Labels of documents whose truth is known: gold tests that nobody can tell from work, and the onboarding of new people."""
