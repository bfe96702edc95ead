// test/fake/verify.js DIR
//	Verifies deliveries with the packages in DIR/node_modules, as a vendor's program would.
//
// stdin: {requests: [{headers, body, secret | public_key}], schemas: {type: schema}}
// stdout: a line "ok SENTENCE" or "not ok SENTENCE: reason" per check.
const { createPublicKey, verify } = require('node:crypto');
const { readFileSync } = require('node:fs');
const dir = process.argv[2];
const load = (name) => require(require.resolve(name, { paths: [dir] }));

const input = JSON.parse(readFileSync(0, 'utf8'));
const Ajv = load('ajv/dist/2020').default;
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
load('ajv-formats').default(ajv);

function check(sentence, action) {
  try {
    action();
    console.log(`ok ${sentence}`);
  } catch (error) {
    console.log(`not ok ${sentence}: ${error.message}`);
  }
}

function refuses(action) {
  try {
    action();
  } catch (error) {
    return;
  }
  throw new Error('it was taken');
}

// node's own Ed25519, from the 32 bytes of a public key.
function verifyEd25519({ headers, body, public_key: publicKey }) {
  const prefix = Buffer.from('302a300506032b6570032100', 'hex');
  const key = createPublicKey({ key: Buffer.concat([prefix, Buffer.from(publicKey.slice(5), 'base64')]), format: 'der', type: 'spki' });
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  const fits = headers['webhook-signature'].split(' ').some((signature) =>
    signature.startsWith('v1a,') && verify(null, content, key, Buffer.from(signature.slice(4), 'base64')));
  if (!fits) throw new Error('no signature fits');
}

for (const name of ['standardwebhooks', 'svix']) {
  const { Webhook } = load(name);
  const hmac = input.requests.filter((request) => request.secret);
  check(`${name} verifies ${hmac.length} deliveries`, () => {
    if (hmac.length === 0) throw new Error('there is none');
    for (const { headers, body, secret } of hmac) new Webhook(secret).verify(body, headers);
  });
  const [{ headers, body, secret }] = hmac;
  check(`${name} refuses another body`, () => refuses(() => new Webhook(secret).verify(body + ' ', headers)));
  check(`${name} refuses another id`, () => refuses(() => new Webhook(secret).verify(body, { ...headers, 'webhook-id': 'msg_0' })));
  check(`${name} refuses another secret`, () => refuses(() => new Webhook('whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA').verify(body, headers)));
  check(`${name} refuses another time`, () => refuses(() => new Webhook(secret).verify(body, { ...headers, 'webhook-timestamp': String(headers['webhook-timestamp'] - 1) })));
}

const [signed] = input.requests.filter((request) => request.public_key);
check('node verifies Ed25519', () => verifyEd25519(signed));
check('node refuses another body', () => refuses(() => verifyEd25519({ ...signed, body: signed.body + ' ' })));

check('Ajv reads every schema', () => {
  for (const schema of Object.values(input.schemas)) ajv.compile(schema);
});
for (const { body } of input.requests) {
  const message = JSON.parse(body);
  check(`a ${message.type} is as its schema says`, () => {
    const validate = ajv.getSchema(`/api/webhooks/schemas/${message.type}`);
    if (!validate(message)) throw new Error(ajv.errorsText(validate.errors));
  });
}
