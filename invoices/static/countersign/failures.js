// The list of failures: selecting documents to read again.

import { bindSelection } from "./selection.js";

const form = document.getElementById("failures-form");
if (form) bindSelection(form, "document", document.getElementById("bulk"));
