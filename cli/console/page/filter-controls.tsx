import { useMemo } from "preact/hooks";
import type { Row } from "../parts.ts";
import { noFilter, type RowFilter, type Sort, sorts } from "./row-filter.ts";
import { stateText } from "./row-words.ts";

interface FilterProps {
  readonly rows: readonly Row[];
  readonly filter: RowFilter;
  readonly filterBy: (change: Partial<RowFilter>) => void;
}

/** What narrows the list; all of it is in the address. */
export function FilterControls({ rows, filter, filterBy }: FilterProps) {
  const values = useMemo(() => valuesIn(rows), [rows]);
  const rare = [filter.operation, filter.rule, filter.person, filter.from, filter.to, filter.place];
  const narrowed = rare.filter((each) => each !== "").length;
  return (
    <search class="filters">
      <div class="controls">
        <label>
          Search
          <input
            type="search"
            value={filter.q}
            placeholder="key, person, rule, ARN"
            onInput={({ currentTarget }) => filterBy({ q: currentTarget.value })}
          />
        </label>
        <Choice
          label="State"
          value={filter.state}
          values={values.states}
          text={stateText}
          set={(state) => filterBy({ state })}
        />
        <label>
          Sort
          <select value={filter.sort} onChange={({ currentTarget }) => filterBy({ sort: currentTarget.value as Sort })}>
            {Object.entries(sorts).map(([sort, text]) => (
              <option key={sort} value={sort}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={filter.open !== ""}
            onChange={({ currentTarget }) => filterBy({ open: currentTarget.checked ? "1" : "" })}
          />
          open only
        </label>
      </div>
      <details>
        <summary>More filters{narrowed === 0 ? "" : ` (${narrowed} set)`}</summary>
        <div class="controls">
          <Choice
            label="Operation"
            value={filter.operation}
            values={values.operations}
            set={(operation) => filterBy({ operation })}
          />
          <Choice label="Rule" value={filter.rule} values={values.rules} set={(rule) => filterBy({ rule })} />
          {values.places.length > 1 || filter.place !== "" ? (
            <Choice label="Place" value={filter.place} values={values.places} set={(place) => filterBy({ place })} />
          ) : null}
          <label>
            Person
            <input value={filter.person} onInput={({ currentTarget }) => filterBy({ person: currentTarget.value })} />
          </label>
          <label>
            From (UTC)
            <input
              type="date"
              value={filter.from}
              onInput={({ currentTarget }) => filterBy({ from: currentTarget.value })}
            />
          </label>
          <label>
            To (UTC)
            <input
              type="date"
              value={filter.to}
              onInput={({ currentTarget }) => filterBy({ to: currentTarget.value })}
            />
          </label>
          <button type="button" class="small" onClick={() => filterBy(noFilter)}>
            Clear all
          </button>
        </div>
      </details>
    </search>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly text?: (value: string) => string;
  readonly set: (value: string) => void;
}

function Choice({ label, value, values, text = (each) => each, set }: ChoiceProps) {
  // One of a shared address that no row has now stays selected, and can be seen to be.
  const all = value === "" || values.includes(value) ? values : [value, ...values];
  return (
    <label>
      {label}
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
        <option value="">any</option>
        {all.map((each) => (
          <option key={each} value={each}>
            {text(each)}
          </option>
        ))}
      </select>
    </label>
  );
}

function valuesIn(rows: readonly Row[]) {
  const distinct = (textOf: (row: Row) => string | undefined) =>
    [...new Set(rows.flatMap((row) => textOf(row) || []))].sort();
  return {
    states: [...new Set([...distinct(({ state }) => state), ...distinct(({ tampered }) => tampered)])],
    operations: distinct(({ operation }) => operation),
    rules: distinct(({ rule }) => rule),
    places: distinct(({ place }) => place),
  };
}
