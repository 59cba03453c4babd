// The draft with everything that was decided about it, and the way back: one history for words,
// taken rewrites, allowances and opened files.

const PAUSE = 800;
const MOST_STEPS = 500;
const MOST_CHARACTERS = 50_000_000;

export class Store extends EventTarget {
  #past = [];
  #future = [];
  #lastKind = "";
  #lastTime = 0;

  state = { text: "", format: "markdown", name: "draft.md", document: "", allowed: [] };
  saved = this.state;

  get canUndo() { return this.#past.length > 0; }
  get canRedo() { return this.#future.length > 0; }
  get isSaved() { return this.state === this.saved || (!this.state.text && !this.state.document); }

  // Change something; what is typed in one go is undone in one go. `selection` is where the caret
  // goes with this change, `was` where it was before.
  change(parts, { kind = "", was = null, selection = null } = {}) {
    const now = performance.now();
    const continues = kind && kind === this.#lastKind && now - this.#lastTime < PAUSE;
    if (!continues) {
      this.#past.push({ state: this.state, selection: was });
      this.#trim();
    }
    this.#future = [];
    this.#lastKind = kind;
    this.#lastTime = now;
    this.#set({ ...this.state, ...parts }, selection);
  }

  undo() { this.#step(this.#past, this.#future); }
  redo() { this.#step(this.#future, this.#past); }

  markSaved() { this.saved = this.state; }

  #step(from, to) {
    const step = from.pop();
    if (!step) return;
    to.push({ state: this.state, selection: step.selection });
    this.#lastKind = "";
    this.#set(step.state, step.selection);
  }

  #set(state, selection) {
    const before = this.state;
    this.state = state;
    this.dispatchEvent(new CustomEvent("change", { detail: { before, selection } }));
  }

  #trim() {
    let size = 0;
    for (let place = this.#past.length - 1; place >= 0; place -= 1) {
      size += this.#past[place].state.text.length;
      if (size > MOST_CHARACTERS || this.#past.length - place > MOST_STEPS) {
        this.#past.splice(0, place + 1);
        return;
      }
    }
  }
}
