// Reads ESC/POS bytes from standard input, prints what npos (MIT, npm) makes of them: [[command, hex or text], …].
const {createRequire} = require("module");
const find = createRequire(process.argv[2] + "/");
const npos = find("npos");
const iconv = createRequire(find.resolve("npos"))("iconv-lite");
// npos' README: rules may be extended. It knows GS ( A … GS ( N with a 16-bit length, and lacks GS ( k of the same form.
npos.rules[npos.symbols.GS]["(k"] = [0, "d16"];
const raw = require("fs").readFileSync(0);
const ast = npos.parser(npos.rules).analyze(raw);
if (ast.error) throw ast.error;
const told = ast.tree.map(node => {
  const bytes = raw.slice(node.offset, node.offset + node.length);
  return node.ascii === "STX" ? ["text", iconv.decode(bytes, "gb18030")] : [node.ascii + (node.fn || ""), bytes.toString("hex")];
});
process.stdout.write(JSON.stringify(told));
