import type { WorldPart } from "../parts.ts";

interface NotesProps {
  readonly world: WorldPart;
  /** Those that act where the note stands; undefined for all. */
  readonly services?: readonly string[];
}

/** Which services are broken on purpose, and who meets that. */
export function FaultNotes({ world, services }: NotesProps) {
  const broken = world.faults.filter(
    ({ service, fault }) => fault !== "up" && (services === undefined || services.includes(service)),
  );
  return (
    <>
      {broken.map(({ service, fault, scope }) => (
        <p class="said warn" key={service}>
          {service}: <strong>{fault}</strong> {scope === "guard" ? "for the guard only" : "for everyone"}
        </p>
      ))}
    </>
  );
}
