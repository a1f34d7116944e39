// A real OpenID Connect provider on a free port of this machine. Prints its address once it can be used.
// Its log-in form takes any password; who may log in, and with which claims, stands here.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const people = {
  'sub-editor': { email: 'redaktionen@example.org', email_verified: true },
  'sub-unverified': { email: 'redaktionen@example.org', email_verified: false },
  'sub-admin': { email: 'chefen@example.org', email_verified: true, groups: ['alla', 'iv-admin'] },
  'sub-nameless': { groups: ['iv-syv'] },
  'sub-stranger': { email: 'okand@example.org', email_verified: true, groups: ['alla'] },
};

const configuration = {
  clients: [
    {
      client_id: 'vagledaren',
      client_secret: 'en-hemlighet-som-bara-testet-har',
      redirect_uris: ['https://vagledaren.example.org/personal/oidc/svar'],
    },
  ],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['groups'] },
  cookies: { keys: ['only for the tests'] },
  pkce: { required: () => true },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...people[sub] }) }),
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.on('request', new Provider(issuer, configuration).callback());
  console.log(issuer);
});
