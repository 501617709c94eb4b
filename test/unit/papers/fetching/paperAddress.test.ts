import { expect, test } from 'vitest';
import { addressName, paperAddress } from '../../../../src/papers/fetching/paperAddress.ts';
import { isPrivateHost } from '../../../../src/papers/fetching/privateHost.ts';

test.each([
  ['2408.14033', 'arXiv:2408.14033'],
  [' arXiv:2408.14033v2 ', 'arXiv:2408.14033v2'],
  ['ARXIV: hep-th/9901001', 'arXiv:hep-th/9901001'],
  ['https://arxiv.org/abs/2408.14033', 'arXiv:2408.14033'],
  ['http://www.arxiv.org/pdf/2408.14033v1.pdf#page=3', 'arXiv:2408.14033v1'],
  ['https://export.arxiv.org/pdf/math.GT/0309136', 'arXiv:math.GT/0309136'],
  ['https://arxiv.org/html/2408.14033v2', 'arXiv:2408.14033v2 (html)'],
  ['https://arxiv.org/e-print/2408.14033', 'arXiv:2408.14033 (source)'],
  ['https://arxiv.org/src/2408.14033', 'arXiv:2408.14033 (source)'],
  ['https://huggingface.co/papers/2408.14033', 'arXiv:2408.14033'],
  ['https://www.alphaxiv.org/abs/2408.14033v1', 'arXiv:2408.14033v1'],
  ['10.48550/arXiv.2408.14033', 'arXiv:2408.14033'],
  ['https://doi.org/10.48550/arXiv.2408.14033', 'arXiv:2408.14033'],
  ['doi:10.1145/3292500.3330701', 'doi:10.1145/3292500.3330701'],
  ['https://dx.doi.org/10.1000/Socks.7', 'doi:10.1000/socks.7'],
  ['https://ar5iv.labs.arxiv.org/html/2408.14033', 'https://ar5iv.labs.arxiv.org/html/2408.14033'],
  ['https://example.org/a b.pdf', null],
  ['https://example.org/paper.pdf#page=2', 'https://example.org/paper.pdf'],
  ['https://github.com/o/r/blob/main/docs/paper.pdf', 'https://github.com/o/r/raw/main/docs/paper.pdf'],
  ['paper.pdf', null],
  ['./2408.14033.pdf', null],
  ['C:\\papers\\a.pdf', null],
  ['file:///etc/passwd', null],
  ['10.1', null],
  ['', null],
])('%j names %j', (written, name) => {
  const address = paperAddress(written);
  expect(address && addressName(address)).toBe(name);
});

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['[::ffff:10.0.0.1]', true],
  ['169.254.169.254', true],
  ['printer.local', true],
  ['arxiv.org', false],
  ['8.8.8.8', false],
  ['[2001:db8::1]', false],
])('%s is in this network: %s', (host, isPrivate) => {
  expect(isPrivateHost(host)).toBe(isPrivate);
});
