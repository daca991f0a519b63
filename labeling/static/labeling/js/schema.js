// The fields of the record as the server defines them (mlcore/schema.py), and the names of cells.

/** `config`: {header: [spec], columns: [spec], item_types: [{value, label, short, key}]}; a spec has name, kind, label, hint, critical. */
export class Schema {
  constructor({ header, columns, item_types: itemTypes }) {
    this.header = header;
    this.columns = columns;
    this.itemTypes = itemTypes;
    this.typeValues = itemTypes.map((type) => type.value);
    this.headerByName = new Map(header.map((spec) => [spec.name, spec]));
    this.columnByName = new Map(columns.map((spec) => [spec.name, spec]));
    this.top = header.filter((spec) => spec.kind !== "money");
    this.totals = header.filter((spec) => spec.kind === "money");
  }

  /** The definition behind a cell key: "vendor.name" or "p0.unit_price". */
  spec(key) {
    return this.headerByName.get(key) ?? this.columnByName.get(splitKey(key).column);
  }

  isHeader(key) {
    return this.headerByName.has(key);
  }

  /** The row id of a cell key, null for a header cell. */
  rowOf(key) {
    return this.isHeader(key) ? null : splitKey(key).row;
  }

  columnOf(key) {
    return splitKey(key).column;
  }

  label(key, rows) {
    if (this.isHeader(key)) return this.headerByName.get(key).label;
    const { row, column } = splitKey(key);
    return `Row ${rows.indexOf(row) + 1}, ${this.columnByName.get(column).label}`;
  }
}

function splitKey(key) {
  const dot = key.indexOf(".");
  return { row: key.slice(0, dot), column: key.slice(dot + 1) };
}

export function cellKey(row, column) {
  return `${row}.${column}`;
}

/** "line_items[2].total" with these row ids is "p2.total"; a header path is its own key. Null for a row that is not there. */
export function keyOfPath(path, rows) {
  const match = /^line_items\[(\d+)\]\.(.+)$/.exec(path);
  if (!match) return path;
  const row = rows[Number(match[1])];
  return row === undefined ? null : cellKey(row, match[2]);
}
