// Another value than the ones there are: one input, or one for each column of a row.

/** A form, hidden until it is asked for. `take(value)` gets the entered text, of a row its JSON. */
export function otherForm({ one, schema, values, take }) {
  const form = document.createElement("form");
  form.className = "other";
  form.hidden = true;
  form.noValidate = true;
  const isRow = one.name === "line_items";
  const specs = isRow ? schema.columns : [{ name: "value", label: one.label, kind: values.kindOf(one.name) }];
  const before = isRow ? JSON.parse(one.value ?? one.a.value ?? one.b.value ?? "{}") : { value: one.value ?? one.machine.value ?? one.a.value ?? "" };
  for (const spec of specs) form.append(field(spec, before[spec.name] ?? "", schema));
  const button = document.createElement("button");
  button.className = "button button--small";
  button.textContent = "Take this value";
  form.append(button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form);
    take(isRow ? JSON.stringify(Object.fromEntries(specs.map(({ name }) => [name, data.get(name) || null]))) : data.get("value"));
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    form.hidden = true;
    form.closest(".card").focus();
  });
  return form;
}

function field(spec, value, schema) {
  const label = document.createElement("label");
  label.className = "other__field";
  const words = document.createElement("span");
  words.className = "muted small";
  words.textContent = spec.label;
  const input = spec.kind === "item_type" ? choice(schema) : document.createElement("input");
  input.name = spec.name;
  input.className = "input";
  input.value = value;
  label.append(words, input);
  return label;
}

function choice(schema) {
  const select = document.createElement("select");
  select.add(new Option("none", ""));
  for (const type of schema.item_types) select.add(new Option(type.label, type.value));
  return select;
}
