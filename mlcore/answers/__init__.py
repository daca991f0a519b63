"""What a model says about a document: values as they are printed, in a fixed order.

A model copies, code normalises: an answer holds the print (``10/27/2025``, ``1,234.50``), and ``mlcore.normalize`` makes values
of it, so that a small model need not learn to turn dates around and every value can be found on the page. An ``AnswerForm`` spells
a record as text and reads it back; the forms carry the same values.
"""

from mlcore.answers.form import AnswerForm, Part
from mlcore.answers.json_form import JsonForm
from mlcore.answers.keyed_form import KeyedForm
from mlcore.answers.rows_form import RowsForm

FORMS: dict[str, AnswerForm] = {form.name: form for form in (RowsForm(), JsonForm(), KeyedForm())}

__all__ = ["FORMS", "AnswerForm", "JsonForm", "KeyedForm", "Part", "RowsForm"]
