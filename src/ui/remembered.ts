import { useCallback, useState } from "react";

/** A choice of how to look at things, kept on this machine. Never data of persons. */
export function useRemembered<T>(name: string, initial: T): [T, (value: T) => void] {
  const key = `wengang.${name}`;
  const [value, setValue] = useState<T>(() => read(key) ?? initial);
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // A full or forbidden store loses only the memory of a choice.
      }
    },
    [key],
  );
  return [value, keep];
}

function read<T>(key: string): T | null {
  try {
    const text = localStorage.getItem(key);
    return text === null ? null : (JSON.parse(text) as T);
  } catch {
    return null;
  }
}
