import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { useGo } from "../address.ts";
import { Icon } from "../Icon.tsx";
import type { SearchHit } from "../module.ts";
import { useModules } from "../modules.tsx";
import { holds, useSession } from "../session.tsx";
import css from "./SearchBox.module.css";

const LEAST_LETTERS = 2;
const PAUSE_MS = 250;

/** Finds persons and places from anywhere; key "/". Large on the workbench, small in the top bar elsewhere. */
export function SearchBox({ large = false }: { large?: boolean }) {
  const session = useSession();
  const go = useGo();
  const listId = useId();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const source = useModules()
    .map((module) => module.search)
    .find((one) => one !== undefined && holds(session, one.permission));
  const wanted = useSettled(text.trim());
  const answer = useQuery({
    // Numbers of persons stay out of the cache's reach: the answer is dropped as soon as the box is left.
    queryKey: ["search", wanted],
    queryFn: ({ signal }) => source?.load(wanted, signal) ?? [],
    enabled: source !== undefined && open && wanted.length >= LEAST_LETTERS,
    gcTime: 0,
  });
  const hits = useDeferredValue(answer.data ?? []);
  useSlashKey(field);
  if (!source) return null;

  const leave = () => {
    setOpen(false);
    setText("");
    field.current?.blur();
  };
  const follow = (hit: SearchHit) => {
    leave();
    go(hit.path);
  };
  const enter = () => {
    const hit = hits[at] ?? (hits.length === 1 ? hits[0] : undefined);
    if (hit) return follow(hit);
    const all = wanted.length >= LEAST_LETTERS ? source.allResults?.(wanted) : null;
    if (all) {
      leave();
      go(all);
    }
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setAt((now) => Math.min(now + 1, hits.length - 1));
    else if (event.key === "ArrowUp") setAt((now) => Math.max(now - 1, -1));
    else if (event.key === "Enter") enter();
    else if (event.key === "Escape") leave();
    else return;
    event.preventDefault();
  };
  const shown = open && wanted.length >= LEAST_LETTERS;
  return (
    <div
      className={`${css["search"]} ${large ? css["large"] : ""}`}
      onBlur={(event) => (event.currentTarget.contains(event.relatedTarget) ? undefined : setOpen(false))}
    >
      <Icon name="search" />
      <input
        ref={field}
        role="combobox"
        aria-expanded={shown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-label="查找人员和村"
        {...(hits[at] ? { "aria-activedescendant": `${listId}-${at}` } : {})}
        autoComplete="off"
        spellCheck={false}
        placeholder={large ? "查人：姓名、身份证号、手机号、村" : "姓名、身份证号、手机号、村"}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
          setOpen(true);
        }}
        onFocus={() => setOpen(true)}
        onKeyDown={press}
      />
      {text === "" ? <kbd>/</kbd> : null}
      {shown ? (
        // The combobox of ARIA: no tag of HTML opens a list below a field that is searched on the server.
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        <div id={listId} role="listbox" aria-label="查找结果" className={css["hits"]}>
          {answer.isFetching && hits.length === 0 ? <p className={css["words"]}>正在查找…</p> : null}
          {answer.error ? <p className={css["words"]}>{answer.error.message}</p> : null}
          {!answer.isFetching && !answer.error && hits.length === 0 ? (
            <p className={css["words"]}>辖区内没有找到“{wanted}”</p>
          ) : null}
          {hits.map((hit, index) => (
            <div
              key={hit.id}
              id={`${listId}-${index}`}
              // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              className={index === at ? css["active"] : ""}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => follow(hit)}
              onKeyDown={press}
            >
              <b>{hit.title}</b>
              <span className="caption">{hit.note}</span>
              <span className={css["group"]}>{hit.group}</span>
            </div>
          ))}
        </div>
      ) : null}
    </div>
  );
}

/** The text once typing has paused: an input method's half-written letters are not sent. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

function useSlashKey(field: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const writing =
        target !== null && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
      if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [field]);
}
