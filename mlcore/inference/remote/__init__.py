"""Answers from a model behind a server that speaks the completions API of OpenAI (vLLM with LoRA): no torch in this process.

``server`` says which server, ``wire`` what is asked and how an answer is understood, ``client`` carries it, ``probe`` asks once what a
server can do, ``engine`` is the ``document_reader.Engine``.
"""
