import * as assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Asked } from '../../src/sessions/questions.js';
import { noticeOf } from '../../src/views/notice_text.js';

function approval(subject: string, tool = 'Execute'): Asked {
  return {
    kind: 'approval',
    id: 'a',
    sessionId: 's',
    answer: () => true,
    params: {
      sessionId: 's', turnId: 't', approvalId: 'a', callId: 'c', tool, subject, cwd: '/shop', risk: 'high', reason: 'why',
      options: ['once', 'session', 'reject', 'instruct'], sessionGrant: null, sessionProgram: null, always: null, diff: null,
    },
  };
}

const labels = (asked: Asked) => noticeOf(asked, 'Cart').links.map((one) => one.label);

test('a command that fits is shown exactly, and can be answered', () => {
  const notice = noticeOf(approval('git push --force'), 'Cart');
  assert.equal(notice.title, 'Droid wants to run: git push --force — high risk, in /shop (Cart)');
  assert.deepEqual(labels(approval('git push --force')), ['Show in the chat', 'Approve once', 'Reject']);
});

for (const [name, subject] of [
  ['is long', `echo ${'x'.repeat(200)}`],
  ['has several lines', 'ls\nrm -rf /'],
  ['would become a link', '[Approve](command:droid.approval.reject)'],
  ['hides characters', 'ls \u202erm'],
  ['hides a character that counts as a letter', 'ls \u3164 rm'],
  ['hides a selector', 'l\ufe0fs'],
  ['has gaps that would be closed', 'ls          ; rm -rf /'],
] as const) {
  test(`a command that ${name} is not shown in part, and is answered where it is shown`, () => {
    const { title } = noticeOf(approval(subject), 'Cart');
    assert.equal(title, 'Droid wants your approval (Cart): a command with high risk');
    assert.deepEqual(labels(approval(subject)), ['Show in the chat']);
  });
}

test('a question’s text makes no links of its own', () => {
  const asked: Asked = {
    kind: 'question', id: 'q', sessionId: 's', answer: () => true,
    params: { sessionId: 's', turnId: 't', questionId: 'q', text: 'Which [one](command:x)?', options: [] },
  };
  assert.equal(noticeOf(asked, '').title, 'Droid asks: Which one(command:x)?');
});
