// What two independent encoders make of a ticket, as hex: receiptline (Apache-2.0), receipt-printer-encoder (MIT).
const {createRequire} = require("module");
const [root, url] = process.argv.slice(2);
const find = createRequire(root + "/");
const receiptline = find("receiptline");
const Encoder = find("@point-of-sale/receipt-printer-encoder");

const ticket = `^^^A007

政务服务中心 | 企业开办
-
您前面还有 3 人

{code:${url};option:qrcode,6,M}

{code:A007;option:code128,2,72,hri}
`;
const lines = receiptline.transform(ticket, {cpl: 48, encoding: "gb18030", command: "escpos"});

const encoder = new (Encoder.default || Encoder)({language: "esc-pos", columns: 48})
  .initialize().align("center")
  .size(2, 2).line("A007").size(1, 1)
  .bold(true).line("Window 3").bold(false)
  .rule().align("left").line("Straße 5, Café")
  .qrcode(url, {model: 2, size: 6, errorlevel: "m"})
  .barcode("A007", "code128", {height: 60, text: true})
  .cut("partial");

process.stdout.write(JSON.stringify({
  receiptline: Buffer.from(lines, "binary").toString("hex"),
  encoder: Buffer.from(encoder.encode()).toString("hex"),
}));
