// An SMSC made of node-smpp, run as `node foreign_smsc.js SYSTEM_ID PASSWORD` where the package is installed.
// It speaks as foreign_smsc.py does: `{"port": N}` and a line for all that happens; a line on its input is a text.
const smpp = require('smpp');
const readline = require('readline');

const [systemId, password] = process.argv.slice(2);
const sessions = new Set();
let count = 0;
const tell = (what) => process.stdout.write(JSON.stringify(what) + '\n');

// The library takes the header off and decodes the text; the test wants the octets as they came.
const hex = (pdu) => {
  const { message, udh } = Object.assign({ message: pdu.short_message }, pdu.short_message);
  const elements = udh ? Buffer.concat(Array.isArray(udh) ? udh : [udh]) : Buffer.alloc(0);
  const header = elements.length ? Buffer.concat([Buffer.from([elements.length]), elements]) : elements;
  const encode = (text) => (pdu.data_coding === 8 ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, 'latin1'));
  return Buffer.concat([header, Buffer.isBuffer(message) ? message : encode(message)]).toString('hex');
};

const deliver = (session, fields) =>
  session.deliver_sm(fields, (answer) => tell({ delivered: answer.command_status }));

const server = smpp.createServer({}, (session) => {
  const bind = (pdu) => {
    if (pdu.system_id !== systemId || pdu.password !== password) {
      session.send(pdu.response({ command_status: smpp.ESME_RINVPASWD }));
      return;
    }
    if (pdu.command !== 'bind_transmitter') sessions.add(session);
    session.send(pdu.response({ system_id: 'node' }));
  };
  session.on('bind_transceiver', bind);
  session.on('bind_receiver', bind);
  session.on('bind_transmitter', bind);
  session.on('enquire_link', (pdu) => session.send(pdu.response()));
  session.on('unbind', (pdu) => {
    session.send(pdu.response());
    session.close();
  });
  session.on('close', () => sessions.delete(session));
  session.on('error', () => sessions.delete(session));
  session.on('submit_sm', (pdu) => {
    count += 1;
    const id = '00CD' + count;
    tell({
      submit: hex(pdu),
      recipient: pdu.destination_addr,
      data_coding: pdu.data_coding === 8 ? 'UCS2' : 'DEFAULT',
      esm_class: pdu.esm_class & 0x40 ? 'UDHI' : '',
    });
    session.send(pdu.response({ message_id: id }));
    const [receiver] = sessions;
    deliver(receiver || session, {
      source_addr: pdu.destination_addr,
      destination_addr: pdu.source_addr,
      esm_class: 4,
      short_message: `id:${id} sub:001 dlvrd:001 stat:DELIVRD err:000`,
      receipted_message_id: id,
      message_state: 2,
    });
  });
});

server.listen(0, '127.0.0.1', () => tell({ port: server.address().port }));
readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const order = JSON.parse(line);
  const [session] = sessions;
  if (!session) tell({ error: 'nobody is bound' });
  else
    deliver(session, {
      source_addr: order.sender,
      destination_addr: order.recipient,
      short_message: Buffer.from(order.octets, 'hex'),
    });
}).on('close', () => process.exit(0));
