/** The status bar: what the active session does, with which model, how freely, and what it has cost. */
import * as vscode from 'vscode';
import type { ServerState } from '../client.js';
import type { Ctx } from '../ctx.js';
import { cost, count, shortened } from '../format.js';

const STATES: Record<Exclude<ServerState, 'running'>, { text: string; warns?: boolean }> = {
  stopped: { text: '$(circle-slash) Droid' },
  starting: { text: '$(loading~spin) Droid' },
  restarting: { text: '$(warning) Droid stopped; restarting' },
  missing: { text: '$(warning) Droid: no server', warns: true },
  failed: { text: '$(error) Droid stopped', warns: true },
};

export class StatusBar implements vscode.Disposable {
  readonly #ctx: Ctx;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable[];

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
    this.#item = vscode.window.createStatusBarItem('droid.status', vscode.StatusBarAlignment.Right, 100);
    this.#item.name = 'Droid';
    this.#item.command = 'droid.menu';
    const draw = (): void => this.#draw();
    this.#subscriptions = [
      this.#item,
      ctx.server.onDidChangeState(draw),
      ctx.sessions.onDidChange(draw),
      ctx.sessions.onDidChangeActive(draw),
      ctx.questions.onDidOpen(draw),
      ctx.questions.onDidClose(draw),
    ];
    draw();
    this.#item.show();
  }

  /** What is shown, for whoever wants to know. */
  get text(): string {
    return this.#item.text;
  }

  #draw(): void {
    const { state } = this.#ctx.server;
    this.#item.backgroundColor = undefined;
    this.#item.command = 'droid.menu';
    if (state !== 'running') {
      const { text, warns } = STATES[state];
      this.#item.text = text;
      this.#item.tooltip = 'Droid';
      if (warns === true) this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
      return;
    }
    const [first] = this.#ctx.questions.open;
    const waiting = this.#ctx.questions.open.length;
    this.#item.command =
      first === undefined ? 'droid.menu' : { title: 'Show', command: 'droid.question.show', arguments: [first.id] };
    const { active, live } = this.#ctx.sessions;
    const others = live.filter((one) => one.busy && one !== active).length;
    if (waiting > 0) {
      this.#item.text = `$(bell-dot) Droid waits for you${waiting > 1 ? ` (${waiting})` : ''}`;
      this.#item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    } else if (active === undefined) {
      this.#item.text = `${others > 0 ? '$(loading~spin)' : '$(hubot)'} Droid`;
    } else {
      const parts = [active.model || 'no model', active.autonomy && `autonomy ${active.autonomy}`, cost(active.costUsd)];
      const icon = active.busy || others > 0 ? '$(loading~spin)' : '$(hubot)';
      this.#item.text = `${icon} ${parts.filter((one) => one !== '').join(' · ')}`;
    }
    this.#item.tooltip = this.#tooltip(others);
    this.#item.accessibilityInformation = { label: `Droid: ${this.#item.text.replace(/\$\([^)]*\)\s*/g, '')}` };
  }

  #tooltip(others: number): string {
    const { active } = this.#ctx.sessions;
    const lines = ['Droid'];
    if (active !== undefined) {
      lines.push(shortened(active.title || 'untitled session', 80));
      if (active.message !== '') lines.push(shortened(active.message, 120));
    }
    if (others > 0) lines.push(`${count(others, 'other session')} at work`);
    const click = this.#ctx.questions.open.length > 0 ? 'Click to see what is asked' : 'Click for models, autonomy and more';
    lines.push(click);
    return lines.join('\n');
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
