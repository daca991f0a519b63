// The list of failures: selecting documents to read again.

import { bindSelection } from "./selection.js";

const form = document.getElementById("failures-form");
const bar = document.getElementById("bulk");
if (bar) bindSelection(form, "document", bar);
