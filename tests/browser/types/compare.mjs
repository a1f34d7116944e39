// Says where the two scripts of standard input (JSON: [[name, source, sent], …]) differ in meaning, and what in the
// source is newer than ES2019 (import() excepted: browsers had it before).
import { readFileSync } from 'node:fs';
import ts from 'typescript';

const parse = (text) => ts.createSourceFile('a.js', text, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);

function leaves(node, found = []) {
  const children = node.getChildren().filter((child) => child.kind !== ts.SyntaxKind.JSDoc);
  if (!children.length && node.kind !== ts.SyntaxKind.SyntaxList) found.push(`${node.kind} ${node.getText()}`);
  children.forEach((child) => leaves(child, found));
  return found;
}

function newer(text) {
  const print = (target) => {
    const options = { target, module: ts.ModuleKind.ESNext, allowJs: true, removeComments: true };
    return ts.transpileModule(text, { compilerOptions: options, fileName: 'a.js' }).outputText;
  };
  const [old, now] = [print(ts.ScriptTarget.ES2019), print(ts.ScriptTarget.ESNext)].map((each) => each.split('\n'));
  return now.find((line, index) => line !== old[index]) || '';
}

const problems = [];
for (const [name, source, sent] of JSON.parse(readFileSync(0, 'utf8'))) {
  const [one, other] = [source, sent].map((text) => leaves(parse(text)));
  const at = one.findIndex((leaf, index) => leaf !== other[index]);
  if (at >= 0 || one.length !== other.length) problems.push(`${name}: ${one[at]} became ${other[at]}`);
  if (newer(source)) problems.push(`${name}: newer than ES2019: ${newer(source)}`);
}
console.log(problems.join('\n'));
